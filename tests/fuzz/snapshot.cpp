// Whatever the bytes, reading them as a page of a snapshot, or as a portion, ends without harm, and what is
// read is itself after writing and reading.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/snapshot/page.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const dits::fuzz::Budget budget(size, 50'000);
  if (const Result<snapshot::Page> page = snapshot::page_from_bytes(bytes)) {
    const std::string written = snapshot::page_to_bytes(*page);
    const Result<snapshot::Page> again = snapshot::page_from_bytes(written);
    if (!again || snapshot::page_to_bytes(*again) != written) std::abort();
  }
  if (const Result<snapshot::Portion> portion = snapshot::portion_from_bytes(bytes)) {
    const std::string written = snapshot::portion_to_bytes(*portion);
    const Result<snapshot::Portion> again = snapshot::portion_from_bytes(written);
    if (!again || snapshot::portion_to_bytes(*again) != written) std::abort();
  }
  return 0;
}
