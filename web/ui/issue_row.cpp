// Draw order: fill, signal bar, lower line, edges of the cursor, content.
#include "web/ui/issue_row.hpp"

#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/ui/titles.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

struct RowHits {
  ItemState gutter;
  ItemState priority;
  ItemState status;
  ItemState whole;
};

struct RowPlaces {
  Rect gutter;
  Rect priority;
  Rect status;
  float title_x = 0;
};

RowPlaces places_of(Rect r, std::uint16_t columns) {
  RowPlaces places;
  float x = r.x;
  places.gutter = {x, r.y, theme::gutter_width, r.h};
  x += theme::gutter_width + theme::row_gap;
  if (columns & column_priority) {
    places.priority = {x - 4, r.y, 22, r.h};
    x += 14 + theme::row_gap;
  }
  if (columns & column_status) {
    places.status = {x - 4, r.y, 22, r.h};
    x += 14 + theme::row_gap;
  }
  places.title_x = x;
  return places;
}

RowHits hit_row(const RowPlaces& places, Rect r) {
  RowHits hits;
  hits.gutter = hit(id_of("gutter"), places.gutter, item_no_tab_stop);
  if (!places.priority.is_empty()) hits.priority = hit(id_of("priority"), places.priority, item_no_tab_stop);
  if (!places.status.is_empty()) hits.status = hit(id_of("status"), places.status, item_no_tab_stop);
  hits.whole = hit(id_of("row"), r, item_no_tab_stop);
  return hits;
}

void draw_background(const State& state, const IssueRow& row) {
  const theme::Palette& c = theme::colors();
  const Rect& r = row.place;
  if (row.is_cursor) {
    fill(r, row.has_region ? c.bg_selected : c.bg_selected_idle);
  } else if (row.is_selected) {
    fill(r, c.bg_selected);
  } else if (is_hovered(r) && state.drag.issues.empty()) {
    fill(r, c.bg_hover);
  }
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  if (const ImU32 signal = signal_color(signal_of(state, row.slot)))
    fill({r.x, r.y, theme::signal_width, r.h}, signal);
  if (row.is_cursor && row.has_region) {
    horizontal_line(r.x, r.y - 1, r.w, c.accent_line);
    horizontal_line(r.x, r.bottom() - 1, r.w, c.accent_line);
  }
}

// The parts at the right end, from right to left; returns where the title must end.
float draw_right_part(const State& state,
                      Outbox& out,
                      const Issue& issue,
                      const IssueFacts& facts,
                      Rect r,
                      std::uint16_t columns) {
  const theme::Palette& c = theme::colors();
  float right = r.right() - 14;
  const bool has_due = (columns & column_due) && r.w >= 360;
  const bool has_git = (columns & column_git) && r.w >= 460;
  const bool has_labels = (columns & column_labels) && r.w >= 620;
  if (columns & column_updated && r.w >= 560) {
    const std::string ago = ago_label(state, issue.updated_at);
    draw_text_in({right - 70, r.y, 70, r.h}, ago, theme::small, c.text_tertiary, Align::right);
    right -= 70 + theme::row_gap;
  }
  if (has_due) {
    const DueLabel due = due_label(state, issue);
    const bool is_strong = due.tone == DueTone::overdue || due.tone == DueTone::today;
    const auto style = is_strong ? theme::small_medium : theme::small;
    const float width = std::max(48.0f, text_width(due.text, style));
    draw_text_in({right - width, r.y, width, r.h}, due.text, style, due_color(due.tone), Align::right);
    right -= width + theme::row_gap;
  }
  if (has_git) {
    if (facts.git & git_pull_request) {
      draw_icon(right - 7, r.center_y(), icons::git_pull_request, 14, c.status_review);
    } else if (facts.git & git_branch) {
      draw_icon(right - 7, r.center_y(), icons::git_branch, 14, c.text_tertiary);
    } else if (facts.git & git_commit) {
      draw_icon(right - 7, r.center_y(), icons::git_commit_horizontal, 14, c.text_tertiary);
    }
    right -= 14 + theme::row_gap;
  }
  if (facts.is_pending) {
    draw_icon(right - 7, r.center_y(), icons::cloud_upload, 13, c.text_tertiary);
    right -= 14 + theme::row_gap;
  }
  if (has_labels && !issue.label_ids.empty()) {
    const std::vector<const Label*> labels = labels_of(state, issue);
    const float begin = draw_chips_to_left(right, r.center_y(), labels);
    const ItemState chips = hit(id_of("labels"), {begin, r.y + 6, right - begin, r.h - 12}, item_no_tab_stop);
    if (chips.clicked) {
      float x = begin;
      for (std::size_t i = 0; i < labels.size() && i < 3; ++i) {
        const float width = chip_width(labels[i]->name);
        if (mouse().x >= x && mouse().x < x + width) {
          std::string term = "label:" + labels[i]->name;
          if (term.find(' ') != std::string::npos) term = "label:\"" + labels[i]->name + '"';
          out.run(ImGui::GetIO().KeyAlt ? "query.remove" : "query.add", std::move(term));
        }
        x += width + 4;
      }
    }
    right = begin - theme::row_gap;
  }
  if ((columns & column_project) && issue.project_id.is_set() && r.w >= 700) {
    if (const Project* project = find_project(state.entities, issue.project_id)) {
      const float width = std::min(140.0f, text_width(project->name, theme::small));
      draw_text_in({right - width, r.y, width + 1, r.h}, project->name, theme::small, c.text_tertiary);
      right -= width + theme::row_gap;
    }
  }
  return right;
}

