// Draws the rows that the store names.
#include "web/ui/sidebar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "web/store/inline_draft.hpp"
#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"

namespace dits::web {

namespace {

using Kind = SidebarRow::Kind;

std::string_view shortcut_of(const SidebarRow& row) {
  if (shows_insights(row.route)) return "g r";
  switch (row.route.screen) {
    case Screen::inbox:
      return "g i";
    case Screen::today:
      return "g t";
    case Screen::upcoming:
      return "g u";
    case Screen::next:
      return "g n";
    case Screen::logbook:
      return "g l";
    case Screen::studio:
      return "g d";
    case Screen::system:
      return "g s";
    case Screen::settings:
      return "g ,";
    default:
      return {};
  }
}

void draw_sign(const SidebarRow& row, float x, float y, bool is_active) {
  const theme::Palette& c = theme::colors();
  if (row.kind == Kind::project) {
    const auto total = static_cast<float>(std::max(1u, row.progress.total()));
    const float done = row.progress.total() == 0 ? 0 : static_cast<float>(row.progress.closed) / total;
    draw_progress_ring(x, y, done, 14);
  } else if (row.kind == Kind::area) {
    draw_square(x, y, theme::hue_of(row.color));
  } else {
    draw_icon(x, y, sidebar_icon(row), 15, is_active ? c.accent_text : c.text_secondary);
  }
}

// What a row of issues dropped here would become; empty when it takes none.
std::string drop_command(const SidebarRow& row) {
  if (row.kind == Kind::project) return "issue.move.to_project";
  if (row.kind == Kind::area) return "issue.move.to_area";
  if (row.route.screen == Screen::today) return "issue.due.today";
  return {};
}

void take_drop(const State& state, Outbox& out, const SidebarRow& row, Rect r, std::string_view command) {
  if (state.drag.issues.empty() || command.empty() || !r.contains(mouse())) return;
  outline(r, theme::colors().accent_base, 6);
  if (!ImGui::IsMouseReleased(0)) return;
  Argument argument;
  if (row.kind == Kind::project) argument = ProjectId{row.entity_id};
  if (row.kind == Kind::area) argument = AreaId{row.entity_id};
  out.run(command, argument, state.drag.issues);
  out.change(DragChanged{});
}

void nav_row(const State& state, Outbox& out, const SidebarRow& row, Rect r, std::size_t index) {
  const theme::Palette& c = theme::colors();
  const std::string url = format_route(row.route);
  const std::string command = drop_command(row);
  a11y::Node node;
  node.role = Aria::link;
  node.name = row.title;
  node.value = url;
  node.current = row.is_current ? a11y::Current::page : a11y::Current::no;
  const std::string count = row.count > 0 ? std::to_string(row.count) : std::string();
  node.description = count;
  const ItemState hit_state = item(id_of(index + 1), r, node);
  if (row.is_current) fill(r, c.bg_selected, 6);
  if (hit_state.hovered && !row.is_current) fill(r, c.bg_hover, 6);
  if (hit_state.has_ring || (state.region == Region::sidebar && state.sidebar_cursor == index)) {
    outline(r, c.focus_ring, 6, 2);
  }
  draw_sign(row, r.x + 15.5f, r.center_y(), row.is_current);
  float right = r.right() - 8;
  if (!count.empty()) {
    const bool is_hot = row.route.screen == Screen::today && row.kind == Kind::smart;
    const auto style = is_hot ? theme::mono_small_medium : theme::mono_small;
    const float width = text_width(count, style);
    draw_text(right - width, r.center_y(), count, style, is_hot ? c.accent_text : c.text_tertiary);
    right -= width + 9;
  }
  const float left = r.x + 32;
  text_line({left, r.y, right - left, r.h},
            row.title,
            row.is_current ? theme::body_medium : theme::body,
            row.is_current ? c.text_primary : c.text_secondary);
  take_drop(state, out, row, r, command);
  if (hit_state.clicked) go(out, row.route);
  if (!shortcut_of(row).empty()) tooltip(hit_state, r, row.title, shortcut_of(row));
  if (hit_state.context && (row.kind == Kind::project || row.kind == Kind::area)) {
    Dialog dialog;
    dialog.kind = row.kind == Kind::project ? DialogKind::edit_project : DialogKind::edit_area;
    dialog.entity_id = row.entity_id;
    dialog.name = row.title;
    dialog.color = row.color;
    out.change(DialogChanged{dialog});
  }
}

void heading_row(Outbox& out, const SidebarRow& row, Rect r) {
  const theme::Palette& c = theme::colors();
  draw_text(r.x + 8, r.bottom() - 14, row.title, theme::small_medium, c.text_tertiary);
  mirror(id_of(row.title), r, {.role = Aria::heading, .name = row.title, .level = 2});
  if (row.command.empty()) return;
  const std::string name = "New in " + row.title;
  const Rect plus{r.right() - 26, r.bottom() - 25, 24, 22};
  if (icon_button(row.title + "+", plus, icons::plus, name, {.icon_size = 13, .color = c.text_tertiary}))
    out.run(row.command);
}

void brand_row(const State& state, Outbox& out, Rect bar) {
  const theme::Palette& c = theme::colors();
  bar = inset(bar, 0, 0);
  bar.x += 14;
  bar.w -= 22;
  const bool has_draft = has_waiting_form(state);
  const std::string name = has_draft ? "New issue, a draft waits" : "New issue";
  if (icon_button_right(bar, "new", icons::square_pen, name, {.keys = "c"})) out.run("issue.new");
  if (has_draft) fill({bar.right() + 22, bar.center_y() - 11, 7, 7}, c.accent_base, 3.5f);
  if (icon_button_right(bar, "search", icons::search, "Search and commands", {.keys = "Ctrl K"}))
    out.run("palette.open");
  draw_logo(bar.x + 9, bar.center_y(), 18);
  draw_text(bar.x + 25, bar.center_y(), "dits", theme::title, c.text_primary);
}

float row_height_of(const SidebarRow& row) { return row.kind == Kind::heading ? 40 : theme::nav_height; }

void rail(Outbox& out, const std::vector<SidebarRow>& rows, Rect r) {
  const theme::Palette& c = theme::colors();
  draw_logo(r.center_x(), r.y + 22, 20);
  float y = r.y + 44;
  const auto feet =
      std::count_if(rows.begin(), rows.end(), [](const SidebarRow& row) { return row.kind == Kind::foot; });
  const float body_end = r.bottom() - 10 - 28 * static_cast<float>(feet);
  float foot_y = body_end;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SidebarRow& row = rows[i];
    if (row.kind == Kind::heading) continue;
    const bool is_foot = row.kind == Kind::foot;
    if (!is_foot && y + 28 > body_end - 8) continue;
    const Rect place{r.center_x() - 14, is_foot ? foot_y : y, 28, 28};
    (is_foot ? foot_y : y) += is_foot ? 28.0f : 32.0f;
    a11y::Node node;
    node.role = Aria::link;
    node.name = row.title;
    node.current = row.is_current ? a11y::Current::page : a11y::Current::no;
    const ItemState state = item(id_of(i + 1), place, node);
    if (row.is_current) fill(place, c.bg_selected, 6);
    if (state.hovered) fill(place, c.bg_hover, 6);
    if (state.has_ring) focus_ring(place, 6);
    draw_sign(row, place.center_x(), place.center_y(), row.is_current);
    tooltip(state, place, row.title, shortcut_of(row));
    if (state.clicked) go(out, row.route);
  }
}

}  // namespace

