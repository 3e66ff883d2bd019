// The small drawn signs: status, priority, progress, labels, key caps, the logo. Shape tells before colour
// does.
#pragma once

#include <string_view>

#include "web/widgets/paint.hpp"

namespace dits::widgets {

// The five shapes of a status. A user's own statuses take the shape that fits best.
enum class Ring { backlog, todo, progress, review, done };
ImU32 ring_color(Ring ring);
// Middle at (x, y). `behind` is what the check of a done ring is cut out in.
void draw_ring(float x, float y, Ring ring, float size = 14, ImU32 behind = 0);

enum class Bars { none, low, medium, high, urgent };
ImU32 bars_color(Bars bars);
void draw_bars(float x, float y, Bars bars, float size = 14);

// `done` 0..1; complete turns green.
void draw_progress_ring(float x, float y, float done, float size = 14);

void draw_label_dot(float x, float y, theme::Hue hue);
void draw_square(float x, float y, theme::Hue hue);  // of an area
void draw_logo(float x, float y, float size = 18);
void draw_avatar(float x, float y, ImU32 color, std::string_view initial, const char* icon = nullptr);

// A chip of a label, 18 high, left edge at x; returns its width. Longer than `max_width` ends in an ellipsis.
float draw_chip(float x, float center_y, std::string_view text, theme::Hue hue, float max_width = 120);
float chip_width(std::string_view text, float max_width = 120);

enum class CapStyle { plain, waiting, on_dark };
// "Ctrl K" or "g i": one cap a word; returns the width.
float draw_keys(float x, float center_y, std::string_view keys, CapStyle style = CapStyle::plain);
float keys_width(std::string_view keys);

// Grey bar of something that is not there yet.
void draw_skeleton_bar(float x, float center_y, float width);

}  // namespace dits::widgets