void tell_row(const State& state,
              const Issue& issue,
              const IssueRow& row,
              const RowHits& hits,
              const RowPlaces& places) {
  const std::string name = issue_name(issue);
  const Status* status = status_of(state, issue);
  const DueLabel due = due_label(state, issue);
  std::string description =
      std::string(status ? status->name : "") + ", " + std::string(title_of(issue.priority));
  if (!due.text.empty()) description += ", due " + due.text;
  for (const Label* label : labels_of(state, issue)) description += ", " + label->name;
  a11y::Node node;
  node.id = hits.whole.id;
  node.role = Aria::row;
  node.name = name;
  node.description = description;
  node.selected = row.is_selected || row.is_cursor ? Tri::yes : Tri::no;
  node.row_index = row.position;
  node.focused = row.is_cursor && row.has_region;
  node.min = row.place.min();
  node.max = row.place.max();
  const a11y::Scope scope(node);
  if (hits.status.id) {
    const std::string words = "Status: " + std::string(status ? status->name : "none");
    mirror(hits.status, places.status, {.role = Aria::button, .name = words});
  }
  if (hits.priority.id) {
    const std::string words = "Priority: " + std::string(title_of(issue.priority));
    mirror(hits.priority, places.priority, {.role = Aria::button, .name = words});
  }
}

void open_menu(Outbox& out, IssueId id) {
  out.change(CursorWent{id});
  out.run_at(mouse().x, mouse().y, "menu.open", {}, {});
}

void select_range(const State& state, Outbox& out, std::size_t to) {
  const std::size_t from = state.list.anchor.value_or(state.list.cursor);
  std::vector<IssueId> ids;
  const auto& lines = state.list.result.lines;
  for (std::size_t i = std::min(from, to); i <= std::max(from, to) && i < lines.size(); ++i) {
    if (!lines[i].is_header()) ids.push_back(issue_at(state, lines[i].slot).id);
  }
  out.change(SelectionChanged{std::move(ids), from});
}

void begin_drag(const State& state, Outbox& out, const IssueRow& row, IssueId id) {
  BoardDrag drag;
  if (row.is_selected) {
    for (const Slot slot : state.list.selected) drag.issues.push_back(issue_at(state, slot).id);
  } else {
    drag.issues.push_back(id);
  }
  out.change(DragChanged{std::move(drag)});
}

