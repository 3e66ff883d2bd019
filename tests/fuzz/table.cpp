// Whatever bytes a table has: decoded in one piece or byte by byte they are the same text; whatever its cells
// are, a day read from one is a day, and a table of Todoist's gives rows of its columns.
#include <string>
#include <string_view>
#include <vector>

#include "server/base/text_decoder.hpp"
#include "server/service/table_dates.hpp"
#include "server/service/todoist_table.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits;

// The text in pieces of `piece` bytes; none when it is not of that encoding.
std::optional<std::string> decoded(std::string_view bytes, const char* encoding, std::size_t piece) {
  TextDecoder decoder(encoding);
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    if (!decoder.add(bytes.substr(0, piece), text)) return std::nullopt;
  }
  if (!decoder.finish(text)) return std::nullopt;
  return text;
}

void read_todoist(std::string_view text) {
  const std::vector<std::string> names = {"type", "content", "description", "priority", "indent", "date"};
  std::size_t rows = 0;
  ImportNotes notes;
  TodoistTable table(
      names, DateOrder::unknown, [&](std::int64_t, std::vector<std::string>& cells) -> Result<void> {
        fuzz::require(cells.size() == TodoistTable::columns().size());
        ++rows;
        return {};
      });
  std::vector<std::string> cells;
  std::int64_t line = 1;
  const auto take = [&] {
    cells.resize(names.size());
    if (!table.take(++line, cells, notes)) return;
    cells.clear();
  };
  cells.emplace_back();
  for (const char c : text) {
    if (c == '\n') {
      take();
      cells = {""};
    } else if (c == '\t' && cells.size() < names.size()) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  take();
  (void)table.finish().has_value();
  fuzz::require(rows <= static_cast<std::size_t>(line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 100'000);
  for (const char* encoding : {"", "UTF-16", "windows-1252", "SHIFT_JIS"})
    fuzz::require(decoded(text, encoding, size + 1) == decoded(text, encoding, 1));
  for (const DateOrder order : {DateOrder::unknown, DateOrder::day_first, DateOrder::month_first}) {
    if (const Result<Date> day = day_from_cell(text, order))
      fuzz::require(day_from_cell(to_string(*day), order).value() == *day);
    (void)moment_from_cell(text, order).has_value();
  }
  read_todoist(text);
  return 0;
}
