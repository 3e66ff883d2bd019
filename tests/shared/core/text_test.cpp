#include "shared/core/text.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("text that PostgreSQL cannot store is recognised") {
  for (const char* good : {"", "a", "\xC2\xA0", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(is_storable_text(good));
  for (const char* bad : {"\x80",
                          "\xC0\x80",
                          "\xC1\xBF",
                          "\xC2",
                          "\xE0\x80\x80",
                          "\xED\xA0\x80",
                          "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80",
                          "\xFF",
                          "a\xE2\x82"}) {
    CHECK(!is_storable_text(bad));
  }
  CHECK(!is_storable_text(std::string("a\0b", 3)));
}

TEST_CASE("folding lowers every script one code point at a time") {
  CHECK(fold_case("ÄÖÜ ẞ Σ Ж Ǆ Ա Ꭰ 𐐀") == "äöü ß σ ж ǆ ա ꭰ 𐐨");
  CHECK(fold_case("İI") == "ii");
  CHECK(fold_case("日本語 😀 123") == "日本語 😀 123");
}

TEST_CASE("a code point survives encoding and decoding, and a broken byte is one replacement") {
  for (const char32_t c : {U'a', U'\u00E4', U'\u20AC', U'\U0001F600', U'\U0010FFFF'}) {
    std::string text;
    append_code_point(text, c);
    std::size_t at = 0;
    CHECK(take_code_point(text, at) == c);
    CHECK(at == text.size());
    CHECK(count_code_points(text) == 1);
  }
  std::size_t at = 0;
  CHECK(take_code_point("\xE2\x82", at) == 0xFFFD);
  CHECK(at == 1);
}

TEST_CASE("a star stands for any run of characters") {
  struct Case {
    const char* text;
    const char* pattern;
    bool fits;
  };
  constexpr Case cases[] = {{"", "", true},
                            {"", "*", true},
                            {"abc", "abc", true},
                            {"abc", "a*", true},
                            {"abc", "*c", true},
                            {"abc", "a*c", true},
                            {"abc", "*b*", true},
                            {"abc", "ab", false},
                            {"abc", "*d*", false},
                            {"aXbXc", "a*X*c", true},
                            {"aab", "a*ab", true},
                            {"abc", "a**c", true}};
  for (const Case& each : cases) {
    CAPTURE(std::string(each.pattern));
    CHECK(matches_wildcard(each.text, each.pattern) == each.fits);
  }
}

}  // namespace dits
