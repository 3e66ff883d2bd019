// Titles of issues as they are drawn everywhere: what stands between backticks is code, :bug: is an emoji.
// Also words that hold a title ("next: …"); with letters that matched, see draw_matched_title.
#pragma once

#include <string>
#include <string_view>

#include "web/widgets/rich_text.hpp"

namespace dits::web {

// What a title reads like, where only words can stand.
std::string title_words(std::string_view title);
float title_width(std::string_view title, theme::TextStyle style);
// One line in `r`; one that was cut shows all of itself in a tooltip.
void title_line(widgets::Rect r, std::string_view title, theme::TextStyle style, ImU32 color);
// Wrapped at words, at most `max_lines` when that is more than 0; returns the height.
float draw_title(
    widgets::Rect place, std::string_view title, theme::TextStyle style, ImU32 color, int max_lines = 0);
float title_height(float width, std::string_view title, theme::TextStyle style, int max_lines = 0);

// What code in a title of this style is drawn with, on a ground that is so much wider at each end.
theme::TextStyle code_in_title(theme::TextStyle style);
constexpr float title_code_pad = 4;

}  // namespace dits::web
