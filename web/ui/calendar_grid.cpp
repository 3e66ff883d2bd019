// Weeks over the height that is there. What a week holds is found anew only when the list, the days, the
// room or what is dragged over them change.
#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/ui/calendar_parts.hpp"

namespace dits::web {

namespace {

constexpr float head_height = 26;
constexpr float number_width = 34;
constexpr float week_min_height = 96;
constexpr float lanes_top = 29;
constexpr float lane_step = 24;
constexpr float edge_width = 6;

struct KeptWeeks {
  std::uint64_t version = 0;
  CalendarPeriod period;
  unsigned lanes = 0;
  CalendarEntry changed;
  std::vector<CalendarWeek> weeks;
};
KeptWeeks kept;

const std::vector<CalendarWeek>& weeks_of(const State& state, unsigned lanes, const CalendarEntry& changed) {
  const CalendarPeriod period = shown_period(state);
  const CalendarIndex& index = state.list.by_day;
  const bool is_same = kept.version == index.version && kept.period.first == period.first &&
                       kept.period.weeks == period.weeks && kept.lanes == lanes &&
                       kept.changed.slot == changed.slot && kept.changed.days == changed.days;
  if (is_same) return kept.weeks;
  kept = {index.version, period, lanes, changed, {}};
  for (int week = 0; week < period.weeks; ++week) {
    const Date first{period.first.days + 7 * week};
    kept.weeks.push_back(week_of(index, first, changed.slot == no_slot ? nullptr : &changed));
    fit_lanes(kept.weeks.back(), lanes);
  }
  return kept.weeks;
}

struct Geometry {
  Rect days;  // all weeks, as they lie on the screen
  float week_height = 0;
  CalendarPeriod period;

