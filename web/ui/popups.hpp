// What lies over the screens: pickers and menus, the palette, which-key, toasts.
#pragma once

#include "web/commands/palette.hpp"
#include "web/ui/parts.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

void picker_popup(const State& state, Outbox& out);
void palette_popup(const State& state, Outbox& out);
// Above the mode line, between the sidebar and the pane.
void which_key_panel(const State& state, Outbox& out, Rect body);
void toasts(const State& state, Outbox& out, Rect body);
// The keyboard help and the forms.
void dialog_popup(const State& state, Outbox& out);
void quick_create_popup(const State& state, Outbox& out);
// The choices at the caret of a text, and what opens them: called with what a text area of Markdown has told.
void caret_menu_popup(const State& state, Outbox& out);
void follow_caret(const State& state, Outbox& out, const TextAreaEvents& events, std::string_view text);

// Text with the letters that matched on match/bg; returns its width.
float draw_matched(float x,
                   float center_y,
                   std::string_view text,
                   const std::vector<MatchRange>& matches,
                   theme::TextStyle style,
                   ImU32 color,
                   float max_width);
// Of an issue.
float draw_matched_title(float x,
                         float center_y,
                         std::string_view title,
                         const std::vector<MatchRange>& matches,
                         theme::TextStyle style,
                         ImU32 color,
                         float max_width);
// The month of a date picker: 7 columns of 28 x 24 with a head. The day that was pressed, if one was.
struct MonthGrid {
  Date month;  // its first day
  std::optional<Date> chosen;
  Date today;
  unsigned week_start = 0;
};
struct MonthEvents {
  std::optional<Date> picked;
  std::optional<Date> month;  // the one to show now
};
MonthEvents month_grid(Rect r, const MonthGrid& grid);
constexpr float month_grid_height = 24 + 18 + 6 * 26;

}  // namespace dits::web
