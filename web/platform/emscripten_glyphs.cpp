// A font loader for Dear ImGui that draws glyphs with the browser's fonts.
#include <cmath>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

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

struct Runs {
  std::vector<std::string> texts;  // by the place of their character
  std::unordered_map<std::string, unsigned> glyphs;
  unsigned generation = 0;
};

Runs& runs() {
  static Runs all;
  return all;
}

bool is_run(ImWchar codepoint) { return codepoint >= first_run_glyph && codepoint <= last_run_glyph; }

// Empty for a run that was forgotten.
std::string text_of(ImWchar codepoint) {
  if (!is_run(codepoint)) {
    char bytes[5] = {};
    ImTextCharToUtf8(bytes, codepoint);
    return bytes;
  }
  const std::size_t place = codepoint - first_run_glyph;
  return place < runs().texts.size() ? runs().texts[place] : std::string();
}

void forget_runs() {
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  for (int at = 0; at < atlas->Builder->BakedPool.Size; ++at) {
    ImFontBaked& baked = atlas->Builder->BakedPool[at];
    if (baked.WantDestroy) continue;
    for (ImFontGlyph& glyph : baked.Glyphs) {
      if (is_run(glyph.Codepoint))
        ImFontAtlasBakedDiscardFontGlyph(atlas, baked.ContainerFont, &baked, &glyph);
    }
    // Not known, where discarding leaves the width of the fallback.
    for (int code = static_cast<int>(first_run_glyph); code < baked.IndexAdvanceX.Size; ++code) {
      if (code <= static_cast<int>(last_run_glyph)) baked.IndexAdvanceX[code] = -1;
    }
  }
  runs().texts.clear();
  runs().glyphs.clear();
  ++runs().generation;
}

bool has_glyph(ImFontAtlas*, ImFontConfig*, ImWchar codepoint) {
  if (is_run(codepoint)) return codepoint - first_run_glyph < runs().texts.size();
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
  const std::string text = text_of(codepoint);
  const float advance = web_glyph_advance(text.c_str(), pixels, weight, is_mono(*source));
  if (advance_only != nullptr) {
    *advance_only = advance;
    return true;
  }
  glyph->Codepoint = codepoint;
  glyph->AdvanceX = advance;
  int box[5] = {};  // width, height, left, top, coloured
  unsigned char* rgba = nullptr;
  if (!web_glyph(text.c_str(), pixels * density, weight, is_mono(*source), box, &rgba))
    return true;  // a space
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

unsigned glyph_of_run(std::string_view text) {
  std::string key(text);
  const auto found = runs().glyphs.find(key);
  if (found != runs().glyphs.end()) return found->second;
  if (first_run_glyph + runs().texts.size() > last_run_glyph) forget_runs();
  const auto glyph = first_run_glyph + static_cast<unsigned>(runs().texts.size());
  runs().texts.push_back(key);
  runs().glyphs.emplace(std::move(key), glyph);
  return glyph;
}

unsigned run_glyph_generation() { return runs().generation; }

}  // namespace dits
