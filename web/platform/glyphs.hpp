// Glyphs that our fonts lack, drawn with the fonts of the machine: CJK, symbols, colour emoji. Merge it after
// Inter:
//   ImFontConfig config; config.MergeMode = true; config.FontLoader = system_font_loader();
//   io.Fonts->AddFont(&config);
#pragma once

#include <string_view>

#include "imgui.h"

namespace dits {

// ImFontConfig::FontLoaderFlags of the loader: the weight (100 to 900), and whether its characters are of one
// width.
inline constexpr unsigned mono_fallback = 1024;

// Null where there are none (tests): then leave the merge out.
const ImFontLoader* system_font_loader();

// Characters of the private use area that stand for runs of text which the browser draws as one picture.
inline constexpr unsigned first_run_glyph = 0xF000;
inline constexpr unsigned last_run_glyph = 0xF7FF;

// The character for this run in every font that has the loader; 0 where there is no browser to draw it. When
// all are given away the oldest runs are forgotten, and characters given before mean nothing any more.
unsigned glyph_of_run(std::string_view text);
// Another number since they were.
unsigned run_glyph_generation();

}  // namespace dits
