// The faces of DITS by role. Sizes are CSS pixels of the em square, as in the design.
#pragma once

#include <string>

#include "imgui.h"

namespace dits::theme {

enum class Face { ui, medium, semibold, mono, mono_medium, icons };

// Adds the faces to the atlas of the current context, drawn by `browser`, the loader of the browser's fonts,
// until take_fonts is called; null (tests): without pictures. Icons are empty till then. Call once for a
// context.
void load_fonts(const ImFontLoader* browser);

// Puts the fonts of DITS, as fonts_in reads them, in their place, between two frames; `browser` draws what
// they lack. Changes nothing and returns false when it holds something else.
bool take_fonts(std::string pack);

// Another number when texts have other widths than before.
int fonts_version();

// Device pixels per CSS pixel, for glyphs that are drawn from now on. ImGui itself tells only the font it has
// in hand.
void use_pixel_density(float density);

ImFont* font(Face face);

struct TextStyle {
  Face face = Face::ui;
  float size = 13;
  float line_height = 18;
  // Italic. The glyphs lean when they are drawn, as a browser does it for a font that has no italic face: one
  // of Inter's takes 30 KB on the wire, of which the bound of the fonts (tests/bench) leaves three, and
  // Inter's italics are its upright letters leaning.
  bool is_slanted = false;
};

inline constexpr TextStyle body{Face::ui, 13, 18};
inline constexpr TextStyle body_medium{Face::medium, 13, 18};
inline constexpr TextStyle body_strong{Face::semibold, 13, 18};
inline constexpr TextStyle prose{Face::ui, 13, 20};
inline constexpr TextStyle small{Face::ui, 12, 16};
inline constexpr TextStyle small_medium{Face::medium, 12, 16};
inline constexpr TextStyle small_strong{Face::semibold, 12, 16};
inline constexpr TextStyle caption{Face::ui, 11, 16};
inline constexpr TextStyle caption_medium{Face::medium, 11, 16};
inline constexpr TextStyle caption_strong{Face::semibold, 11, 16};
inline constexpr TextStyle title{Face::semibold, 15, 22};
inline constexpr TextStyle title_input{Face::ui, 15, 22};
inline constexpr TextStyle page{Face::semibold, 20, 28};
inline constexpr TextStyle mono{Face::mono, 12, 18};
inline constexpr TextStyle mono_medium{Face::mono_medium, 12, 18};
inline constexpr TextStyle mono_small{Face::mono, 11, 16};
inline constexpr TextStyle mono_small_medium{Face::mono_medium, 11, 16};
inline constexpr TextStyle touch_body{Face::ui, 15, 20};
inline constexpr TextStyle touch_prose{Face::ui, 15, 22};

}  // namespace dits::theme
