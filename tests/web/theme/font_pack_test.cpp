#include "web/theme/font_pack.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "imgui.h"
#include "web/platform/headless.hpp"
#include "web/theme/fonts.hpp"
#include "web/theme/fonts_data.hpp"

namespace dits::theme {
namespace {

std::string packed(std::initializer_list<std::string_view> fonts) {
  std::string pack;
  for (const std::string_view font : fonts) {
    pack += {static_cast<char>(font.size()), 0, 0, 0};
    pack += font;
    pack.append((4 - font.size() % 4) % 4, '\0');
  }
  return pack;
}

TEST_CASE("a pack holds the six fonts in their order, whatever their lengths") {
  const std::string pack = packed({"a", "bb", "ccc", "dddd", "eeeee", "f"});
  const auto fonts = fonts_in(pack);
  REQUIRE(fonts);
  CHECK((*fonts)[0] == "a");
  CHECK((*fonts)[3] == "dddd");
  CHECK((*fonts)[5] == "f");
}

TEST_CASE("what is no pack of six fonts is none") {
  const std::string whole = packed({"a", "bb", "ccc", "dddd", "eeeee", "f"});
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(fonts_in(whole.substr(0, size)));
  CHECK_FALSE(fonts_in(whole + '\0'));
  CHECK_FALSE(fonts_in(packed({"a", "b", "c", "", "e", "f"})));
  CHECK_FALSE(fonts_in(std::string("\xFF\xFF\xFF\xFF", 4) + whole));
}

float width_of(Face face, const char* text) { return font(face)->CalcTextSizeA(13, 10000, 0, text).x; }

TEST_CASE("texts have room before the fonts are here, and take their widths from them once they are") {
  HeadlessPlatform platform{400, 300};
  load_fonts(nullptr);
  float width = 0;
  platform.start({.frame = [&] { width = width_of(Face::ui, "minimum"); }});
  platform.draw();
  CHECK(width == doctest::Approx(7 * 13));
  const int before = fonts_version();
  CHECK_FALSE(take_fonts("no fonts"));
  CHECK(fonts_version() == before);
  CHECK(take_fonts(std::string(fonts::pack())));
  CHECK(fonts_version() != before);
  platform.request_frames();
  platform.draw();
  CHECK(width > 40);
  CHECK(width < 70);
  CHECK(ImGui::GetIO().Fonts->Fonts.Size == 6);
}

}  // namespace
}  // namespace dits::theme
