// One row in full: every column with its value, where it points, and what points at it. And what a column
// holds.
#include <algorithm>
#include <array>
#include <cstdio>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/studio_parts.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

constexpr int most_lines = 4;

std::string percent(double share) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), share > 0 && share < 0.01 ? "<1%%" : "%.0f%%", share * 100);
  return text.data();
}

// What a known id stands for: "Backlog", "#128 Reconnect drops edits"; empty for rows of other accounts.
std::string name_of_target(const State& state, std::string_view table, std::string_view id) {
  const auto uuid = parse_uuid(id);
  if (!uuid) return {};
  const Entities& entities = state.entities;
  if (table == "statuses") {
    if (const Status* status = find_status(entities, StatusId{*uuid})) return status->name;
  } else if (table == "projects") {
    if (const Project* project = find_project(entities, ProjectId{*uuid})) return project->name;
  } else if (table == "areas") {
    if (const Area* area = find_area(entities, AreaId{*uuid})) return area->name;
  } else if (table == "labels") {
    if (const Label* label = find_label(entities, LabelId{*uuid})) return label->name;
  } else if (table == "issues") {
    if (const Issue* issue = find_issue(entities, IssueId{*uuid}))
      return number_text(*issue) + " " + issue->title;
  } else if (table == "users" && state.session.me.id.uuid == *uuid) {
    return state.session.me.email;
  }
  return {};
}

float column_value(const State& state, Outbox& out, std::size_t index, float x, float y, float width) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const StudioColumn& column = studio_table(studio)->columns[index];
  const IdScope ids(column.name);
  const Cell cell = cell_at(studio, studio.row, index);
  const auto link = link_of_cell(studio, studio.row, index);
  const bool is_new_value = is_changed(studio, studio.row, index);
  float name_width = draw_text(x, y + 8, column.name, theme::mono_small, c.text_tertiary);
  if (is_new_value) draw_text(x + name_width + 6, y + 8, "changed", theme::caption_medium, c.signal_warning);
  std::string shown = column.is_secret ? shown_cell(column, cell) : cell.value_or("null");
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  // An id fits one line only in the smaller letters.
  const theme::TextStyle style = column.kind == CellKind::uuid ? theme::mono_small : theme::mono;
  const std::string target = link && cell ? name_of_target(state, link->table, *cell) : std::string();
  const float target_height = target.empty() ? 0 : wrapped_height(width, target, theme::mono, 2);
  const float height = target_height + wrapped_height(width, shown, style, most_lines);
  const Rect place{x, y + 17, width, height};
  if (link) {
    const ItemState state_of =
        item(id_of("link"),
             place,
             {.role = Aria::link, .name = column.name + " " + (target.empty() ? shown : target)});
    if (!target.empty()) draw_wrapped(x, place.y, width, target, theme::mono, c.accent_text, 2);
    const ImU32 ink = target.empty() ? c.accent_text : c.text_tertiary;
    draw_wrapped(x, place.y + target_height, width, shown, style, ink, most_lines);
    if (state_of.has_ring) focus_ring(place, 4);
    tooltip(state_of, place, "Open in " + link->table);
    if (state_of.clicked) go(out, studio_route(link->table, link->filter));
  } else {
    const ImU32 color = !cell && !column.is_secret ? c.text_disabled : c.text_primary;
    draw_wrapped(x, place.y, width, shown, style, color, most_lines);
    mirror(id_of("value"), place, {.role = Aria::text, .name = column.name + ": " + shown});
  }
  horizontal_line(x, place.bottom() + 4, width, c.border_subtle);
  return height + 26;
}

}  // namespace

void studio_row_pane(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const IdScope ids("row");
  fill(r, c.bg_inset);
  const a11y::Scope scope(scope_node(id_of("pane"), r, Aria::complementary, "Row"));
  const StudioTable* table = studio_table(studio);
  if (table == nullptr || studio.row >= studio_row_count(studio)) return;
  Rect rest = r;
  Rect header = inset(cut_top(rest, theme::pane_header_height), 14, 0);
  const std::string title = studio_row_title(studio, studio.row);
  if (table->name == "issues" && loaded_row(studio, studio.row) != nullptr &&
      button_right(
          header, "open", "Open issue", {.kind = ButtonKind::ghost, .icon = icons::arrow_up_right})) {
    Route route;
    route.screen = Screen::issue;
    route.issue_number = 0;
    for (const char digit : title) route.issue_number = route.issue_number * 10 + (digit - '0');
    go(out, route);
  }
  text_line(header, table->name + " " + title, theme::mono_medium, c.text_primary);
  mirror(id_of("title"), header, {.role = Aria::heading, .name = table->name + " " + title, .level = 2});
  Scroll scroll("body", rest);
  const float x = rest.x + 14;
  const float width = rest.w - 28;
  float y = scroll.top() + 4;
  for (std::size_t at = 0; at < table->columns.size(); ++at) {
    if (table->columns[at].kind == CellKind::other && table->columns[at].type == "tsvector") continue;
    y += column_value(state, out, at, x, y, width);
  }
  const std::vector<StudioBackLink> links = back_links(studio, studio.row);
  if (!links.empty()) {
    y += 8;
    draw_text(x, y + 10, "Referenced by", theme::small_strong, c.text_primary);
    mirror(
        id_of("references"), {x, y, width, 20}, {.role = Aria::heading, .name = "Referenced by", .level = 3});
    y += 24;
  }
  for (const StudioBackLink& link : links) {
    const Rect place{x - 6, y, width + 12, 25};
    const std::string name = link.table + " by " + link.column;
    const ItemState state_of = item(id_of(name), place, {.role = Aria::link, .name = name});
    if (state_of.hovered) fill(place, c.bg_hover, 6);
    if (state_of.has_ring) outline(place, c.focus_ring, 6, 2);
    draw_text_in({x, y, width, 25}, link.table, theme::mono, c.text_secondary);
    draw_text_in({x, y, width, 25}, link.column, theme::mono_small, c.text_tertiary, Align::right);
    if (state_of.clicked) go(out, studio_route(link.table, link.filter));
    y += 25;
  }
  scroll.end_at(y + 20);
}