const char* sidebar_icon(const SidebarRow& row) {
  if (shows_insights(row.route)) return icons::chart_line;
  switch (row.route.screen) {
    case Screen::inbox:
      return icons::inbox;
    case Screen::today:
      return icons::sun;
    case Screen::upcoming:
      return icons::calendar_days;
    case Screen::next:
      return icons::circle_arrow_right;
    case Screen::logbook:
      return icons::book_check;
    case Screen::all:
      return icons::layers;
    case Screen::trash:
      return icons::trash_2;
    case Screen::studio:
      return icons::database;
    case Screen::system:
      return icons::activity;
    case Screen::settings:
      return icons::settings_2;
    case Screen::view:
      return icons::bookmark;
    case Screen::label:
      return icons::tag;
    default:
      return icons::folder;
  }
}

void sidebar(const State& state, Outbox& out, Rect r, bool is_rail) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("sidebar");
  const a11y::Scope scope(scope_node(id_of("navigation"), r, Aria::navigation, "Sidebar"));
  fill(r, c.bg_panel);
  vertical_line(r.right() - 1, r.y, r.h, c.border_default);
  const std::vector<SidebarRow> rows = sidebar_rows(state);
  if (is_rail) {
    const ArrowRegion region;
    rail(out, rows, r);
    return;
  }
  Rect rest = r;
  rest.w -= 1;
  brand_row(state, out, cut_top(rest, theme::header_height));

  float foot_height = 16;
  float body_height = 8;
  for (const SidebarRow& row : rows)
    (row.kind == Kind::foot ? foot_height : body_height) += row_height_of(row);
  Rect foot = cut_bottom(rest, foot_height + 1);
  horizontal_line(foot.x, foot.y, foot.w, c.border_subtle);

  const ArrowRegion region;
  {
    const Scroll scroll("rows", rest, body_height);
    float y = scroll.top() + 4;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const SidebarRow& row = rows[i];
      if (row.kind == Kind::foot) continue;
      const Rect place{rest.x + 8, y, rest.w - 16, row_height_of(row)};
      y += place.h;
      if (place.bottom() < rest.y || place.y > rest.bottom()) continue;
      if (row.kind == Kind::heading) {
        heading_row(out, row, place);
      } else {
        nav_row(state, out, row, place, i);
      }
    }
  }
  float y = foot.y + 9;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].kind != Kind::foot) continue;
    nav_row(state, out, rows[i], {foot.x + 8, y, foot.w - 16, theme::nav_height}, i);
    y += theme::nav_height;
  }
}

}  // namespace dits::web
