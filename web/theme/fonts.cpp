// Puts fonts into ImGui's atlas: the browser's at first, ours as soon as they are here.
#include "web/theme/fonts.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#include "imgui_internal.h"
#include "web/platform/glyphs.hpp"
#include "web/theme/font_pack.hpp"

namespace dits::theme {

namespace {

struct Look {
  const char* name;
  unsigned weight;  // for the browser's font
  bool is_mono;
};

// In the order of Face.
constexpr std::array<Look, face_count> looks = {{{"Inter", 400, false},
                                                 {"Inter Medium", 500, false},
                                                 {"Inter SemiBold", 600, false},
                                                 {"JetBrains Mono", 400, true},
                                                 {"JetBrains Mono Medium", 500, true},
                                                 {"Lucide", 400, false}}};
constexpr std::size_t icons = static_cast<std::size_t>(Face::icons);

struct Fonts {
  std::array<ImFont*, face_count> faces{};
  const ImFontLoader* browser = nullptr;
  std::string pack;  // ImGui reads it for as long as it draws
  int version = 0;
};

Fonts fonts;

// A negative size makes ImGui's loader scale by the em square, as CSS does, and not by ascent plus descent.
constexpr float reference_size = -13;
// ImGui multiplies this limit with size / reference size, which is negative here: its default would cut every
// advance away.
constexpr float no_advance_limit = -1e30F;

ImFontConfig config_named(const char* name, bool merge) {
  ImFontConfig config;
  config.MergeMode = merge;
  config.SizePixels = reference_size;
  config.GlyphMaxAdvanceX = no_advance_limit;
  std::snprintf(config.Name, sizeof config.Name, "%s", name);
  return config;
}

void add_own(std::string_view data, const char* name, bool merge) {
  ImFontConfig config = config_named(name, merge);
  config.FontDataOwnedByAtlas = false;
  config.FontData = const_cast<char*>(data.data());  // ImGui reads it only
  config.FontDataSize = static_cast<int>(data.size());
  ImGui::GetIO().Fonts->AddFont(&config);
}

void add_loader(const ImFontLoader* loader, const Look& look, bool merge) {
  ImFontConfig config = config_named(look.name, merge);
  config.FontLoader = loader;
  config.FontLoaderFlags = look.weight | (look.is_mono ? mono_fallback : 0);
  ImGui::GetIO().Fonts->AddFont(&config);
}

// Room for each character, and no picture: what icons are until they are here.
const ImFontLoader* empty_loader() {
  static const ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "empty";
    made.FontSrcInit = [](ImFontAtlas*, ImFontConfig*) { return true; };
    made.FontSrcContainsGlyph = [](ImFontAtlas*, ImFontConfig*, ImWchar codepoint) {
      return codepoint != IM_UNICODE_CODEPOINT_INVALID;
    };
    made.FontBakedInit = [](ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
      baked->Ascent = std::ceil(baked->Size);
      return true;
    };
    made.FontBakedLoadGlyph = [](ImFontAtlas*,
                                 ImFontConfig*,
                                 ImFontBaked* baked,
                                 void*,
                                 ImWchar codepoint,
                                 ImFontGlyph* glyph,
                                 float* advance_only) {
      if (advance_only != nullptr) {
        *advance_only = baked->Size;
        return true;
      }
      glyph->Codepoint = codepoint & 0x3FFFFFFU;  // as wide as the field
      glyph->AdvanceX = baked->Size;
      return true;
    };
    return made;
  }();
  return &loader;
}

ImFont* newest_font() { return ImGui::GetIO().Fonts->Fonts.back(); }

ImFont* add_stand_in(std::size_t face) {
  const bool has_letters = fonts.browser != nullptr && face != icons;
  add_loader(has_letters ? fonts.browser : empty_loader(), looks[face], false);
  return newest_font();
}

// One face: its own glyphs, then those of Inter (key names such as the return arrow), then the browser's.
ImFont* add_face(std::size_t face, const std::array<std::string_view, face_count>& own) {
  add_own(own[face], looks[face].name, false);
  if (looks[face].is_mono) add_own(own[0], "Inter behind it", true);
  if (fonts.browser != nullptr && face != icons) add_loader(fonts.browser, looks[face], true);
  return newest_font();
}

}  // namespace

void load_fonts(const ImFontLoader* browser) {
  fonts.browser = browser;
  for (std::size_t face = 0; face < face_count; ++face) fonts.faces[face] = add_stand_in(face);
  ImGui::GetIO().FontDefault = fonts.faces[0];
}

bool take_fonts(std::string pack) {
  const std::string kept = std::exchange(fonts.pack, std::move(pack));
  const auto own = fonts_in(fonts.pack);
  if (!own) {
    fonts.pack = kept;
    return false;
  }
  const std::array<ImFont*, face_count> before = fonts.faces;
  for (std::size_t face = 0; face < face_count; ++face) {
    fonts.faces[face] = add_face(face, *own);
    fonts.faces[face]->CurrentRasterizerDensity = before[face]->CurrentRasterizerDensity;
  }
  ImGui::GetIO().FontDefault = fonts.faces[0];
  for (ImFont* each : before) ImGui::GetIO().Fonts->RemoveFont(each);
  ++fonts.version;
  return true;
}

int fonts_version() { return fonts.version; }

void use_pixel_density(float density) {
  for (ImFont* each : fonts.faces) each->CurrentRasterizerDensity = density;
}

ImFont* font(Face face) { return fonts.faces[static_cast<std::size_t>(face)]; }

}  // namespace dits::theme
