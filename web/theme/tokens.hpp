// The colours of DITS: every role of the design in light and in dark, and the palette of labels.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "imgui.h"

namespace dits::theme {

// 0xRRGGBBAA, as the design writes it.
constexpr ImU32 rgba(std::uint32_t value) {
  return IM_COL32((value >> 24) & 255u, (value >> 16) & 255u, (value >> 8) & 255u, value & 255u);
}

// Text, tint and dot of one label hue.
struct LabelColors {
  ImU32 fg;
  ImU32 bg;
  ImU32 dot;
};

enum class Hue : std::uint8_t {
  red,
  orange,
  amber,
  lime,
  green,
  teal,
  cyan,
  blue,
  indigo,
  violet,
  pink,
  stone
};
constexpr std::size_t hue_count = 12;

// Field names are the design's roles: "bg/canvas" is bg_canvas.
struct Palette {
  ImU32 bg_canvas;
  ImU32 bg_panel;
  ImU32 bg_raised;
  ImU32 bg_sunken;
  ImU32 bg_inset;
  ImU32 bg_hover;
  ImU32 bg_pressed;
  ImU32 bg_selected;
  ImU32 bg_selected_idle;
  ImU32 bg_scrim;
  ImU32 border_subtle;
  ImU32 border_default;
  ImU32 border_strong;
  ImU32 text_primary;
  ImU32 text_secondary;
  ImU32 text_tertiary;
  ImU32 text_disabled;
  ImU32 text_on_accent;
  ImU32 accent_base;
  ImU32 accent_hover;
  ImU32 accent_text;
  ImU32 accent_tint;
  ImU32 accent_line;
  ImU32 focus_ring;
  ImU32 status_backlog;
  ImU32 status_todo;
  ImU32 status_progress;
  ImU32 status_review;
  ImU32 status_done;
  ImU32 priority_urgent;
  ImU32 priority_high;
  ImU32 priority_medium;
  ImU32 priority_low;
  ImU32 priority_none;
  ImU32 signal_danger;
  ImU32 signal_danger_tint;
  ImU32 signal_warning;
  ImU32 signal_warning_tint;
  ImU32 signal_success;
  ImU32 signal_success_tint;
  ImU32 syn_key;
  ImU32 syn_op;
  ImU32 syn_value;
  ImU32 syn_string;
  ImU32 syn_comment;
  ImU32 syn_number;
  ImU32 syn_error;
  ImU32 match_fg;
  ImU32 match_bg;
  std::array<LabelColors, hue_count> labels;
};

// The palette in use.
const Palette& colors();
bool is_dark();
void use_dark(bool dark);

// The label hue that a colour "#RRGGBB" comes nearest to; greys and unreadable text give stone.
Hue hue_of(std::string_view hex);
const LabelColors& label_colors(Hue hue);
const LabelColors& label_colors(std::string_view hex);
// What a new label of this hue is stored as: "#RRGGBB" of the light dot.
std::string_view hex_of(Hue hue);
std::string_view name_of(Hue hue);

// `color` with its alpha multiplied by `alpha` (0..1).
ImU32 with_alpha(ImU32 color, float alpha);
// `amount` (0..1) of `over` on `under`; both opaque.
ImU32 mix(ImU32 under, ImU32 over, float amount);

}  // namespace dits::theme
