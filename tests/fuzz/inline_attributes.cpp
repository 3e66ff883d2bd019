// Whatever is typed as a title, its attributes stand in it in order, and what is left without them holds none
// that could be taken; whatever day is typed, it is one that is read again as it is printed.
#include "shared/query/inline_attributes.hpp"

#include <string>
#include <string_view>

#include "shared/core/day_text.hpp"
#include "shared/core/text.hpp"
#include "tests/fuzz/support/steps.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_storable_text(text)) return 0;
  const fuzz::Budget budget(size, 100'000);
  const Date today{20'000};
  if (const std::optional<Date> day = parse_day(text, today))
    fuzz::require(parse_day(to_string(*day), today) == day);
  const query::Names names = {
      {}, {{{}, "Old site", false}}, {{{}, "a\"b"}}, {{{}, "bug"}, {{}, "kitchen, bath"}}};
  const std::vector<query::InlineAttribute> attributes = query::read_inline_attributes(text, names, today);
  std::size_t end = 0;
  for (const query::InlineAttribute& attribute : attributes) {
    fuzz::require(attribute.begin >= end && attribute.begin < attribute.end && attribute.end <= size);
    end = attribute.end;
  }
  Issue draft;
  draft.title = query::title_without(text, attributes);
  query::apply_inline(attributes, draft);
  fuzz::require(draft.title.size() <= size && is_storable_text(draft.title));
  return 0;
}
