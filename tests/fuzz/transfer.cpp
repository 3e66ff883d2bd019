// Whatever the line, reading it as one of an export ends without harm, and what is read is itself after
// writing and reading.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/json/transfer_json.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 50'000);
  std::vector<std::string> missing;
  const Result<TransferRecord> record = transfer_record_from_line(text, missing);
  if (!record) return 0;
  const std::string line = transfer_line(*record);
  missing.clear();
  const Result<TransferRecord> again = transfer_record_from_line(line, missing);
  if (!again || !missing.empty() || transfer_line(*again) != line) std::abort();
  return 0;
}
