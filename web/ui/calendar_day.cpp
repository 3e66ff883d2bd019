// All issues of a day, for one that shows only some of them.
#include "web/theme/icons.hpp"
#include "web/ui/calendar_parts.hpp"

namespace dits::web {

void calendar_day_panel(const State& state, Outbox& out, Rect cell, Rect room) {
  const theme::Palette& c = theme::colors();
  const Date day = state.calendar.day;
  const std::vector<Slot> issues = issues_on(state.list.by_day, day, state.week_start);
  const float all = 26 * static_cast<float>(issues.size());
  const float width = std::min(room.w, std::max(260.0f, cell.w + 24));
  const float height = std::min(std::max(120.0f, room.h - 16), 44 + all);
  const Rect r{std::clamp(cell.x - 8, room.x, std::max(room.x, room.right() - width)),
               std::clamp(cell.y - 6, room.y, std::max(room.y, room.bottom() - height - 8)),
               width,
               height};
  const Layer layer("calendar-day", LayerKind::floating, inset(r, -16));
  const IdScope ids("day-panel");
  popup_box(r);
  const std::string name = calendar_day_name(day, static_cast<std::uint32_t>(issues.size()));
  const a11y::Scope scope(scope_node(id_of("panel"), r, Aria::dialog, name));
  Rect rest = inset(r, 1);
  Rect head = cut_top(rest, 36);
  head = {head.x + 12, head.y, head.w - 16, head.h};
  const bool closes = icon_button_right(head, "close", icons::x, "Close", {.keys = "Esc"});
  draw_text_in(head, name, theme::body_strong, c.text_primary);
  Scroll scroll("issues", rest, all + 6);
  const Slot cursor = find_slot(state.entities, state.calendar.issue);
  static Slot shown = no_slot;
  for (std::size_t i = 0; i < issues.size(); ++i) {
    const float y = 26 * static_cast<float>(i);
    if (issues[i] == cursor && shown != cursor) scroll.reveal(y, y + 26);
    const Rect row{rest.x + 7, scroll.top() + y, rest.w - 14, 24};
    if (row.bottom() < rest.y || row.y > rest.bottom()) continue;
    const Issue& issue = issue_at(state, issues[i]);
    const IdScope row_ids(static_cast<std::uint64_t>(issues[i]) + 1);
    a11y::Node node;
    node.role = Aria::button;
    node.name = issue_name(issue);
    node.description = entry_description(state, issue);
    node.focused = issues[i] == cursor;
    const ItemState state_of_row = item(id_of("entry"), row, node, item_no_tab_stop);
    const bool is_lit = issues[i] == cursor || is_selected(state, issues[i]);
    if (is_lit) fill(row, c.bg_selected, 4);
    if (state_of_row.hovered) fill(row, c.bg_hover, 4);
    draw_entry(state, issues[i], row, is_lit ? c.bg_selected : c.bg_raised, false);
    act_on_entry(state, out, state_of_row, issues[i], day);
    if (begins_drag(state_of_row)) begin_calendar_drag(state, out, issues[i], day);
  }
  shown = cursor;
  if (!closes && !layer.is_pressed_outside(r)) return;
  CalendarState calendar = state.calendar;
  calendar.is_day_open = false;
  if (!issues.empty()) calendar.issue = issue_at(state, issues.front()).id;
  out.change(CalendarChanged{calendar});
}

}  // namespace dits::web
