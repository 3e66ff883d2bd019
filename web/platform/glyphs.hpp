// Glyphs that our fonts lack, drawn with the fonts of the machine: CJK, symbols, colour emoji. Merge it after
// Inter:
//   ImFontConfig config; config.MergeMode = true; config.FontLoader = system_font_loader();
//   io.Fonts->AddFont(&config);
#pragma once

#include "imgui.h"

namespace dits {

// ImFontConfig::FontLoaderFlags of the loader: the weight (100 to 900), and whether its characters are of one
// width.
inline constexpr unsigned mono_fallback = 1024;

// Null where there are none (tests): then leave the merge out.
const ImFontLoader* system_font_loader();

}  // namespace dits
