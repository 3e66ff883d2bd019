// Pickers: a filter that has the caret at once, rows, and for dates a month.
#include <cmath>

#include "web/commands/picker.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/popups.hpp"
#include "web/widgets/text_field.hpp"

namespace dits::web {

MonthEvents month_grid(Rect r, const MonthGrid& grid) {
  const theme::Palette& c = theme::colors();
  MonthEvents events;
  const CivilDate month = civil_from_date(grid.month);
  Rect rest = r;
  Rect head = cut_top(rest, 24);
  const std::string name = std::string(month_name(month.month)) + ' ' + std::to_string(month.year);
  draw_text(head.x + 2, head.center_y(), name, theme::body_strong, c.text_primary);
  mirror(id_of("month"), head, {.role = Aria::heading, .name = name, .level = 2});
  const auto month_at = [&](int step) {
    CivilDate to = month;
    const int index = static_cast<int>(to.month) - 1 + step;
    to.year += index < 0 ? -1 : index / 12;
    to.month = static_cast<unsigned>((index + 12) % 12) + 1;
    to.day = 1;
    return date_from_civil(to);
  };
  if (icon_button_right(head, "next", icons::chevron_right, "Next month", {.keys = "PageDown", .size = 24}))
    events.month = month_at(1);
  if (icon_button_right(
          head, "previous", icons::chevron_left, "Previous month", {.keys = "PageUp", .size = 24}))
    events.month = month_at(-1);
  const Rect names = cut_top(rest, 18);
  const float step = r.w / 7;
  for (unsigned i = 0; i < 7; ++i) {
    draw_text_in({names.x + step * static_cast<float>(i), names.y, step, names.h},
                 weekday_name(i + grid.week_start).substr(0, 1),
                 theme::caption,
                 c.text_tertiary,
                 Align::center);
  }
  const ArrowRegion region;
  const Date first = week_begin(grid.month, grid.week_start);
  for (int i = 0; i < 42; ++i) {
    const Date day{first.days + i};
    const CivilDate civil = civil_from_date(day);
    const auto column = static_cast<float>(i % 7);
    const auto line = static_cast<float>(i / 7);
    const Rect cell = centered({rest.x + step * column, rest.y + 26 * line, step, 26}, 28, 24);
    const bool is_chosen = grid.chosen && *grid.chosen == day;
    const bool is_out = civil.month != month.month;
    const std::string number = std::to_string(civil.day);
    const std::string label = long_day_label(day);
    a11y::Node node;
    node.role = Aria::gridcell;
    node.name = label;
    node.selected = is_chosen ? Tri::yes : Tri::no;
    if (day == grid.today) node.current = a11y::Current::date;
    const ItemState state = item(id_of(static_cast<std::uint64_t>(day.days) + 1'000'000), cell, node);
    ImU32 ink = is_out ? c.text_disabled : c.text_primary;
    theme::TextStyle style = theme::small;
    if (is_chosen) {
      fill(cell, c.accent_base, 6);
      ink = c.text_on_accent;
      style = theme::small_strong;
    } else {
      if (state.hovered) fill(cell, c.bg_hover, 6);
      if (day == grid.today) {
        outline(cell, c.accent_base, 6);
        ink = c.accent_text;
      }
    }
    if (state.has_ring) focus_ring(cell, 6);
    draw_text_in(cell, number, style, ink, Align::center);
    if (state.clicked) events.picked = day;
  }
  return events;
}

namespace {

constexpr float filter_height = 32;

bool has_filter(PickerKind kind) {
  return kind != PickerKind::context_menu && kind != PickerKind::grouping && kind != PickerKind::display;
}

Rect place_picker(const State& state, float width, float height) {
  const Rect window = window_rect();
  if (is_phone()) return {0, window.h - height, window.w, height};
  const Picker& picker = state.picker;
  if (!picker.has_anchor) return {(window.w - width) / 2, std::max(60.0f, window.h * 0.24f), width, height};
  float x = std::clamp(picker.anchor_x, 8.0f, std::max(8.0f, window.w - width - 8));
  float y = picker.anchor_y;
  if (y + height > window.h - 8) y = std::max(8.0f, picker.anchor_y - height - 32);
  return {x, y, width, height};
}

// How high the popup may be, so that all of it is seen: from its anchor to the end of the window, above it
// when there is more.
float room_for_rows(const State& state) {
  const Rect window = window_rect();
  if (is_phone()) return window.h * 0.8f;
  const Picker& picker = state.picker;
  if (!picker.has_anchor) return window.h - std::max(60.0f, window.h * 0.24f) - 24;
  return std::max(window.h - 8 - picker.anchor_y, picker.anchor_y - 40);
}

// The sign before the text of a row; returns how much room it takes.
float draw_row_sign(
    const State& state, const PickerRow& row, float x, float y, ImU32 behind, bool is_multiple) {
  const theme::Palette& c = theme::colors();
  float used = 0;
  if (is_multiple && !row.creates) {
    draw_checkbox(x, y, row.is_checked ? Tri::yes : row.is_partly_checked ? Tri::mixed : Tri::no);
    used = 25;
  }
  if (row.status) {
    draw_ring(x + used + 7.5f, y, ring_of(status_kind(*row.status)), 14, behind);
  } else if (row.label) {
    draw_label_dot(x + used + 5, y, theme::hue_of(row.label->color));
    return used + 20;
  } else if (row.area) {
    draw_square(x + used + 6, y, theme::hue_of(row.area->color));
  } else if (row.has_priority) {
    draw_bars(x + used + 7.5f, y, bars_of(row.priority));
  } else if (row.slot != no_slot) {
    const Issue& issue = issue_at(state, row.slot);
    draw_ring(x + used + 7.5f, y, ring_of(facts_at(state, row.slot).kind), 14, behind);
    return used + 25 +
           draw_text(x + used + 25, y, std::to_string(issue.number), theme::mono, c.text_tertiary) + 8;
  } else if (!row.icon.empty()) {
    draw_icon(
        x + used + 7.5f, y, icon_named(row.icon), 15, row.is_danger ? c.signal_danger : c.text_secondary);
  } else {
    return used;
  }
  return used + 25;
}

void draw_row(const State& state, Outbox& out, const PickerRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  const bool is_multiple = picker_is_multiple(state.picker.kind);
  const bool is_cursor = index == state.picker.cursor;
  a11y::Node node;
  node.role = has_filter(state.picker.kind) ? Aria::option : Aria::menuitem;
  node.name = row.text;
  node.selected = has_filter(state.picker.kind) ? (row.is_checked ? Tri::yes : Tri::no) : Tri::absent;
  node.current = is_cursor ? a11y::Current::item : a11y::Current::no;
  const std::string shortcut = joined_keys(row.caps);
  node.shortcut = shortcut;
  const ItemState item_state = item(id_of(index + 1), r, node, item_no_tab_stop);
  if (is_cursor) {
    fill(r, c.bg_selected, 6);
  } else if (item_state.hovered) {
    fill(r, c.bg_hover, 6);
  }
  if (row.begins_group && index > 0) horizontal_line(r.x, r.y - 6, r.w, c.border_subtle);
  float x = r.x + 10;
  x += draw_row_sign(state, row, x, r.center_y(), is_cursor ? c.bg_selected : c.bg_raised, is_multiple);
  float right = r.right() - 10;
  if (!shortcut.empty() && !is_phone()) {
    right -= keys_width(shortcut);
    draw_keys(right, r.center_y(), shortcut);
    right -= 8;
  } else if (row.is_checked && !is_multiple) {
    draw_icon(right - 7, r.center_y(), icons::check, 14, c.accent_text);
    right -= 22;
  }
  if (!row.detail.empty()) {
    const float width = std::min(120.0f, text_width(row.detail, theme::small));
    draw_text_in({right - width, r.y, width + 1, r.h}, row.detail, theme::small, c.text_tertiary);
    right -= width + 8;
  }
  const ImU32 ink = row.is_danger ? c.signal_danger : row.creates ? c.text_secondary : c.text_primary;
  const auto draw = row.slot != no_slot ? draw_matched_title : draw_matched;
  draw(x,
       r.center_y(),
       row.text,
       row.matches,
       is_phone() ? theme::touch_body : theme::body,
       ink,
       std::max(20.0f, right - x));
  if (!item_state.clicked) return;
  out.change(PickerChanged{state.picker.filter, index, state.picker.month});
  out.run("picker.choose");
}

void filter_row(const State& state, Outbox& out, Rect r, ImGuiID list) {
  const theme::Palette& c = theme::colors();
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  std::string text = state.picker.filter;
  const std::string placeholder = picker_placeholder(state);
  Rect field = inset(r, 10, 0);
  if (picker_is_date(state.picker.kind)) {
    if (const auto day = picker_date(state)) {
      const std::string echo = day_label(state, *day);
      const float width = text_width(echo, theme::body);
      draw_text(field.right() - width, field.center_y(), echo, theme::body, c.text_tertiary);
      field.w -= width + 8;
    }
  }
  TextFieldOptions options;
  options.name = placeholder;
  options.placeholder = placeholder;
  options.takes_focus = true;
  options.is_bare = true;
  options.icon = icons::search;
  options.role = Aria::combobox;
  options.controls = list;
  options.is_expanded = true;
  const TextFieldEvents events = text_field("filter", field, text, options);
  if (events.changed) out.change(PickerChanged{text, 0, state.picker.month});
}

void draw_dates(const State& state, Outbox& out, Rect r) {
  MonthGrid grid;
  grid.today = state.today;
  grid.week_start = state.week_start;
  grid.chosen = picker_date(state);
  const Date shown = state.picker.month.days != 0 ? state.picker.month : grid.chosen.value_or(state.today);
  CivilDate first = civil_from_date(shown);
  first.day = 1;
  grid.month = date_from_civil(first);
  const MonthEvents events = month_grid(r, grid);
  if (events.month) out.change(PickerChanged{state.picker.filter, state.picker.cursor, *events.month});
  if (events.picked) {
    out.run(state.picker.command, *events.picked, state.picker.targets);
    out.change(PickerClosed{});
  }
}

}  // namespace

void picker_popup(const State& state, Outbox& out) {
  if (state.picker.kind == PickerKind::none) return;
  const theme::Palette& c = theme::colors();
  const Layer layer("picker", LayerKind::modal, window_rect());
  const IdScope ids("picker");
  const bool phone = is_phone();
  const bool is_date = picker_is_date(state.picker.kind);
  const std::vector<PickerRow> rows = picker_rows(state);
  const float row_height = phone ? 44.0f : theme::menu_item_height;
  float rows_height = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows_height += row_height + (rows[i].begins_group && i > 0 ? 11.0f : 0.0f);
  const Rect window = window_rect();
  const float filter = has_filter(state.picker.kind) ? (phone ? 48.0f : filter_height) : 0;
  const float width = is_date ? 246.0f : has_filter(state.picker.kind) ? 300.0f : 244.0f;
  const float dates = is_date ? month_grid_height + 14 : 0;
  const float list_height = std::min(rows_height, room_for_rows(state) - filter - dates - 10);
  const Rect r = place_picker(state, width, filter + list_height + dates + 10);
  if (phone) fill(window, c.bg_scrim);
  if (layer.is_pressed_outside(r)) out.change(PickerClosed{});
  popup_box(r, phone ? 12.0f : 8.0f);
  const std::string name = picker_placeholder(state);
  const a11y::Scope scope(scope_node(id_of("popup"),
                                     r,
                                     has_filter(state.picker.kind) ? Aria::dialog : Aria::menu,
                                     name.empty() ? "Menu" : std::string_view(name)));
  Rect rest = r;
  const ImGuiID list = id_of("rows-list");
  if (filter > 0) filter_row(state, out, cut_top(rest, filter), list);
  if (is_date) draw_dates(state, out, inset(cut_top(rest, dates), 10, 7));
  rest = inset(rest, 5);
  const a11y::Scope box(
      scope_node(list, rest, has_filter(state.picker.kind) ? Aria::listbox : Aria::group, name));
  Scroll scroll("rows", {rest.x, rest.y, rest.w, list_height}, rows_height);
  static std::size_t last_cursor = 0;
  if (last_cursor != state.picker.cursor) {
    last_cursor = state.picker.cursor;
    scroll.reveal(row_height * static_cast<float>(last_cursor),
                  row_height * static_cast<float>(last_cursor + 1));
  }
  float y = scroll.top();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].begins_group && i > 0) y += 11;
    const Rect place{rest.x, y, rest.w, row_height};
    y += row_height;
    if (place.bottom() < rest.y || place.y > rest.y + list_height) continue;
    draw_row(state, out, rows[i], place, i);
  }
}

}  // namespace dits::web
