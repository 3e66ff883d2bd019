// Where #128 is a mention of an issue, whatever the letters around it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "shared/markdown/links.hpp"

namespace dits::markdown {

TEST_CASE(
    "dashes, dots and writing without blanks end a mention, and the letters of a word are none's bounds") {
  const auto mentions_in = [](const std::string& text) {
    Span span;
    span.text = text;
    std::vector<Span> spans;
    append_with_mentions(spans, span);
    std::string numbers;
    for (const Span& each : spans) {
      if (each.kind == SpanKind::mention) numbers += each.text;
    }
    return numbers;
  };
  for (const char* const text :
       {"#12…", "#12–", "–#12", "«#12»", "日本#12", "#12日本", "#12를", "#12\u00A0b", "×#12"}) {
    CAPTURE(std::string(text));
    CHECK(mentions_in(text) == "#12");
  }
  for (const char* const text :
       {"é#12", "#12é", "ж#12", "#12ж", "a#12", "#12a", "_#12", "#12_", "/#12", "e\u0301#12"}) {
    CAPTURE(std::string(text));
    CHECK(mentions_in(text).empty());
  }
}

}  // namespace dits::markdown