void act(const State& state,
         Outbox& out,
         const IssueRow& row,
         const Issue& issue,
         const RowHits& hits,
         const RowPlaces& places) {
  const ImGuiIO& io = ImGui::GetIO();
  if (hits.priority.clicked) run_below(out, places.priority, "issue.priority.pick", {}, {issue.id});
  if (hits.status.clicked) run_below(out, places.status, "issue.status.pick", {}, {issue.id});
  tooltip(hits.priority, places.priority, "Priority", "p p");
  tooltip(hits.status, places.status, "Status", "s s");
  if (hits.gutter.held && is_dragging(hits.gutter)) {
    // The gutter selects like an editor's: from where the press began to the row under the pointer, see the
    // list.
  } else if (hits.gutter.clicked) {
    if (io.KeyShift) {
      select_range(state, out, row.line);
    } else {
      out.change(SelectionToggled{issue.id});
    }
  }
  if (open_tab_by_click(out, hits.whole, issue)) {
    // Shift and the gutter select.
  } else if (hits.whole.context) {
    open_menu(out, issue.id);
  } else if (hits.whole.double_clicked) {
    out.run("issue.open", {}, {issue.id});
  } else if (hits.whole.clicked) {
    if (io.KeyShift) {
      select_range(state, out, row.line);
    } else {
      out.change(RegionFocused{Region::body});
      out.change(CursorWent{issue.id});
    }
  }
  if (state.drag.issues.empty() && begins_drag(hits.whole)) begin_drag(state, out, row, issue.id);
}

}  // namespace

void issue_row(const State& state, Outbox& out, const IssueRow& row) {
  const theme::Palette& c = theme::colors();
  const Issue& issue = issue_at(state, row.slot);
  const IssueFacts& facts = facts_at(state, row.slot);
  const IdScope ids(static_cast<std::uint64_t>(row.slot) + 1);
  const std::uint16_t columns = state.list.display.columns;
  const Rect r = row.place;
  const RowPlaces places = places_of(r, columns);
  // Labels answer before the row they lie in, so the right part comes first; the fill lies under both.
  const bool is_lit = row.is_cursor || row.is_selected;
  draw_background(state, row);
  const float title_end = draw_right_part(state, out, issue, facts, r, columns);
  const RowHits hits = hit_row(places, r);

  const ImU32 behind = is_lit ? c.bg_selected : c.bg_canvas;
  if (row.is_selected) {
    draw_icon(places.gutter.right() - 7, r.center_y(), icons::check, 14, c.accent_text);
  } else if (columns & column_id) {
    const std::string number = issue.number > 0 ? std::to_string(issue.number) : "new";
    draw_text_in({places.gutter.x, r.y, places.gutter.w, r.h},
                 number,
                 row.is_cursor ? theme::mono_medium : theme::mono,
                 row.is_cursor ? c.accent_text : c.text_tertiary,
                 Align::right);
  }
  if (!places.priority.is_empty())
    draw_bars(places.priority.center_x(), r.center_y(), bars_of(issue.priority));
  if (!places.status.is_empty())
    draw_ring(places.status.center_x(), r.center_y(), ring_of(facts.kind), 14, behind);

  const Progress progress = (columns & column_sub_issues) ? sub_issue_progress(state, row.slot) : Progress{};
  const bool blocked = is_blocked(state, row.slot);
  float extras = blocked ? 14 + theme::row_gap : 0;
  if (progress.total() > 0) extras += theme::row_gap + 40;
  const auto style = row.is_cursor ? theme::body_medium : theme::body;
  const float room = std::max(0.0f, title_end - places.title_x - extras);
  const float width = std::min(room, std::ceil(title_width(issue.title, style)) + 1);
  title_line({places.title_x, r.y, width, r.h},
             issue.title,
             style,
             facts.is_closed ? c.text_tertiary : c.text_primary);
  float x = places.title_x + width + theme::row_gap;
  if (blocked) {
    draw_icon(x + 7, r.center_y(), icons::octagon_minus, 14, c.signal_danger);
    x += 14 + theme::row_gap;
  }
  if (progress.total() > 0) draw_sub_issue_count(x, r.center_y(), progress);
  tell_row(state, issue, row, hits, places);
  act(state, out, row, issue, hits, places);
}

namespace {

// What a finger that moves sideways over the row does: right marks it done, left asks for a due date.
void act_on_swipe(Outbox& out, const Issue& issue, Rect r, float& shift) {
  const Sweep finger = sweep();
  if (finger.phase == Sweep::Phase::none || !r.contains(finger.start)) return;
  const theme::Palette& c = theme::colors();
  if (finger.phase == Sweep::Phase::moving) {
    shift = std::clamp(finger.distance, -200.0f, 200.0f);
    const bool is_right = shift > 0;
    fill(r, std::abs(shift) >= 64 ? (is_right ? c.status_done : c.status_progress) : c.bg_sunken);
    draw_icon(is_right ? r.x + 28 : r.right() - 28,
              r.center_y(),
              is_right ? icons::circle_check : icons::calendar_clock,
              19,
              std::abs(shift) >= 64 ? c.bg_canvas : c.text_tertiary);
  } else if (finger.phase == Sweep::Phase::ended && finger.distance >= 160) {
    out.run("issue.toggle_done", {}, {issue.id});
  } else if (finger.phase == Sweep::Phase::ended && finger.distance <= -160) {
    out.run("issue.due.pick", {}, {issue.id});
  }
}

}  // namespace