  float left_of(unsigned column) const {
    return days.x + number_width + std::floor((days.w - number_width) * static_cast<float>(column) / 7);
  }
  Rect week(int at) const {
    const float y = days.y + std::floor(week_height * static_cast<float>(at));
    return {days.x, y, days.w, std::floor(days.y + week_height * static_cast<float>(at + 1)) - std::floor(y)};
  }
  Rect cell(int at, unsigned column) const {
    const Rect row = week(at);
    return {left_of(column), row.y, left_of(column + 1) - left_of(column), row.h};
  }
  Rect piece(int at, const CalendarPiece& piece) const {
    const float x = left_of(piece.from) + (piece.begins ? 5.0f : 0.0f);
    const float right = left_of(piece.to + 1U) - (piece.ends ? 6.0f : 1.0f);
    return {x,
            week(at).y + lanes_top + lane_step * static_cast<float>(piece.lane),
            right - x,
            calendar_entry_height};
  }
  std::optional<Date> day_at(ImVec2 point) const {
    if (point.x < days.x + number_width || point.x >= days.right() || point.y < days.y ||
        point.y >= days.bottom())
      return std::nullopt;
    const int row = std::min(period.weeks - 1, static_cast<int>((point.y - days.y) / week_height));
    unsigned column = 0;
    while (column < 6 && point.x >= left_of(column + 1)) ++column;
    return Date{period.first.days + 7 * row + static_cast<int>(column)};
  }
};

// A new issue's days, pulled over empty ones.
struct Pull {
  bool is_on = false;
  Date from;
};
Pull pull;

// What the dragged edge makes of its span.
CalendarEntry edge_preview(const State& state, std::optional<Date> over) {
  if (state.drag.issues.empty() || state.drag.part == DragPart::whole || !over) return {};
  const Slot slot = find_slot(state.entities, state.drag.issues.front());
  const auto days = slot == no_slot ? std::nullopt : days_of(issue_at(state, slot));
  if (!days) return {};
  if (state.drag.part == DragPart::start) return {{std::min(*over, days->last), days->last}, slot};
  return {{days->first, std::max(*over, days->first)}, slot};
}

bool is_dragged_whole(const State& state, Slot slot) {
  const std::vector<IssueId>& dragged = state.drag.issues;
  return state.drag.part == DragPart::whole && !dragged.empty() &&
         std::find(dragged.begin(), dragged.end(), issue_at(state, slot).id) != dragged.end();
}

void draw_cell(const State& state, Rect cell, Date day, bool is_target) {
  const theme::Palette& c = theme::colors();
  const CivilDate civil = civil_from_date(day);
  const bool is_out = !state.list_route.by_week && civil.month != civil_from_date(state.calendar.day).month;
  const ImU32 behind = is_out || weekday_of(day) >= 5 ? c.bg_inset : c.bg_canvas;
  fill(cell, is_target ? theme::mix(behind, c.accent_tint, 0.6f) : behind);
  vertical_line(cell.right() - 1, cell.y, cell.h, c.border_subtle);
  horizontal_line(cell.x, cell.bottom() - 1, cell.w, c.border_default);
  std::string number = std::to_string(civil.day);
  if (civil.day == 1 && cell.w > 70) number += ' ' + std::string(full_month_name(civil.month));
  if (day == state.today) {
    const Rect pill{cell.x + 5, cell.y + 5, text_width(number, theme::small_strong) + 14, 20};
    fill(pill, c.accent_base, 10);
    draw_text(pill.x + 7, pill.center_y(), number, theme::small_strong, c.text_on_accent);
  } else {
    draw_text(cell.x + 8, cell.y + 15, number, theme::small, is_out ? c.text_disabled : c.text_secondary);
  }
}

void draw_bar(Rect r, const CalendarPiece& piece, bool is_cursor) {
  const theme::Palette& c = theme::colors();
  const ImDrawFlags corners =
      (piece.begins ? ImDrawFlags_RoundCornersLeft : 0) | (piece.ends ? ImDrawFlags_RoundCornersRight : 0);
  const ImDrawFlags drawn = corners == 0 ? ImDrawFlags_RoundCornersNone : corners;
  fill(r, is_cursor ? c.accent_base : c.accent_line, 4, drawn);
  fill(inset(r, 1), c.accent_tint, 3, drawn);
}

void draw_piece(const State& state, Rect r, const CalendarPiece& piece, bool is_cursor, bool is_hovered) {
  const theme::Palette& c = theme::colors();
  if (is_dragged_whole(state, piece.slot)) {
    dashed_outline(r, c.border_default, 4);
    return;
  }
  ImU32 behind = c.bg_canvas;
  if (piece.is_bar) {
    draw_bar(r, piece, is_cursor);
    behind = c.accent_tint;
  } else if (is_cursor || is_selected(state, piece.slot)) {
    fill(r, c.bg_selected, 4);
    behind = c.bg_selected;
  }
  if (is_hovered) fill(r, c.bg_hover, 4);
  draw_entry(state, piece.slot, r, behind, piece.is_bar);
}

struct PieceHits {
  ItemState start;
  ItemState due;
  ItemState whole;
};

// The edges of a span answer before the span, and that before its days.
PieceHits hit_piece(const State& state, const CalendarPiece& piece, Rect r) {
  const IdScope ids(static_cast<std::uint64_t>(piece.slot) + 1);
  const Issue& issue = issue_at(state, piece.slot);
  PieceHits hits;
  if (piece.begins && issue.due_date && r.w > 3 * edge_width)
    hits.start = hit(id_of("start"), {r.x, r.y, edge_width, r.h}, item_no_tab_stop);
  if (piece.ends && issue.start_date && r.w > 3 * edge_width)
    hits.due = hit(id_of("due"), {r.right() - edge_width, r.y, edge_width, r.h}, item_no_tab_stop);
  hits.whole = hit(id_of("entry"), r, item_no_tab_stop);
  for (const ItemState& edge : {hits.start, hits.due}) {
    if (edge.hovered || edge.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  }
  return hits;
}

void act_on_piece(
    const State& state, Outbox& out, const PieceHits& hits, const CalendarPiece& piece, Date day) {
  act_on_entry(state, out, hits.whole, piece.slot, day);
  act_on_entry(state, out, hits.start, piece.slot, day);
  act_on_entry(state, out, hits.due, piece.slot, day);
  if (!state.drag.issues.empty()) return;
  if (begins_drag(hits.start)) begin_calendar_drag(state, out, piece.slot, day, DragPart::start);
  if (begins_drag(hits.due)) begin_calendar_drag(state, out, piece.slot, day, DragPart::due);
  if (begins_drag(hits.whole)) begin_calendar_drag(state, out, piece.slot, day);
}

void mirror_piece(
    const State& state, const CalendarPiece& piece, Rect r, const ItemState& hit, bool is_cursor) {
  const Issue& issue = issue_at(state, piece.slot);
  a11y::Node node;
  node.role = Aria::button;
  node.name = issue_name(issue);
  node.description = entry_description(state, issue);
  node.focused = is_cursor;
  if (is_selected(state, piece.slot)) node.pressed = Tri::yes;
  mirror(hit, r, node);
}

struct CellHits {
  ItemState more;
  ItemState add;
  ItemState day;
};

void act_on_cell(const State& state, Outbox& out, const CellHits& hits, Date day) {
  if (hits.more.clicked) out.run("calendar.open_day", day);
  if (hits.add.clicked || hits.day.double_clicked) {
    out.run("calendar.day", day);
    out.run("issue.new", day);
  } else if (hits.day.clicked) {
    out.run("calendar.day", day);
  }
  if (state.drag.issues.empty() && begins_drag(hits.day)) pull = {true, day};
}

// The days that are pulled over now: more than the one where it began.
std::optional<DaySpan> pulled_days(std::optional<Date> over) {
  if (!pull.is_on || !over || *over == pull.from) return std::nullopt;
  return DaySpan{std::min(pull.from, *over), std::max(pull.from, *over)};
}

void follow_pull(Outbox& out, std::optional<Date> over) {
  if (!pull.is_on) return;
  const auto days = pulled_days(over);
  if (ImGui::IsKeyPressed(ImGuiKey_Escape)) {
    pull.is_on = false;
    return;
  }
  if (days) {
    const std::string words =
        "New issue, " + calendar_day_name(days->first) + " to " + calendar_day_name(days->last);
    draw_tip(mouse().x + 14, mouse().y + 14, words, "Esc", "cancel");
  }
  if (!ImGui::IsMouseReleased(0)) return;
  pull.is_on = false;
  if (days) out.run("issue.new", *days);
}

struct WeekDraw {
  const State& state;
  Outbox& out;
  const Geometry& geometry;
  std::optional<Date> over;
  unsigned lanes = 1;
  Slot cursor = no_slot;
};

// Below the last lane that is shown: how many more there are.
Rect more_place(const WeekDraw& draw, int at, unsigned column) {
  const Rect cell = draw.geometry.cell(at, column);
  return {cell.x + 5,
          cell.y + lanes_top + lane_step * static_cast<float>(draw.lanes - 1),
          cell.w - 10,
          calendar_entry_height};
}

void draw_week(const WeekDraw& draw, const CalendarWeek& week, int at) {
  const theme::Palette& c = theme::colors();
  const State& state = draw.state;
  const IdScope ids(static_cast<std::uint64_t>(week.first.days - first_calendar_day.days) + 1);
  const Rect row = draw.geometry.week(at);
  const auto day_of = [&](unsigned column) { return Date{week.first.days + static_cast<int>(column)}; };
  const bool has_keys = state.region == Region::body;
  const auto pulled = pulled_days(draw.over);

  const Rect number{row.x, row.y, number_width, row.h};
  fill(number, c.bg_inset);
  vertical_line(number.right() - 1, number.y, number.h, c.border_subtle);
  horizontal_line(number.x, number.bottom() - 1, number.w, c.border_default);
  const unsigned week_number = iso_week(Date{week.first.days + 3});
  draw_text_in({number.x, number.y + 7, number.w - 7, 16},
               std::to_string(week_number),
               theme::mono_small,
               c.text_tertiary,
               Align::right);
  for (unsigned column = 0; column < 7; ++column) {
    const Date day = day_of(column);
    const bool is_pulled = pulled && day >= pulled->first && day <= pulled->last;
    const bool takes = !state.drag.issues.empty() && draw.over == day;
    draw_cell(state, draw.geometry.cell(at, column), day, is_pulled || takes);
  }

  std::vector<PieceHits> hits(week.pieces.size());
  const auto column_under = [&](const CalendarPiece& piece) {
    unsigned column = piece.from;
    while (column < piece.to && mouse().x >= draw.geometry.left_of(column + 1)) ++column;
    return column;
  };
  for (std::size_t i = 0; i < week.pieces.size(); ++i) {
    const CalendarPiece& piece = week.pieces[i];
    if (piece.is_hidden) continue;
    const Rect r = draw.geometry.piece(at, piece);
    hits[i] = hit_piece(state, piece, r);
    draw_piece(
        state, r, piece, piece.slot == draw.cursor, hits[i].whole.hovered && state.drag.issues.empty());
    act_on_piece(state, draw.out, hits[i], piece, day_of(column_under(piece)));
  }

  const std::string row_name = "Week " + std::to_string(week_number);
  const a11y::Scope row_scope(scope_node(id_of("row"), row, Aria::row, row_name));
  mirror(id_of("number"), number, {.role = Aria::rowheader, .name = row_name});
  for (unsigned column = 0; column < 7; ++column) {
    const IdScope cell_ids(column + 1);
    const Date day = day_of(column);
    const Rect cell = draw.geometry.cell(at, column);
    const bool is_cursor = day == state.calendar.day;
    const Rect more = more_place(draw, at, column);
    const Rect plus{cell.right() - 25, cell.y + 5, 20, 20};
    const bool offers_new = state.drag.issues.empty() && !pull.is_on && (is_cursor || is_hovered(cell));
    CellHits cell_hits;
    if (week.hidden[column] > 0) cell_hits.more = hit(id_of("more"), more, item_no_tab_stop);
    if (offers_new) cell_hits.add = hit(id_of("add"), plus, item_no_tab_stop);
    cell_hits.day = hit(id_of("day"), cell, item_no_tab_stop);
    const bool takes = !state.drag.issues.empty() && draw.over == day && state.drag.part == DragPart::whole;
    if (takes)
      dashed_outline(
          {cell.x + 5, cell.bottom() - calendar_entry_height - 4, cell.w - 10, calendar_entry_height},
          c.accent_base,
          4);
    if (week.hidden[column] > 0) {
      const ImU32 ink = cell_hits.more.hovered ? c.text_primary : c.text_tertiary;
      draw_text_in(inset(more, 4, 0), std::to_string(week.hidden[column]) + " more", theme::caption, ink);
    }
    if (offers_new && is_hovered(cell)) {
      draw_icon(plus.center_x(),
                plus.center_y(),
                icons::plus,
                14,
                cell_hits.add.hovered ? c.text_primary : c.text_tertiary);
      tooltip(cell_hits.add, plus, "New issue on this day", "c");
    }
    if (is_cursor && has_keys) outline(cell, c.focus_ring, 0, 2);
    if (is_cursor && !has_keys) outline(cell, c.border_strong, 0, 1);

    const std::string name = calendar_day_name(day, week.counts[column]);
    a11y::Node node = scope_node(cell_hits.day.id, cell, Aria::gridcell, name);
    node.selected = is_cursor ? Tri::yes : Tri::no;
    node.column_index = static_cast<int>(column) + 1;
    node.focused = is_cursor && has_keys && draw.cursor == no_slot;
    if (day == state.today) node.current = a11y::Current::date;
    const a11y::Scope cell_scope(node);
    for (std::size_t i = 0; i < week.pieces.size(); ++i) {
      const CalendarPiece& piece = week.pieces[i];
      const bool is_keyed = has_keys && piece.slot == draw.cursor && state.calendar.day >= week.first &&
                            state.calendar.day.days < week.first.days + 7;
      if (!piece.is_hidden && piece.from == column)
        mirror_piece(state, piece, draw.geometry.piece(at, piece), hits[i].whole, is_keyed);
    }
    if (week.hidden[column] > 0) {
      const std::string words = std::to_string(week.hidden[column]) + " more on " + calendar_day_name(day);
      mirror(cell_hits.more,
             more,
             {.role = Aria::button,
              .name = words,
              .expanded = is_cursor && state.calendar.is_day_open ? Tri::yes : Tri::no});
    }
    if (offers_new)
      mirror(cell_hits.add, plus, {.role = Aria::button, .name = "New issue on " + calendar_day_name(day)});
    act_on_cell(state, draw.out, cell_hits, day);
  }
}

void draw_head(const State& state, const Geometry& geometry, Rect r) {
  const theme::Palette& c = theme::colors();
  fill(r, c.bg_inset);
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_default);
  const a11y::Scope row(scope_node(id_of("head"), r, Aria::row, "Days"));
  for (unsigned column = 0; column < 7; ++column) {
    const float x = geometry.left_of(column);
    const std::string_view name = weekday_name(column + state.week_start);
    draw_text(x + 8, r.center_y(), name, theme::small, c.text_tertiary);
    mirror(id_of(column + 1),
           {x, r.y, geometry.left_of(column + 1) - x, r.h},
           {.role = Aria::columnheader, .name = name});
  }
}

// Is the cursor's issue one that the week has no room for?
bool is_cursor_hidden(const CalendarWeek& week, Slot cursor) {
  return std::any_of(week.pieces.begin(), week.pieces.end(), [&](const CalendarPiece& piece) {
    return piece.slot == cursor && piece.is_hidden;
  });
}

}  // namespace

CalendarGrid calendar_grid(const State& state, Outbox& out, Rect r) {
  const IdScope ids("calendar");
  const CalendarPeriod period = shown_period(state);
  a11y::Node grid = scope_node(id_of("grid"), r, Aria::grid, calendar_title(state));
  grid.row_count = period.weeks + 1;
  grid.column_count = 7;
  const a11y::Scope scope(grid);
  Rect rest = r;
  const Rect head = cut_top(rest, head_height);
  const auto weeks_shown = static_cast<float>(period.weeks);
  Geometry geometry{rest, std::max(week_min_height, rest.h / weeks_shown), period};
  draw_head(state, geometry, head);
  Scroll scroll("weeks", rest, geometry.week_height * weeks_shown);
  const float row_top =
      geometry.week_height * static_cast<float>((state.calendar.day.days - period.first.days) / 7);
  static Date shown_day;
  if (shown_day != state.calendar.day) scroll.reveal(row_top, row_top + geometry.week_height);
  shown_day = state.calendar.day;
  geometry.days = {rest.x, scroll.top(), rest.w, geometry.week_height * weeks_shown};

  WeekDraw draw{state, out, geometry, is_hovered(rest) ? geometry.day_at(mouse()) : std::nullopt, 1, no_slot};
  draw.lanes = std::max(1U, static_cast<unsigned>((geometry.week_height - lanes_top - 2) / lane_step));
  draw.cursor = find_slot(state.entities, state.calendar.issue);
  const std::vector<CalendarWeek>& weeks = weeks_of(state, draw.lanes, edge_preview(state, draw.over));
  bool shows_day = state.calendar.is_day_open;
  for (int at = 0; at < period.weeks; ++at) {
    if (!is_near_view(geometry.week(at))) continue;
    const CalendarWeek& week = weeks[static_cast<std::size_t>(at)];
    draw_week(draw, week, at);
    const bool is_here = state.calendar.day >= week.first && state.calendar.day.days < week.first.days + 7;
    if (is_here && draw.cursor != no_slot) shows_day |= is_cursor_hidden(week, draw.cursor);
  }
  follow_pull(out, draw.over);
  CalendarGrid drawn{draw.over, {}, rest};
  if (shows_day && state.drag.issues.empty() && state.region == Region::body) {
    const int days = state.calendar.day.days - period.first.days;
    drawn.opened = geometry.cell(days / 7, static_cast<unsigned>(days % 7));
  }
  return drawn;
}

}  // namespace dits::web
