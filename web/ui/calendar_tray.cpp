// What is overdue and what has no date, to be put onto days.
#include <unordered_map>
#include <utility>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/calendar_parts.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

constexpr int title_lines = 2;

struct RowHeight {
  float width = 0;
  std::int64_t version = -1;
  int fonts = -1;
  float height = 0;
};
std::unordered_map<Slot, RowHeight> row_heights;

float row_height(const State& state, Slot slot, float width) {
  const Issue& issue = issue_at(state, slot);
  RowHeight& known = row_heights[slot];
  if (known.width != width || known.version != issue.version || known.fonts != theme::fonts_version()) {
    known = {width,
             issue.version,
             theme::fonts_version(),
             12 + title_height(width - 38, issue.title, theme::body, title_lines)};
  }
  return known.height;
}

struct TrayRow {
  Slot slot = no_slot;
  Rect place;
  bool is_cursor = false;
};

void tray_row(const State& state, Outbox& out, const TrayRow& row) {
  const theme::Palette& c = theme::colors();
  const Issue& issue = issue_at(state, row.slot);
  const IdScope ids(static_cast<std::uint64_t>(row.slot) + 1);
  const std::string name = issue_name(issue);
  a11y::Node node;
  node.role = Aria::option;
  node.name = name;
  node.description = entry_description(state, issue);
  node.selected = row.is_cursor || is_selected(state, row.slot) ? Tri::yes : Tri::no;
  node.focused = row.is_cursor;
  const ItemState hit_state = item(id_of("row"), row.place, node, item_no_tab_stop);
  const bool is_lit = row.is_cursor || is_selected(state, row.slot);
  if (is_lit) fill(row.place, c.bg_selected, 6);
  if (hit_state.hovered) fill(row.place, c.bg_hover, 6);
  if (row.is_cursor) outline(row.place, c.focus_ring, 6, 2);
  const bool is_taken = !state.drag.issues.empty() && state.drag.issues.front() == issue.id;
  if (is_taken) dashed_outline(row.place, c.border_default, 6);
  const float x = row.place.x + 8;
  if (is_selected(state, row.slot)) {
    draw_icon(x + 7, row.place.y + 15, icons::check, 14, c.accent_text);
  } else {
    draw_ring(x + 7,
              row.place.y + 15,
              ring_of(facts_at(state, row.slot).kind),
              14,
              is_lit ? c.bg_selected : c.bg_inset);
  }
  const ImU32 ink = is_late(state, row.slot) ? c.signal_danger : c.text_primary;
  draw_title({x + 22, row.place.y + 6, row.place.w - 38, 0}, issue.title, theme::body, ink, title_lines);
  if (hit_state.hovered)
    draw_icon(row.place.right() - 11, row.place.y + 15, icons::grip_vertical, 14, c.text_tertiary);
  if (open_tab_by_click(out, hit_state, issue)) {
    // Shift selects.
  } else if (hit_state.double_clicked) {
    out.run("issue.open", {}, {issue.id});
  } else if (hit_state.clicked && ImGui::GetIO().KeyShift) {
    out.change(SelectionToggled{issue.id});
  } else if (hit_state.clicked || hit_state.context) {
    CalendarState calendar = state.calendar;
    calendar.tray_issue = issue.id;
    out.change(RegionFocused{Region::detail});
    out.change(CalendarChanged{calendar});
    if (hit_state.context) out.run_at(mouse().x, mouse().y, "menu.open");
  }
  if (state.drag.issues.empty() && begins_drag(hit_state))
    begin_calendar_drag(state, out, row.slot, std::nullopt);
}

// Its name and how many there are; true: the button that closes the tray was pressed.
bool tray_head(Rect r, std::string_view title, std::size_t count, ImU32 ink, bool has_button) {
  const theme::Palette& c = theme::colors();
  Rect bar{r.x + 14, r.y, r.w - 22, r.h};
  const bool closes =
      has_button &&
      icon_button_right(bar, "close", icons::panel_right_close, "Close the tray", {.keys = "]"});
  const float width = draw_text(bar.x, bar.center_y(), title, theme::body_strong, ink);
  draw_text(bar.x + width + 8, bar.center_y(), std::to_string(count), theme::mono_small, c.text_tertiary);
  mirror(id_of(title), {bar.x, r.y, width, r.h}, {.role = Aria::heading, .name = title, .level = 2});
  return closes;
}

