// Which addresses are links.
#include "shared/markdown/links.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits::markdown {

TEST_CASE("only web and mail addresses and places of this site are links") {
  for (const char* good : {"https://a.b", "HTTP://a", "mailto:a@b", "/x", "/issues?q=a:b#c"})
    CHECK(is_safe_link(good));
  for (const char* bad : {"",
                          "docs/a.md",
                          "a.md",
                          "../a",
                          "#part",
                          "?q=a:b",
                          "a/b:c",
                          "javascript:x",
                          "JavaScript:x",
                          " javascript:x",
                          "java\tscript:x",
                          "data:x",
                          "file:///etc",
                          "//evil.org",
                          "\\\\a",
                          "/\\evil.org",
                          "vbscript:x",
                          "x:y",
                          "ht tp://a",
                          "https://a\nb"}) {
    CAPTURE(std::string(bad));
    CHECK(!is_safe_link(bad));
  }
}

}  // namespace dits::markdown