void phone_issue_row(const State& state, Outbox& out, const IssueRow& row) {
  const theme::Palette& c = theme::colors();
  const Issue& issue = issue_at(state, row.slot);
  const IssueFacts& facts = facts_at(state, row.slot);
  const IdScope ids(static_cast<std::uint64_t>(row.slot) + 1);
  Rect r = row.place;
  float shift = 0;
  act_on_swipe(out, issue, r, shift);
  r.x += shift;
  const Rect ring_place{r.x, r.y, 40, r.h};
  const ItemState ring = hit(id_of("status"), ring_place, item_no_tab_stop);
  const ItemState whole = hit(id_of("row"), r, item_no_tab_stop);
  fill(r, row.is_selected ? c.bg_selected : c.bg_canvas);
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  if (const ImU32 signal = signal_color(signal_of(state, row.slot)))
    fill({r.x, r.y, theme::signal_width, r.h}, signal);
  draw_ring(r.x + 21, r.y + 19, ring_of(facts.kind), 18, row.is_selected ? c.bg_selected : c.bg_canvas);
  const float left = r.x + 40;
  const float right = r.right() - 14;
  title_line({left, r.y + 9, right - left, 20},
             issue.title,
             theme::touch_body,
             facts.is_closed ? c.text_tertiary : c.text_primary);
  const float y = r.y + 41;
  const DueLabel due = due_label(state, issue);
  const bool is_strong = due.tone == DueTone::overdue || due.tone == DueTone::today;
  const auto due_style = is_strong ? theme::small_medium : theme::small;
  const float due_x = right - text_width(due.text, due_style);
  draw_text(due_x, y, due.text, due_style, due_color(due.tone));
  float x = left;
  draw_bars(x + 6.5f, y, bars_of(issue.priority), 13);
  x += 19;
  x +=
      draw_text(x, y, issue.number > 0 ? std::to_string(issue.number) : "new", theme::mono, c.text_tertiary) +
      6;
  x = draw_chips(x, y, due_x - 60, labels_of(state, issue)) + 2;
  draw_sub_issue_count(x, y, sub_issue_progress(state, row.slot));

  const std::string name = issue_name(issue);
  const Status* status = status_of(state, issue);
  a11y::Node node = scope_node(whole.id, row.place, Aria::row, name);
  node.row_index = row.position;
  node.selected = row.is_selected ? Tri::yes : Tri::no;
  const a11y::Scope scope(node);
  const std::string words = "Status: " + std::string(status ? status->name : "none");
  mirror(ring, ring_place, {.role = Aria::button, .name = words});
  if (ring.clicked) out.run("issue.status.pick", {}, {issue.id});
  if (whole.context) {
    out.change(SelectionToggled{issue.id});
  } else if (whole.clicked) {
    if (state.list.selected.empty()) {
      out.change(CursorWent{issue.id});
      out.run("issue.open", {}, {issue.id});
    } else {
      out.change(SelectionToggled{issue.id});
    }
  }
}

void skeleton_row(Rect r, int number) {
  constexpr std::array<float, 8> widths{230, 295, 187, 274, 216, 252, 173, 209};
  constexpr std::array<float, 4> ends{40, 60, 34, 52};
  const float y = r.center_y();
  const auto n = static_cast<std::size_t>(number);
  draw_skeleton_bar(r.x + 27, y, 22);
  draw_skeleton_bar(r.x + 58, y, 14);
  draw_skeleton_bar(r.x + 81, y, 14);
  draw_skeleton_bar(r.x + 104, y, std::min(widths[n % widths.size()], std::max(40.0f, r.w - 200)));
  const float end = ends[n % ends.size()];
  draw_skeleton_bar(r.right() - 14 - end, y, end);
  horizontal_line(r.x, r.bottom() - 1, r.w, theme::colors().border_subtle);
}