struct TrayPart {
  std::string_view title;
  const std::vector<Slot>& slots;
  bool is_first = false;
};

// Draws the part at `y`; returns where it ends.
float tray_part(const State& state, Outbox& out, const TrayPart& part, Rect view, float y, bool& closes) {
  const theme::Palette& c = theme::colors();
  const IdScope ids(part.title);
  const bool is_overdue = part.title == "Overdue";
  const Rect head{view.x, y, view.w, theme::pane_header_height};
  closes |= tray_head(
      head, part.title, part.slots.size(), is_overdue ? c.signal_danger : c.text_primary, part.is_first);
  y += theme::pane_header_height;
  const std::size_t shown = std::min(part.slots.size(), tray_limit);
  float end = y;
  for (std::size_t i = 0; i < shown; ++i) end += row_height(state, part.slots[i], view.w - 16);
  const a11y::Scope list(scope_node(id_of("list"), {view.x, y, view.w, end - y}, Aria::listbox, part.title));
  for (std::size_t i = 0; i < shown; ++i) {
    const Rect place{view.x + 8, y, view.w - 16, row_height(state, part.slots[i], view.w - 16)};
    y += place.h;
    if (place.bottom() < view.y || place.y > view.bottom()) continue;
    const bool is_cursor =
        is_in_tray(state) && issue_at(state, part.slots[i]).id == state.calendar.tray_issue;
    tray_row(state, out, {part.slots[i], place, is_cursor});
  }
  if (shown < part.slots.size()) {
    const std::string words =
        "and " + std::to_string(part.slots.size() - shown) + " more: filter to see them";
    draw_text_in({view.x + 16, y, view.w - 24, 26}, words, theme::small, c.text_tertiary);
    y += 26;
  }
  return y;
}

// Where the cursor's row lies below the top of the tray.
std::pair<float, float> cursor_place(const State& state, float width) {
  float y = 0;
  for (const std::vector<Slot>* slots : {&state.list.by_day.overdue, &state.list.by_day.undated}) {
    if (slots == &state.list.by_day.overdue && slots->empty()) continue;
    y += theme::pane_header_height;
    for (std::size_t i = 0; i < std::min(slots->size(), tray_limit); ++i) {
      const float height = row_height(state, (*slots)[i], width);
      if (issue_at(state, (*slots)[i]).id == state.calendar.tray_issue) return {y, y + height};
      y += height;
    }
    if (slots->size() > tray_limit) y += 26;
  }
  return {0, 0};
}

}  // namespace

void calendar_tray(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("calendar-tray");
  const a11y::Scope scope(scope_node(id_of("side"), r, Aria::complementary, "Overdue and without a date"));
  fill(r, c.bg_inset);
  vertical_line(r.x, r.y, r.h, c.border_default);
  const bool takes = !state.drag.issues.empty() && state.drag.from_day && is_hovered(r);
  if (takes) outline(inset(r, 1), c.accent_base, 0, 2);
  const CalendarIndex& index = state.list.by_day;
  Scroll scroll("rows", r);
  static IssueId shown;
  if (is_in_tray(state) && shown != state.calendar.tray_issue) {
    const auto [top, bottom] = cursor_place(state, r.w - 16);
    scroll.reveal(top, bottom);
  }
  shown = is_in_tray(state) ? state.calendar.tray_issue : IssueId{};
  bool closes = false;
  float y = scroll.top();
  if (!index.overdue.empty()) y = tray_part(state, out, {"Overdue", index.overdue, true}, r, y, closes);
  y = tray_part(state, out, {"No due date", index.undated, index.overdue.empty()}, r, y, closes);
  if (index.undated.empty()) {
    draw_text_in({r.x + 16, y, r.w - 24, 26}, "Every open issue has one", theme::small, c.text_tertiary);
    y += 26;
  }
  y += 8;
  float x = r.x + 16;
  x += draw_text(x, y + 9, "Drag onto a day, or press ", theme::small, c.text_tertiary);
  draw_keys(x, y + 9, "d d");
  draw_text(r.x + 16, y + 29, "and type “fri”. T leads here and back.", theme::small, c.text_tertiary);
  scroll.end_at(y + 48);
  if (closes) out.run("view.detail");
}

}  // namespace dits::web
