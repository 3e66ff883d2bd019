// A font loader for Dear ImGui that draws glyphs with the browser's fonts.
#include <cmath>
#include <cstdlib>

#include "imgui_internal.h"
#include "web/platform/emscripten_bridge.hpp"
#include "web/platform/glyphs.hpp"

namespace dits {

namespace {

constexpr float em_of_size = 1;  // our fonts are scaled by the em square, see web/theme/fonts.cpp
constexpr float ascent_of_line_height = 0.95F;

// See glyphs.hpp.
unsigned weight_of(const ImFontConfig& source) { return source.FontLoaderFlags & (mono_fallback - 1); }
bool is_mono(const ImFontConfig& source) { return (source.FontLoaderFlags & mono_fallback) != 0; }

bool has_glyph(ImFontAtlas*, ImFontConfig*, ImWchar codepoint) {
  const bool is_control = codepoint < 0x20;
  const bool is_private = codepoint >= 0xE000 && codepoint <= 0xF8FF;  // our icons live there
  return !is_control && !is_private && codepoint != IM_UNICODE_CODEPOINT_INVALID;
}

bool prepare_size(ImFontAtlas*, ImFontConfig* source, ImFontBaked* baked, void*) {
  if (source->MergeMode) return true;
  baked->Ascent = std::ceil(baked->Size * ascent_of_line_height);
  baked->Descent = -std::ceil(baked->Size * (1.2F - ascent_of_line_height));
  return true;
}

bool load_glyph(ImFontAtlas* atlas,
                ImFontConfig* source,
                ImFontBaked* baked,
                void*,
                ImWchar codepoint,
                ImFontGlyph* glyph,
                float* advance_only) {
  if (!has_glyph(atlas, source, codepoint)) return false;
  const float density = baked->RasterizerDensity;
  const float pixels = baked->Size * em_of_size;
  const unsigned weight = weight_of(*source);
  const float advance = web_glyph_advance(codepoint, pixels, weight, is_mono(*source));
  if (advance_only != nullptr) {
    *advance_only = advance;
    return true;
  }
  glyph->Codepoint = codepoint;
  glyph->AdvanceX = advance;
  int box[5] = {};  // width, height, left, top, coloured
  unsigned char* rgba = nullptr;
  if (!web_glyph(codepoint, pixels * density, weight, is_mono(*source), box, &rgba)) return true;  // a space
  const ImFontAtlasRectId packed = ImFontAtlasPackAddRect(atlas, box[0], box[1]);
  if (packed == ImFontAtlasRectId_Invalid) {
    std::free(rgba);
    return false;
  }
  ImTextureRect* rectangle = ImFontAtlasPackGetRect(atlas, packed);
  glyph->X0 = static_cast<float>(box[2]) / density;
  glyph->Y0 = static_cast<float>(box[3]) / density + std::round(baked->Ascent);
  glyph->X1 = glyph->X0 + static_cast<float>(box[0]) / density;
  glyph->Y1 = glyph->Y0 + static_cast<float>(box[1]) / density;
  glyph->Visible = true;
  glyph->Colored = box[4] != 0;
  glyph->PackId = packed;
  ImFontAtlasBakedSetFontGlyphBitmap(
      atlas, baked, source, glyph, rectangle, rgba, ImTextureFormat_RGBA32, box[0] * 4);
  std::free(rgba);
  return true;
}

}  // namespace

const ImFontLoader* system_font_loader() {
  static const ImFontLoader loader = [] {
    ImFontLoader made;
    made.Name = "browser";
    made.FontSrcInit = [](ImFontAtlas*, ImFontConfig*) { return true; };
    made.FontSrcContainsGlyph = has_glyph;
    made.FontBakedInit = prepare_size;
    made.FontBakedLoadGlyph = load_glyph;
    return made;
  }();
  return &loader;
}

}  // namespace dits
