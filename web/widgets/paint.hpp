// What is drawn and answers to nothing: fills, lines, text on its cap height, icons, shadows. All of it goes
// to the draw list of the current window.
#pragma once

#include <string_view>

#include "web/theme/fonts.hpp"
#include "web/theme/tokens.hpp"
#include "web/widgets/geometry.hpp"

namespace dits::widgets {

// To whole device pixels.
float snap(float value);
Rect snapped(Rect r);

ImDrawList& canvas();
// Draws into the list above everything until the end of the scope: what is dragged.
class OnTop {
 public:
  OnTop();
  ~OnTop();
  OnTop(const OnTop&) = delete;
  OnTop& operator=(const OnTop&) = delete;
};

void fill(Rect r, ImU32 color, float radius = 0, ImDrawFlags corners = 0);
// A line inside the edge of `r`.
void outline(Rect r, ImU32 color, float radius = 0, float thickness = 1);
void dashed_outline(Rect r, ImU32 color, float radius, float thickness = 1.5f, float dash = 4, float gap = 3);
void horizontal_line(float x, float y, float width, ImU32 color);
void vertical_line(float x, float y, float height, ImU32 color);
// Level 2: popups, toasts, what is dragged. Level 1: bars that stick on a phone.
void shadow(Rect r, float radius, int level = 2);
// Shadow, fill and line of a popup.
void popup_box(Rect r, float radius = 8, ImU32 line = 0);

float text_width(std::string_view text, theme::TextStyle style);
// Draws one line whose capitals are centred on `center_y`; returns its width.
float draw_text(float x, float center_y, std::string_view text, theme::TextStyle style, ImU32 color);
enum class Align { left, center, right };
// One line inside `r`, cut with an ellipsis where it is too long; true when it was cut. Draws no tooltip: see
// text_line.
bool draw_text_in(
    Rect r, std::string_view text, theme::TextStyle style, ImU32 color, Align align = Align::left);
// How much of `text` has room in `width`.
std::size_t bytes_within(std::string_view text, theme::TextStyle style, float width);
// The longest beginning of `text` that fits `width` with an ellipsis, or all of it.
std::string_view fitting_prefix(std::string_view text, theme::TextStyle style, float width, bool& is_cut);
// Plain text wrapped at words; returns the height. With `max_lines` > 0 the last line ends in an ellipsis
// when more follows.
float draw_wrapped(float x,
                   float y,
                   float width,
                   std::string_view text,
                   theme::TextStyle style,
                   ImU32 color,
                   int max_lines = 0);
float wrapped_height(float width, std::string_view text, theme::TextStyle style, int max_lines = 0);

// An icon of `size` CSS pixels with its middle at (x, y).
void draw_icon(float x, float y, const char* icon, float size, ImU32 color);
void draw_check(float x, float y, float size, ImU32 color, float thickness = 1.5f);

}  // namespace dits::widgets
