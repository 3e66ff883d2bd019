// Whatever is typed into the filter of Studio, reading it ends, and what is read is written so that it is the
// same filter again.
#include <string>
#include <string_view>

#include "shared/model/studio.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits;

bool is_same(const StudioFilter& a, const StudioFilter& b) {
  if (a.words != b.words || a.conditions.size() != b.conditions.size()) return false;
  for (std::size_t at = 0; at < a.conditions.size(); ++at) {
    const StudioCondition& x = a.conditions[at];
    const StudioCondition& y = b.conditions[at];
    if (x.column != y.column || x.op != y.op || x.value != y.value) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 20'000);
  const Result<StudioFilter> filter = parse_studio_filter(text);
  if (!filter) return 0;
  const Result<StudioFilter> again = parse_studio_filter(filter_text(*filter));
  fuzz::require(again && is_same(*filter, *again));
  return 0;
}
