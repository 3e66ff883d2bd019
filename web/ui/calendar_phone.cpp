// For a thumb: the days of a month as cells of 44 with a dot for each of up to three issues, the chosen day's
// issues below, the tray in a sheet.
#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/calendar_parts.hpp"
#include "web/ui/calendar_screen.hpp"
#include "web/ui/issue_row.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

constexpr float cell_height = 44;
constexpr std::size_t most_dots = 3;
const IconButtonOptions big{.size = 44, .icon_size = 19};

bool is_sheet_open = false;

void phone_bar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const std::string what = state.route.by_week ? "week" : "month";
  Rect bar = inset(r, 2, 0);
  if (icon_button("previous", cut_left(bar, 44), icons::chevron_left, "Previous " + what, big))
    out.run("calendar.previous");
  const Rect tray = cut_right(bar, 44);
  if (icon_button("tray", tray, icons::inbox, "Overdue and without a date", big)) is_sheet_open = true;
  const bool is_week = state.route.by_week;
  if (icon_button("span",
                  cut_right(bar, 44),
                  is_week ? icons::calendar_days : icons::calendar_range,
                  is_week ? "Month" : "Week",
                  big))
    out.run(is_week ? "calendar.month" : "calendar.week");
  if (icon_button("today", cut_right(bar, 44), icons::calendar_check, "Go to today", big))
    out.run("calendar.today");
  if (icon_button("next", cut_right(bar, 44), icons::chevron_right, "Next " + what, big))
    out.run("calendar.next");
  const std::string title = calendar_title(state);
  draw_text_in(bar, title, theme::title, c.text_primary, Align::center);
  mirror(id_of("month"), bar, {.role = Aria::heading, .name = title, .level = 2});
}

void phone_cell(const State& state, Outbox& out, Date day, const CalendarWeek& week, Rect cell) {
  const theme::Palette& c = theme::colors();
  const auto column = static_cast<unsigned>(day.days - week.first.days);
  const CivilDate civil = civil_from_date(day);
  const bool is_cursor = day == state.calendar.day;
  const bool is_out = !state.route.by_week && civil.month != civil_from_date(state.calendar.day).month;
  a11y::Node node;
  node.role = Aria::gridcell;
  node.name = calendar_day_name(day, week.counts[column]);
  node.selected = is_cursor ? Tri::yes : Tri::no;
  if (day == state.today) node.current = a11y::Current::date;
  const ItemState hit_state = item(id_of(column + 1), cell, node, item_no_tab_stop);
  if (is_cursor) fill(inset(cell, 2), c.bg_selected, 8);
  if (is_cursor) outline(inset(cell, 2), c.focus_ring, 8, 2);
  const Rect number{cell.center_x() - 12, cell.y + 5, 24, 20};
  const bool is_today = day == state.today;
  if (is_today) fill(number, c.accent_base, 10);
  draw_text_in(number,
               std::to_string(civil.day),
               is_today ? theme::body_strong : theme::body,
               is_today ? c.text_on_accent
               : is_out ? c.text_disabled
                        : c.text_primary,
               Align::center);
  std::array<ImU32, most_dots> dots{};
  std::size_t count = 0;
  for (const CalendarPiece& piece : week.pieces) {
    if (count == most_dots || piece.from > column || piece.to < column) continue;
    dots[count++] =
        is_late(state, piece.slot) ? c.signal_danger : ring_color(ring_of(facts_at(state, piece.slot).kind));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const float x = cell.center_x() + (static_cast<float>(i) - static_cast<float>(count - 1) / 2) * 7;
    canvas().AddCircleFilled({x, cell.y + 33}, 2.5f, dots[i]);
  }
  if (hit_state.clicked) out.run("calendar.day", day);
}

void phone_days(const State& state, Outbox& out, Rect r, const CalendarPeriod& period) {
  const theme::Palette& c = theme::colors();
  a11y::Node grid = scope_node(id_of("days"), r, Aria::grid, calendar_title(state));
  grid.row_count = period.weeks + 1;
  grid.column_count = 7;
  const a11y::Scope scope(grid);
  const float step = r.w / 7;
  Rect rest = r;
  {
    const Rect head = cut_top(rest, 20);
    const a11y::Scope row(scope_node(id_of("head"), head, Aria::row, "Days"));
    for (unsigned i = 0; i < 7; ++i) {
      const std::string_view name = weekday_name(i + state.week_start);
      const Rect place{r.x + step * static_cast<float>(i), head.y, step, head.h};
      draw_text_in(place, name, theme::caption, c.text_tertiary, Align::center);
      mirror(id_of(i + 1), place, {.role = Aria::columnheader, .name = name});
    }
  }
  for (int at = 0; at < period.weeks; ++at) {
    const Date first{period.first.days + 7 * at};
    const CalendarWeek week = week_of(state.list.by_day, first);
    const Rect row = cut_top(rest, cell_height);
    const IdScope ids(static_cast<std::uint64_t>(at) + 1);
    const std::string name = "Week " + std::to_string(iso_week(Date{first.days + 3}));
    const a11y::Scope row_scope(scope_node(id_of("row"), row, Aria::row, name));
    for (unsigned i = 0; i < 7; ++i) {
      const float x = r.x + std::floor(step * static_cast<float>(i));
      phone_cell(
          state, out, Date{first.days + static_cast<int>(i)}, week, {x, row.y, std::floor(step), row.h});
    }
  }
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_default);
  const Sweep finger = sweep();
  if (finger.phase == Sweep::Phase::ended && r.contains(finger.start) && std::abs(finger.distance) > 60)
    out.run(finger.distance < 0 ? "calendar.next" : "calendar.previous");
}

