// The list draws only the lines that are seen; where a line lies follows from its number and its group's.
#include "web/ui/list_screen.hpp"

#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/issue_detail.hpp"
#include "web/ui/issue_row.hpp"
#include "web/ui/query_bar.hpp"
#include "web/ui/titles.hpp"

namespace dits::web {

namespace {

// Heights of a list's lines. Lines are rows and headers in one sequence; headers before a line = its group's
// number.
struct LineMap {
  const ListResult& result;
  float row = theme::row_height;
  float header = theme::group_height;
  bool has_headers = false;

  explicit LineMap(const State& state) : result(state.list.result) {
    if (is_phone()) {
      row = theme::phone_row_height;
      header = theme::phone_group_height;
    } else if (state.density == Density::compact) {
      row = theme::row_height_compact;
      header = theme::group_height_compact;
    }
    has_headers = !result.lines.empty() && result.lines.front().is_header();
  }

  float height_of(std::size_t line) const { return result.lines[line].is_header() ? header : row; }
  float top_of(std::size_t line) const {
    const ListLine& at = result.lines[line];
    const float headers = has_headers ? static_cast<float>(at.group) + (at.is_header() ? 0.0f : 1.0f) : 0;
    return (static_cast<float>(line) - headers) * row + headers * header;
  }
  float total() const {
    return result.lines.empty() ? 0 : top_of(result.lines.size() - 1) + height_of(result.lines.size() - 1);
  }
  // The line in which `y` lies, or the last.
  std::size_t line_at(float y) const {
    std::size_t low = 0;
    std::size_t high = result.lines.size();
    while (low + 1 < high) {
      const std::size_t half = (low + high) / 2;
      (top_of(half) <= y ? low : high) = half;
    }
    return low;
  }
};

bool takes_drop(const ListGroup& group) {
  return group.kind == GroupKind::status || group.kind == GroupKind::priority ||
         group.kind == GroupKind::project || group.kind == GroupKind::area;
}

void drop_on(const State& state, Outbox& out, const ListGroup& group) {
  switch (group.kind) {
    case GroupKind::status:
      out.run("issue.status.set", StatusId{group.entity_id}, state.drag.issues);
      break;
    case GroupKind::priority:
      out.run("issue.priority.set", group.priority, state.drag.issues);
      break;
    case GroupKind::project:
      out.run("issue.move.to_project", ProjectId{group.entity_id}, state.drag.issues);
      break;
    case GroupKind::area:
      out.run("issue.move.to_area", AreaId{group.entity_id}, state.drag.issues);
      break;
    default:
      break;
  }
}

// What is dragged follows the pointer; a release ends it.
void follow_drag(const State& state, Outbox& out, const ListGroup* over) {
  const Issue* issue = find_issue(state.entities, state.drag.issues.front());
  std::string text = issue ? title_words(issue_name(*issue)) : std::string();
  bool is_cut = false;
  text.resize(fitting_prefix(text, theme::small, 360, is_cut).size());
  if (is_cut) text += "…";
  if (state.drag.issues.size() > 1) text = std::to_string(state.drag.issues.size()) + " issues";
  if (over && takes_drop(*over))
    text = (state.drag.issues.size() > 1 ? text : issue ? number_text(*issue) : text) + " to " + over->title;
  draw_tip(mouse().x + 14, mouse().y + 14, text, "Esc", "cancel");
  if (!ImGui::IsMouseReleased(0)) return;
  if (over && takes_drop(*over)) drop_on(state, out, *over);
  out.change(DragChanged{});
}

void draw_lines(const State& state,
                Outbox& out,
                const LineMap& map,
                const Scroll& scroll,
                Rect view,
                const ListGroup* over) {
  const std::size_t count = map.result.lines.size();
  const float top = scroll.top();
  int position = 0;
  for (std::size_t line = map.line_at(scroll.offset()); line < count; ++line) {
    const Rect place{view.x, top + map.top_of(line), view.w, map.height_of(line)};
    if (place.y >= view.bottom()) break;
    const ListLine& at = map.result.lines[line];
    const bool is_cursor = line == state.list.cursor && !is_phone();
    if (at.is_header()) {
      const bool is_target = over == &map.result.groups[at.group] && takes_drop(*over);
      group_header(state, out, at.group, place, is_cursor, is_target);
      continue;
    }
    position = static_cast<int>(line) + 1;
    IssueRow row;
    row.slot = at.slot;
    row.place = place;
    row.line = line;
    row.position = position;
    row.is_cursor = is_cursor;
    row.is_selected = is_selected(state, at.slot);
    row.has_region = state.region == Region::body;
    if (is_phone()) {
      phone_issue_row(state, out, row);
    } else {
      issue_row(state, out, row);
    }
  }
}

// The header of the topmost group stays in view until the next one pushes it away; an empty place: none is
// needed.
struct StickyHeader {
  std::uint32_t group = 0;
  Rect place;
};

StickyHeader sticky_header(const LineMap& map, const Scroll& scroll, Rect view) {
  StickyHeader sticky;
  if (!map.has_headers || scroll.offset() <= 0) return sticky;
  const std::size_t first = map.line_at(scroll.offset());
  const ListLine& at = map.result.lines[first];
  if (at.is_header() && map.top_of(first) >= scroll.offset()) return sticky;
  sticky.group = at.group;
  float y = view.y;
  if (at.group + 1 < map.result.groups.size()) {
    y = std::min(y, scroll.top() + map.top_of(map.result.groups[at.group + 1].first_line) - map.header);
  }
  sticky.place = {view.x, y, view.w, map.header};
  return sticky;
}

void select_by_gutter(const State& state, Outbox& out, const LineMap& map, const Scroll& scroll, Rect view) {
  const ImVec2 from = ImGui::GetIO().MouseClickedPos[0];
  const Rect gutter{view.x, view.y, theme::gutter_width, view.h};
  if (is_phone() || !ImGui::IsMouseDragging(0, 4) || !gutter.contains(from) || !is_hovered(view)) return;
  const std::size_t a = map.line_at(std::max(0.0f, from.y - scroll.top()));
  const std::size_t b = map.line_at(std::max(0.0f, mouse().y - scroll.top()));
  std::vector<IssueId> ids;
  for (std::size_t i = std::min(a, b); i <= std::max(a, b); ++i) {
    if (!map.result.lines[i].is_header()) ids.push_back(issue_at(state, map.result.lines[i].slot).id);
  }
  if (ids.size() != state.list.selected.size()) out.change(SelectionChanged{std::move(ids), a});
}

void scroll_to_cursor(const State& state, Outbox& out, const LineMap& map, Scroll& scroll) {
  if (!state.list.scroll_to_cursor && !state.list.centre_cursor) return;
  if (state.list.cursor < map.result.lines.size()) {
    const float y = map.top_of(state.list.cursor);
    const float height = map.height_of(state.list.cursor);
    if (state.list.centre_cursor) {
      scroll.scroll_to(y - (scroll.view_height() - height) / 2);
    } else {
      scroll.reveal(state.list.cursor <= 1 ? 0 : y - (map.has_headers ? map.header : 0), y + height);
    }
  }
  out.change(ScrollDone{});
}

void draw_skeletons(Rect r) {
  Rect rest = r;
  const Rect header = cut_top(rest, theme::group_height);
  fill(header, theme::colors().bg_inset);
  draw_skeleton_bar(header.x + 58, header.center_y(), 14);
  draw_skeleton_bar(header.x + 81, header.center_y(), 80);
  for (int i = 0; i < 8 && rest.h > 0; ++i) skeleton_row(cut_top(rest, theme::row_height), i);
  mirror(id_of("loading"), r, {.role = Aria::status, .name = "Loading"});
}

}  // namespace

void issue_list(const State& state, Outbox& out, Rect r) {
  const IdScope ids("list");
  fill(r, theme::colors().bg_canvas);
  const ListResult& result = state.list.result;
  if (result.rows.empty() && state.sync.phase == SyncPhase::loading) {
    if (has_waited(id_of("patience"), 120)) draw_skeletons(r);
    return;
  }
  a11y::Node grid = scope_node(id_of("grid"), r, Aria::grid, "Issues");
  grid.row_count = static_cast<int>(result.rows.size());
  grid.multiselectable = true;
  const a11y::Scope scope(grid);
  if (result.rows.empty()) {
    empty_list(state, out, r);
    return;
  }
  const LineMap map(state);
  Scroll scroll("scroll", r, map.total() + (is_phone() ? 80.0f : 40.0f));
  scroll_to_cursor(state, out, map, scroll);
  const ListGroup* over = nullptr;
  if (!state.drag.issues.empty() && is_hovered(r)) {
    over = &result.groups[result.lines[map.line_at(std::max(0.0f, mouse().y - scroll.top()))].group];
    if (mouse().y < r.y + 40) scroll.scroll_by(-8);
    if (mouse().y > r.bottom() - 40) scroll.scroll_by(8);
  }
  const StickyHeader sticky = sticky_header(map, scroll, r);
  const float covered = sticky.place.is_empty() ? r.y : sticky.place.bottom();
  {
    const ClipScope below({r.x, covered, r.w, r.bottom() - covered});
    draw_lines(state, out, map, scroll, r, over);
  }
  if (!sticky.place.is_empty()) {
    const IdScope sticky_ids("sticky");
    const bool is_cursor = map.result.groups[sticky.group].first_line == state.list.cursor && !is_phone();
    group_header(state, out, sticky.group, sticky.place, is_cursor, false);
  }
  select_by_gutter(state, out, map, scroll, r);
  if (!state.drag.issues.empty()) follow_drag(state, out, over);
}

void list_screen(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  Rect rest = r;
  list_header(state, out, cut_top(rest, theme::header_height));
  query_bar(state, out, cut_top(rest, theme::query_bar_height));
  connection_banner(state, out, rest);
  trash_hint(state, rest);
  const Issue* opened = opened_issue(state);
  const bool has_pane = state.detail_open && opened != nullptr && !state.list.result.rows.empty();
  if (has_pane && window_rect().w >= theme::overlay_pane_below) {
    const float width = std::clamp(state.detail_width, theme::detail_width_min, theme::detail_width_max);
    const Rect pane = cut_right(rest, width);
    const Rect handle{pane.x - 4, pane.y, 8, pane.h};
    const ItemState splitter = hit(id_of("splitter"), handle, item_no_tab_stop);
    if (splitter.hovered || splitter.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (splitter.held) {
      AppearanceChanged change;
      change.detail_width =
          std::clamp(pane.right() - mouse().x, theme::detail_width_min, theme::detail_width_max);
      if (*change.detail_width != state.detail_width) out.change(change);
    }
    if (splitter.double_clicked) {
      AppearanceChanged change;
      change.detail_width = theme::detail_width;
      out.change(change);
    }
    issue_pane(state, out, *opened, pane);
    vertical_line(
        pane.x, pane.y, pane.h, splitter.hovered || splitter.held ? c.accent_base : c.border_default);
  }
  issue_list(state, out, rest);
}

}  // namespace dits::web
