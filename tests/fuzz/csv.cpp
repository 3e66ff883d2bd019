// Whatever the bytes and wherever they are cut, reading them as a table ends without harm and in the same
// rows; and rows that were written are read back as they were.
#include "shared/core/csv.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/support/steps.hpp"

namespace {

using Rows = std::vector<std::vector<std::string>>;

bool read_rows(std::string_view text, std::size_t cut, Rows& rows) {
  dits::CsvReader reader([&](std::int64_t, std::vector<std::string>& cells) -> dits::Result<void> {
    rows.push_back(cells);
    return {};
  });
  return reader.add(text.substr(0, cut)) && reader.add(text.substr(cut)) && reader.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 5'000);
  Rows whole;
  Rows halves;
  const bool is_good = read_rows(text, 0, whole);
  if (is_good != read_rows(text, size / 2, halves) || whole != halves) std::abort();
  if (!is_good) return 0;
  std::string written;
  for (const auto& row : whole) dits::append_csv_row(written, row);
  Rows again;
  if (!read_rows(written, 0, again) || again.size() != whole.size()) std::abort();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (again[at].size() != whole[at].size()) std::abort();
    for (std::size_t cell = 0; cell < whole[at].size(); ++cell) {
      if (dits::csv_cell_text(again[at][cell]) != whole[at][cell]) std::abort();
    }
  }
  return 0;
}