namespace {

// The sign before a group's name; returns its width with the gap.
float draw_group_sign(const State& state, const ListGroup& group, float x, float y) {
  const theme::Palette& c = theme::colors();
  switch (group.kind) {
    case GroupKind::status: {
      const Status* status = find_status(state.entities, StatusId{group.entity_id});
      draw_ring(x + 7, y, status ? ring_of(status_kind(*status)) : Ring::todo, 14, c.bg_inset);
      return 14 + theme::row_gap;
    }
    case GroupKind::priority:
      draw_bars(x + 7, y, bars_of(group.priority));
      return 14 + theme::row_gap;
    case GroupKind::project: {
      const Progress progress = project_progress(state, ProjectId{group.entity_id});
      draw_progress_ring(
          x + 7,
          y,
          progress.total() ? static_cast<float>(progress.closed) / static_cast<float>(progress.total()) : 0);
      return 14 + theme::row_gap;
    }
    case GroupKind::area: {
      const Area* area = find_area(state.entities, AreaId{group.entity_id});
      draw_square(x + 6, y, area ? theme::hue_of(area->color) : theme::Hue::stone);
      return 12 + theme::row_gap;
    }
    case GroupKind::label: {
      const Label* label = find_label(state.entities, LabelId{group.entity_id});
      draw_label_dot(x + 5, y, label ? theme::hue_of(label->color) : theme::Hue::stone);
      return 10 + theme::row_gap;
    }
    case GroupKind::all:
    case GroupKind::due:
    case GroupKind::section:
      return 0;
  }
  return 0;
}

}  // namespace

void group_header(
    const State& state, Outbox& out, std::size_t group_index, Rect r, bool is_cursor, bool is_drop_target) {
  const theme::Palette& c = theme::colors();
  const ListGroup& group = state.list.result.groups[group_index];
  const IdScope ids(group.key);
  const bool phone = is_phone();
  const std::string count = std::to_string(group.count);
  ItemState add;
  const Rect plus{r.right() - 14 - 21, r.center_y() - 11, 28, 22};
  const bool can_add = group.kind == GroupKind::status && !phone;
  if (can_add) add = hit(id_of("add"), plus, item_no_tab_stop);
  const std::string name = group.title + ", " + count;
  const ItemState whole = hit(id_of("header"), r, item_no_tab_stop);
  fill(r, c.bg_inset);
  if (is_cursor) fill(r, state.region == Region::body ? c.bg_selected : c.bg_selected_idle);
  horizontal_line(r.x, r.bottom() - 1, r.w, is_cursor ? c.accent_line : c.border_subtle);
  if (is_drop_target) outline(r, c.accent_base, 0, 1);
  const char* chevron = group.is_folded ? icons::chevron_right : icons::chevron_down;
  float x = phone ? r.x + 13 : r.x + 58;
  if (phone) {
    draw_icon(r.right() - 22, r.center_y(), chevron, 15, c.text_tertiary);
  } else {
    draw_icon(r.x + 42, r.center_y(), chevron, 14, c.text_tertiary);
  }
  x += draw_group_sign(state, group, x, r.center_y());
  x += draw_text(x, r.center_y(), group.title, theme::small_strong, c.text_primary) + theme::row_gap;
  draw_text(x, r.center_y(), count, theme::mono_small, c.text_tertiary);
  a11y::Node node;
  node.role = Aria::rowheader;
  node.name = name;
  node.expanded = group.is_folded ? Tri::no : Tri::yes;
  node.focused = is_cursor;
  mirror(whole, r, node);
  if (whole.clicked) out.change(GroupFolded{group.key, !group.is_folded});
  if (can_add && (is_hovered(r) || group_index == 0)) {
    draw_icon(
        plus.center_x(), plus.center_y(), icons::plus, 14, add.hovered ? c.text_primary : c.text_tertiary);
    tooltip(add, plus, "New issue in " + group.title);
  }
  if (can_add) {
    const std::string add_name = "New issue in " + group.title;
    mirror(add, plus, {.role = Aria::button, .name = add_name});
    if (add.clicked) out.run("issue.new", StatusId{group.entity_id});
  }
}

}  // namespace dits::web
