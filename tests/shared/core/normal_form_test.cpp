#include "shared/core/normal_form.hpp"

#include <string>

#include <doctest/doctest.h>

#include "shared/core/text.hpp"

namespace dits {

TEST_CASE("text in normal form stays, and other ways to write it become it") {
  struct Case {
    const char* typed;
    const char* normal;
  };
  constexpr Case cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"Größe", "Größe"},
      {"日本語 😀", "日本語 😀"},
      {"Cafe\u0301", "Caf\u00E9"},
      {"\u212B", "\u00C5"},               // the unit is the letter
      {"\u2126 \u212A", "\u03A9 K"},      // as are ohm and kelvin
      {"a\u0323\u0307", "\u1EA1\u0307"},  // marks below and above, in either order
      {"a\u0307\u0323", "\u1EA1\u0307"},
      {"\u00E9\u0323", "\u1EB9\u0301"},  // a letter is taken apart for a mark that comes first
      {"\u1E69", "\u1E69"},              // two marks, one letter
      {"s\u0323\u0307", "\u1E69"},
      {"\u1E9B\u0323", "\u1E9B\u0323"},
      {"\u0344", "\u0308\u0301"},        // never composed again
      {"\u0958", "\u0915\u093C"},        // nor is this one
      {"\u09C7\u09BE", "\u09CB"},        // a vowel of two parts
      {"\u1100\u1161\u11A8", "\uAC01"},  // Hangul
      {"\u1100\u1161", "\uAC00"},
      {"\uAC00\u11A8", "\uAC01"},
      {"\uAC01\u11A8", "\uAC01\u11A8"},
      {"\uF900", "\u8C48"},  // a compatibility ideograph
      {"\U0002F800", "\u4E3D"},
      {"\u0301", "\u0301"},  // a mark on nothing
      {"\u0300\u0301 x", "\u0300\u0301 x"},
      {"e\u0301\u0301", "\u00E9\u0301"},   // of two equal marks one joins
      {"e\u200D\u0301", "e\u200D\u0301"},  // what stands between keeps them apart
      {"\uFB01 \u00BD", "\uFB01 \u00BD"},  // looks alike, but is not the same
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.typed));
    CHECK(normal_form(each.typed) == each.normal);
    CHECK(is_normal_form(each.normal));
  }
}

TEST_CASE("what is no UTF-8 stays as it is") {
  for (const char* broken : {"e\u0301\xFF", "\xC3", "\xED\xA0\x80\u0301"})
    CHECK(normal_form(broken) == broken);
}

TEST_CASE("a long run of marks is put in order, and every character beside every mark comes to rest") {
  std::string marks = "a";
  for (int count = 0; count < 20'000; ++count) marks += count % 2 == 0 ? "\u0301" : "\u0323";
  const std::string normal = normal_form(marks);
  CHECK(normal.substr(0, 3) == "\u1EA1");
  CHECK(is_normal_form(normal));
  for (char32_t c = 1; c <= 0x1FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_code_point(text, c);
    for (const char* mark : {"\u0301", "\u0323", "\u093C"}) {
      const std::string once = normal_form(text + mark);
      REQUIRE(normal_form(once) == once);
    }
  }
}

}  // namespace dits
