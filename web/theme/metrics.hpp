// Sizes of the design, in CSS pixels.
#pragma once

namespace dits::theme {

// Below these widths of the window the layout changes.
inline constexpr float phone_width = 700;
inline constexpr float rail_width_below = 900;
inline constexpr float overlay_pane_below = 1100;

inline constexpr float sidebar_width = 232;
inline constexpr float rail_width = 48;
inline constexpr float detail_width = 396;
inline constexpr float detail_width_min = 320;
inline constexpr float detail_width_max = 560;
inline constexpr float properties_width = 316;
inline constexpr float prose_width = 720;
inline constexpr float palette_width = 640;
inline constexpr float gutter_width = 49;
inline constexpr float signal_width = 3;

inline constexpr float header_height = 44;
inline constexpr float query_bar_height = 44;
inline constexpr float pane_header_height = 40;
inline constexpr float mode_line_height = 26;
inline constexpr float banner_height = 32;

inline constexpr float row_height = 34;
inline constexpr float row_height_compact = 28;
inline constexpr float group_height = 32;
inline constexpr float group_height_compact = 28;
inline constexpr float row_gap = 9;
inline constexpr float nav_height = 28;
inline constexpr float menu_item_height = 30;
inline constexpr float palette_row_height = 34;

inline constexpr float phone_top_height = 48;
inline constexpr float phone_tabs_height = 58;
inline constexpr float phone_row_height = 58;
inline constexpr float phone_group_height = 34;
inline constexpr float phone_query_height = 38;

}  // namespace dits::theme