void rows_of(const State& state,
             Outbox& out,
             Rect r,
             const std::vector<Slot>& issues,
             std::string_view name,
             float foot) {
  const IdScope ids("day");  // slots are numbers, as weeks are
  a11y::Node grid = scope_node(id_of("rows"), r, Aria::grid, name);
  grid.row_count = static_cast<int>(issues.size());
  const a11y::Scope scope(grid);
  const Scroll scroll("issues", r, theme::phone_row_height * static_cast<float>(issues.size()) + foot);
  for (std::size_t i = 0; i < issues.size(); ++i) {
    const Rect place{
        r.x, scroll.top() + theme::phone_row_height * static_cast<float>(i), r.w, theme::phone_row_height};
    if (place.bottom() < r.y || place.y > r.bottom()) continue;
    IssueRow row;
    row.slot = issues[i];
    row.place = place;
    row.position = static_cast<int>(i) + 1;
    row.is_selected = is_selected(state, issues[i]);
    phone_issue_row(state, out, row);
  }
}

// A row of the sheet: a press opens the issue, the button puts it onto the chosen day.
void sheet_row(const State& state, Outbox& out, Slot slot, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(static_cast<std::uint64_t>(slot) + 1);
  const Issue& issue = issue_at(state, slot);
  const Rect put{r.right() - 52, r.y + 5, 48, 48};
  if (icon_button("put",
                  put,
                  icons::calendar_plus,
                  "Due " + calendar_day_name(state.calendar.day) + ": " + issue_name(issue),
                  big))
    out.run("issue.due.set", state.calendar.day, {issue.id});
  const Rect whole{r.x, r.y, r.w - 56, r.h};
  const ItemState open =
      item(id_of("open"),
           whole,
           {.role = Aria::link, .name = issue_name(issue), .description = entry_description(state, issue)});
  draw_ring(r.x + 21, r.center_y(), ring_of(facts_at(state, slot).kind), 18, c.bg_raised);
  const bool late = is_late(state, slot);
  title_line({r.x + 40, r.y + (late ? 8.0f : 0.0f), whole.w - 44, late ? 22.0f : r.h},
             issue.title,
             theme::touch_body,
             c.text_primary);
  if (late)
    draw_text_in(
        {r.x + 40, r.y + 31, whole.w - 44, 18}, due_label(state, issue).text, theme::small, c.signal_danger);
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  if (!open.clicked) return;
  is_sheet_open = false;
  out.run("issue.open", {}, {issue.id});
}

}  // namespace

void phone_calendar_sheet(const State& state, Outbox& out) {
  is_sheet_open = is_sheet_open && shows_calendar(state.route);
  if (!is_sheet_open) return;
  const theme::Palette& c = theme::colors();
  const Rect window = window_rect();
  const Layer layer("calendar-sheet", LayerKind::modal, window);
  const IdScope ids("calendar-sheet");
  const std::vector<Slot> issues = tray_issues(state);
  const float rows = theme::phone_row_height * static_cast<float>(issues.size());
  const float height = std::min(window.h * 0.8f, 60 + std::max(rows, 60.0f));
  const Rect r{0, window.h - height, window.w, height};
  fill(window, c.bg_scrim);
  shadow(r, 12);
  fill(r, c.bg_raised, 12, ImDrawFlags_RoundCornersTop);
  a11y::Node dialog = scope_node(id_of("sheet"), r, Aria::dialog, "Overdue and without a date");
  dialog.modal = true;
  const a11y::Scope scope(dialog);
  Rect rest = r;
  Rect head = cut_top(rest, 56);
  head = {head.x + 16, head.y, head.w - 20, head.h};
  if (icon_button_right(head, "close", icons::x, "Close", big)) is_sheet_open = false;
  const std::size_t late = std::min(tray_limit, state.list.by_day.overdue.size());
  const std::string words = std::to_string(late) + " overdue, " +
                            std::to_string(state.list.by_day.undated.size()) + " without a date";
  draw_text_in(head, words, theme::title, c.text_primary);
  mirror(id_of("words"), head, {.role = Aria::heading, .name = words, .level = 2});
  if (layer.is_pressed_outside(r) || ImGui::IsKeyPressed(ImGuiKey_Escape)) is_sheet_open = false;
  const Scroll scroll("rows", rest, rows + 8);
  for (std::size_t i = 0; i < issues.size(); ++i) {
    const Rect place{rest.x,
                     scroll.top() + theme::phone_row_height * static_cast<float>(i),
                     rest.w,
                     theme::phone_row_height};
    if (place.bottom() >= rest.y && place.y <= rest.bottom()) sheet_row(state, out, issues[i], place);
  }
}

void phone_calendar(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("calendar");
  const a11y::Scope main(scope_node(id_of("main"), r, Aria::main, "Calendar"));
  const CalendarPeriod period = shown_period(state);
  Rect rest = r;
  phone_bar(state, out, cut_top(rest, 44));
  phone_days(state, out, cut_top(rest, 20 + cell_height * static_cast<float>(period.weeks)), period);
  const std::vector<Slot> issues = issues_on(state.list.by_day, state.calendar.day, state.week_start);
  const std::string day = calendar_day_name(state.calendar.day, static_cast<std::uint32_t>(issues.size()));
  const Rect head = cut_top(rest, theme::phone_group_height);
  fill(head, c.bg_inset);
  horizontal_line(head.x, head.bottom() - 1, head.w, c.border_subtle);
  draw_text(head.x + 13, head.center_y(), day, theme::small_strong, c.text_primary);
  if (issues.empty()) {
    draw_text_in({rest.x, rest.y + 16, rest.w, 20},
                 "Nothing on this day",
                 theme::body,
                 c.text_tertiary,
                 Align::center);
  } else {
    rows_of(state, out, rest, issues, day, 80);
  }
}

}  // namespace dits::web