void studio_statistics(const State& state, Outbox& out, Rect header) {
  const theme::Palette& c = theme::colors();
  const StudioState& studio = studio_of(state);
  const std::size_t count = studio.statistics ? studio.statistics->common.size() : 0;
  const float height = 44 + (studio.statistics ? 92.0f : 26.0f) + 22 * static_cast<float>(count);
  const Rect box{std::min(header.x, window_rect().right() - 300), header.bottom() + 4, 288, height};
  const Layer layer("statistics", LayerKind::floating, inset(box, -16));
  popup_box(box);
  a11y::Node node =
      scope_node(id_of("statistics"), box, Aria::dialog, "Statistics of " + studio.statistics_column);
  const a11y::Scope scope(node);
  Rect rest = inset(box, 14, 8);
  Rect top = cut_top(rest, 30);
  if (icon_button_right(top, "close", icons::x, "Close", {.size = 24, .icon_size = 13}))
    out.run("studio.statistics", studio.statistics_column);
  text_line(top, studio.statistics_column, theme::mono_medium, c.text_primary);
  const auto line = [&](std::string_view name, const std::string& value) {
    const Rect row = cut_top(rest, 22);
    draw_text_in({row.x, row.y, 90, row.h}, name, theme::small, c.text_tertiary);
    text_line({row.x + 92, row.y, row.w - 92, row.h}, value, theme::mono, c.text_primary, Align::right);
    mirror(id_of(name), row, {.role = Aria::text, .name = std::string(name) + " " + value});
  };
  if (!studio.statistics)
    return line("Looking", studio.statistics_problem.empty() ? "…" : studio.statistics_problem);
  const ColumnStatistics& found = *studio.statistics;
  line("Rows", row_count_text(found.rows, found.is_estimate));
  line("Distinct",
       row_count_text(found.distinct, found.is_estimate) + ", " + percent(found.null_share) + " null");
  line("Least", found.least.value_or("none"));
  line("Most", found.most.value_or("none"));
  for (std::size_t at = 0; at < count; ++at) {
    const ColumnStatistics::Value& each = found.common[at];
    const Rect row = cut_top(rest, 22);
    const IdScope ids(static_cast<std::uint64_t>(at) + 1);
    const float bar = (row.w - 50) * static_cast<float>(each.share);
    fill({row.x, row.y + 3, std::max(2.0f, bar), row.h - 6}, c.accent_tint, 3);
    draw_text_in({row.x + 6, row.y, row.w - 60, row.h},
                 each.value.value_or("null"),
                 theme::mono_small,
                 c.text_primary);
    draw_text_in(row, percent(each.share), theme::mono_small, c.text_secondary, Align::right);
    mirror(id_of("value"),
           row,
           {.role = Aria::text, .name = each.value.value_or("null") + " " + percent(each.share)});
  }
}

bool studio_long_editor(const State& state, Outbox& out) {
  const StudioState& studio = studio_of(state);
  if (!edits_long_text(studio)) return false;
  const theme::Palette& c = theme::colors();
  const StudioTable& table = *studio_table(studio);
  const StudioColumn& column = table.columns[visible_columns(studio)[studio.column]];
  const Rect window = window_rect();
  const Layer layer("long", LayerKind::modal, window);
  const IdScope ids("long");
  fill(window, c.bg_scrim);
  const Rect box = centered(window, std::min(680.0f, window.w - 32), std::min(460.0f, window.h - 60));
  shadow(box, 12);
  fill(box, c.bg_raised, 12);
  outline(box, c.border_default, 12);
  const std::string title = table.name + " " + studio_row_title(studio, studio.row) + ", " + column.name;
  a11y::Node node = scope_node(id_of("dialog"), box, Aria::dialog, title);
  node.modal = true;
  const a11y::Scope scope(node);
  Rect rest = inset(box, 16, 12);
  text_line(cut_top(rest, 26), title, theme::title, c.text_primary);
  Rect foot = cut_bottom(rest, 40);
  if (button_right(foot, "keep", "Keep", {.kind = ButtonKind::primary, .keys = "Ctrl ⏎"}))
    out.run("studio.keep");
  if (button_right(foot, "cancel", "Cancel", {.keys = "Esc"})) out.run("studio.cancel");
  if (!studio.edit_problem.empty()) field_error(foot.x, foot.center_y() - 10, foot.w, studio.edit_problem);
  std::string text = studio.edit_text;
  TextAreaOptions options;
  const std::string name = "Edit " + column.name;
  options.name = name;
  options.takes_focus = true;
  options.is_covered = is_studio_covered(state);
  options.is_mono = true;
  options.style = theme::mono;
  const TextAreaEvents events = text_area("text", inset(rest, 0, 6), text, options);
  if (events.changed) {
    change_studio(state, out, [&](StudioState& next) {
      next.edit_text = text;
      next.edit_problem.clear();
    });
  }
  return true;
}

}  // namespace dits::web
