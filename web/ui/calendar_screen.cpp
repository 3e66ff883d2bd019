#include "web/ui/calendar_screen.hpp"

#include <array>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/calendar_parts.hpp"
#include "web/ui/header.hpp"
#include "web/ui/query_bar.hpp"

namespace dits::web {

namespace {

constexpr int turn_after_ms = 600;

// Whether what is dragged rests over `r`: once for each time that the months are turned.
bool is_turned_by_drag(const State& state, Rect r, std::uint64_t way) {
  const IdScope ids(way);
  return !state.drag.issues.empty() && is_hovered(r) &&
         has_waited(
             id_of(static_cast<std::uint64_t>(shown_period(state).first.days - first_calendar_day.days)),
             turn_after_ms);
}

void calendar_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("calendar-bar");
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 12, 0);
  const std::string title = calendar_title(state);
  const float width = text_width(title, theme::title);
  draw_text(bar.x, bar.center_y(), title, theme::title, c.text_primary);
  mirror(id_of("title"), {bar.x, r.y, width, r.h}, {.role = Aria::heading, .name = title, .level = 2});
  cut_left(bar, width + 10);
  const std::string what = state.route.by_week ? "week" : "month";
  const Rect previous = middle(cut_left(bar, 28), 28);
  const Rect next = middle(cut_left(bar, 28, 8), 28);
  const bool goes_back =
      icon_button("previous", previous, icons::chevron_left, "Previous " + what, {.keys = "H"});
  const bool goes_on = icon_button("next", next, icons::chevron_right, "Next " + what, {.keys = "L"});
  if (goes_back || is_turned_by_drag(state, previous, 1)) out.run("calendar.previous");
  if (goes_on || is_turned_by_drag(state, next, 2)) out.run("calendar.next");
  if (button_left(bar, "today", "Today", {.keys = "0"})) out.run("calendar.today");
  const std::array<Segment, 2> spans{{{nullptr, "Month", "v m"}, {nullptr, "Week", "v w"}}};
  const float spans_width = segmented_width(spans);
  const Rect place = cut_right(bar, spans_width, 10);
  if (const auto picked =
          segmented("span", place.x, place.center_y(), "Days shown", spans, state.route.by_week ? 1 : 0))
    out.run(*picked == 1 ? "calendar.week" : "calendar.month");
  query_field(state, out, middle(cut_right(bar, std::min(340.0f, bar.w)), 30));
}

std::string drag_words(const State& state, std::optional<Date> over, bool is_over_tray) {
  const Issue* issue = find_issue(state.entities, state.drag.issues.front());
  const std::size_t count = state.drag.issues.size();
  const std::string what = count > 1 ? std::to_string(count) + " issues" : issue ? number_text(*issue) : "";
  if (is_over_tray) return what + ": no date";
  if (!over) return "Let go over a day";
  const std::string day = calendar_day_name(*over);
  if (state.drag.part == DragPart::start) return what + " from " + day;
  if (state.drag.part == DragPart::due) return what + " until " + day;
  if (count == 1 || !state.drag.from_day) return what + " to " + day;
  const int days = over->days - state.drag.from_day->days;
  return what + (days < 0 ? " " : " +") + std::to_string(days) + (days == 1 || days == -1 ? " day" : " days");
}

// What is dragged follows the pointer; a release ends it.
void follow_drag(const State& state, Outbox& out, std::optional<Date> over, bool is_over_tray) {
  const Slot slot = find_slot(state.entities, state.drag.issues.front());
  if (slot != no_slot && state.drag.part == DragPart::whole) {
    const theme::Palette& c = theme::colors();
    const OnTop on_top;
    const Rect lifted{mouse().x - 24, mouse().y - 11, 170, calendar_entry_height};
    shadow(lifted, 4);
    fill(lifted, c.bg_raised, 4);
    outline(lifted, c.accent_base, 4);
    draw_entry(state, slot, lifted, c.bg_raised, true);
  }
  draw_tip(mouse().x + 14, mouse().y + 18, drag_words(state, over, is_over_tray), "Esc", "cancel");
  if (!ImGui::IsMouseReleased(0)) return;
  if (over || is_over_tray) {
    BoardDrag drag = state.drag;
    drag.over_day = over;
    drag.is_over_tray = is_over_tray;
    out.change(DragChanged{std::move(drag)});
    out.run("calendar.drop");
  }
  out.change(DragChanged{});
}

}  // namespace

void calendar_screen(const State& state, Outbox& out, Rect r) {
  Rect rest = r;
  list_header(state, out, cut_top(rest, theme::header_height));
  calendar_bar(state, out, cut_top(rest, theme::query_bar_height));
  connection_banner(state, out, rest);
  const a11y::Scope main(scope_node(id_of("main"), rest, Aria::main, "Calendar"));
  const bool is_wide = rest.w > 640;
  bool is_over_tray = false;
  if (state.detail_open && (is_wide || is_in_tray(state))) {
    const Rect tray = cut_right(rest, calendar_tray_width);
    calendar_tray(state, out, tray);
    is_over_tray = !state.drag.issues.empty() && state.drag.from_day && is_hovered(tray);
  }
  const CalendarGrid grid = calendar_grid(state, out, rest);
  if (!grid.opened.is_empty()) calendar_day_panel(state, out, grid.opened, grid.room);
  if (!state.drag.issues.empty()) follow_drag(state, out, grid.over, is_over_tray);
}

}  // namespace dits::web
