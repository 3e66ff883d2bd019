// The cursor, the selection, the order: list, board, sidebar and issue page.
#include <algorithm>
#include <utility>

#include "web/commands/app_plans.hpp"
#include "web/commands/calendar_plans.hpp"
#include "web/commands/issue_plans.hpp"
#include "web/commands/plan_plans.hpp"
#include "web/store/list_sort.hpp"

namespace dits::web {

namespace {

using Lines = std::vector<ListLine>;

std::vector<IssueId> ids_between(const State& state, std::size_t a, std::size_t b) {
  std::vector<IssueId> ids;
  const Lines& lines = state.list.result.lines;
  for (std::size_t at = std::min(a, b); at <= std::max(a, b) && at < lines.size(); ++at) {
    if (!lines[at].is_header()) ids.push_back(issue_at(state, lines[at].slot).id);
  }
  return ids;
}

// The group and place within it of the cursor's card.
struct Place {
  std::size_t group = 0;
  std::size_t index = 0;
  bool is_found = false;
};

Place cursor_place(const State& state) {
  const ListResult& result = state.list.result;
  const Slot slot = cursor_slot(state);
  if (slot == no_slot) {
    const bool is_on_header = state.list.cursor < result.lines.size();
    return {is_on_header ? result.lines[state.list.cursor].group : 0, 0, false};
  }
  const std::size_t group = result.lines[state.list.cursor].group;
  const std::uint32_t first = result.groups[group].first;
  for (std::size_t at = first; at < first + result.groups[group].count; ++at) {
    if (result.rows[at] == slot) return {group, at - first, true};
  }
  return {group, 0, false};
}

std::size_t line_of(const State& state, std::size_t group, std::size_t index) {
  const ListGroup& found = state.list.result.groups[group];
  return found.first_line + (found.kind == GroupKind::all ? 0 : 1) + index;
}

bool is_manual(const State& state) {
  const std::vector<query::SortTerm> terms = sort_terms(state);
  return terms.size() == 1 && terms.front().key == query::SortKey::position && !terms.front().is_descending;
}

// Where moved cards go: the first one's position, and how far apart they stand.
struct Gap {
  double first = 0;
  double step = 1;
};

// Between the card before place `index` of the group and the one at it; cards in `moved` are not counted.
Gap gap_at(const State& state,
           const ListGroup& group,
           std::size_t index,
           const std::vector<const Issue*>& moved) {
  std::vector<const Issue*> cards;
  std::size_t place = index;
  for (std::uint32_t at = 0; at < group.count; ++at) {
    const Issue& card = issue_at(state, state.list.result.rows[group.first + at]);
    const bool is_moved =
        std::any_of(moved.begin(), moved.end(), [&](const Issue* one) { return one->id == card.id; });
    if (!is_moved) {
      cards.push_back(&card);
    } else if (at < index) {
      --place;
    }
  }
  place = std::min(place, cards.size());
  const auto count = static_cast<double>(moved.size());
  if (cards.empty()) return {moved.empty() ? 0 : moved.front()->position, 1};
  if (place == 0) return {cards.front()->position - count, 1};
  if (place == cards.size()) return {cards.back()->position + 1, 1};
  const double before = cards[place - 1]->position;
  const double step = (cards[place]->position - before) / (count + 1);
  return {before + step, step};
}

Plan drop_into(const State& state,
               const std::vector<const Issue*>& moved,
               std::size_t group_at,
               std::size_t index) {
  const ListGroup& group = state.list.result.groups[group_at];
  Invocation on_moved;
  for (const Issue* issue : moved) on_moved.targets.push_back(issue->id);
  std::string refusal;
  const Gap gap = gap_at(state, group, index, moved);
  const bool orders = is_manual(state);
  double position = gap.first;
  const std::string title = group.kind == GroupKind::status ? "Moved to " + group.title : "Moved";
  Plan plan = patch_targets(state, on_moved, title, [&](const Issue& issue) -> std::optional<IssuePatch> {
    IssuePatch patch;
    switch (group.kind) {
      case GroupKind::status: {
        const StatusId to{group.entity_id};
        if (issue.status_id == to) break;
        const Status* status = find_status(state.entities, to);
        const Workflow* workflow =
            status != nullptr ? find_workflow(state.entities, status->workflow_id) : nullptr;
        if (workflow == nullptr || !allows_move(*workflow, issue.status_id, to)) {
          refusal = "The workflow does not allow #" + std::to_string(issue.number) + " → " + group.title;
          return std::nullopt;
        }
        patch.status_id = to;
        break;
      }
      case GroupKind::priority:
        if (issue.priority != group.priority) patch.priority = group.priority;
        break;
      case GroupKind::project:
        if (issue.project_id.uuid != group.entity_id) patch.project_id = ProjectId{group.entity_id};
        break;
      case GroupKind::area:
        if (issue.area_id.uuid != group.entity_id) patch.area_id = AreaId{group.entity_id};
        break;
      default:
        break;
    }
    if (orders && issue.position != position) patch.position = position;
    position += gap.step;
    return patch;
  });
  if (plan.changes.empty() && plan.complaint.empty()) plan.complaint = refusal;
  return plan;
}

}  // namespace

// Headers of open groups are passed over, so that the next key acts on an issue; `h` goes to them.
Plan plan_step(const State& state, const Invocation&, int step) {
  const Lines& lines = state.list.result.lines;
  const auto last = static_cast<std::ptrdiff_t>(lines.size()) - 1;
  if (last < 0) return {};
  const auto is_passed = [&](std::ptrdiff_t at) {
    const ListLine& line = lines[static_cast<std::size_t>(at)];
    return line.is_header() && !state.list.result.groups[line.group].is_folded &&
           state.list.result.groups[line.group].count > 0;
  };
  const auto here = static_cast<std::ptrdiff_t>(state.list.cursor);
  const std::ptrdiff_t way = step < 0 ? -1 : 1;
  auto to = std::clamp(here + step, std::ptrdiff_t{0}, last);
  while (to >= 0 && to <= last && is_passed(to)) to += way;
  if (to < 0 || to > last) return {};
  return change_view(CursorMoved{static_cast<std::size_t>(to), false});
}

Plan plan_end(const State& state, const Invocation&, bool to_last) {
  if (state.route.screen == Screen::issue) return change_view(PageScrolled{to_last ? 1e6F : -1e6F});
  if (shows_calendar(state.route)) return plan_calendar_end(state, to_last);
  if (shows_plan(state.route)) return plan_row_end(state, to_last);
  const Lines& lines = state.list.result.lines;
  if (lines.empty()) return {};
  const std::size_t first = lines.front().is_header() && lines.size() > 1 && !lines[1].is_header() ? 1 : 0;
  return change_view(CursorMoved{to_last ? lines.size() - 1 : first, false});
}

Plan plan_centre(const State& state, const Invocation&) {
  return change_view(CursorMoved{state.list.cursor, true});
}

Plan plan_fold(const State& state, const Invocation&, bool folds) {
  const ListResult& result = state.list.result;
  if (state.list.cursor >= result.lines.size()) return {};
  const ListLine& line = result.lines[state.list.cursor];
  const ListGroup& group = result.groups[line.group];
  if (group.kind == GroupKind::all) return {};
  if (folds && !line.is_header()) return change_view(CursorMoved{group.first_line, false});
  if (folds != group.is_folded) return change_view(GroupFolded{group.key, folds});
  if (!folds && !line.is_header()) {
    AppearanceChanged shown;
    shown.detail_open = true;
    Plan plan = change_view(shown);
    plan.changes.emplace_back(RegionFocused{Region::detail});
    return plan;
  }
  return {};
}

Plan plan_select(const State& state, const Invocation& invocation) {
  if (const auto* id = argument_as<IssueId>(invocation)) return change_view(SelectionToggled{*id});
  const Issue* issue = cursor_issue(state);
  if (issue == nullptr) return refuse("There is no issue under the cursor");
  return change_view(SelectionToggled{issue->id});
}

Plan plan_extend(const State& state, const Invocation& invocation, int step) {
  Plan plan = plan_step(state, invocation, step);
  if (plan.changes.empty()) return plan;
  const std::size_t to = plan.changes.front().get_if<CursorMoved>()->line;
  const std::size_t anchor = state.list.anchor.value_or(state.list.cursor);
  plan.changes.emplace_back(SelectionChanged{ids_between(state, anchor, to), anchor});
  return plan;
}

// From the anchor (or the cursor) to the issue in the argument: Shift with a click.
Plan plan_select_range(const State& state, const Invocation& invocation) {
  const auto* id = argument_as<IssueId>(invocation);
  const Slot slot = id != nullptr ? find_slot(state.entities, *id) : no_slot;
  const Lines& lines = state.list.result.lines;
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const ListLine& line) { return line.slot == slot; });
  if (slot == no_slot || found == lines.end()) return refuse("That issue is not in this list");
  const auto to = static_cast<std::size_t>(found - lines.begin());
  const std::size_t anchor = state.list.anchor.value_or(state.list.cursor);
  Plan plan = change_view(SelectionChanged{ids_between(state, anchor, to), anchor});
  plan.changes.emplace_back(CursorMoved{to, false});
  return plan;
}

Plan plan_select_all(const State& state, const Invocation&) {
  std::vector<IssueId> ids;
  ids.reserve(state.list.ordered.size());
  for (const Slot slot : state.list.ordered) ids.push_back(issue_at(state, slot).id);
  return change_view(SelectionChanged{std::move(ids), std::nullopt});
}

Plan plan_select_none(const State&, const Invocation&) { return change_view(SelectionChanged{}); }

Plan plan_signal(const State& state, const Invocation&, int step) {
  const Lines& lines = state.list.result.lines;
  auto at = static_cast<std::ptrdiff_t>(state.list.cursor) + step;
  for (; at >= 0 && at < static_cast<std::ptrdiff_t>(lines.size()); at += step) {
    const ListLine& line = lines[static_cast<std::size_t>(at)];
    if (!line.is_header() && signal_of(state, line.slot) != Signal::none) {
      return change_view(CursorMoved{static_cast<std::size_t>(at), false});
    }
  }
  return refuse(step > 0 ? "No signal further down" : "No signal further up");
}

Plan plan_reorder(const State& state, const Invocation&, int step) {
  if (!is_manual(state))
    return refuse("Rows keep the order of the sort; choose Manual in Display to move them");
  const Place place = cursor_place(state);
  if (!place.is_found) return refuse("There is no issue under the cursor");
  const ListGroup& group = state.list.result.groups[place.group];
  const auto to = static_cast<std::ptrdiff_t>(place.index) + step;
  if (to < 0 || to >= static_cast<std::ptrdiff_t>(group.count)) return {};
  // Dropping after the next row means before the one behind it.
  const auto before = static_cast<std::size_t>(step > 0 ? to + 1 : to);
  return drop_into(state, {cursor_issue(state)}, place.group, before);
}

Plan plan_sidebar_step(const State& state, const Invocation&, int step) {
  const std::vector<SidebarRow> rows = sidebar_rows(state);
  auto at = static_cast<std::ptrdiff_t>(state.sidebar_cursor) + step;
  while (at >= 0 && at < static_cast<std::ptrdiff_t>(rows.size())) {
    const auto row = static_cast<std::size_t>(at);
    if (rows[row].kind != SidebarRow::Kind::heading) return change_view(SidebarCursorMoved{row});
    at += step;
  }
  return {};
}

Plan plan_sidebar_open(const State& state, const Invocation&) {
  const std::vector<SidebarRow> rows = sidebar_rows(state);
  if (state.sidebar_cursor >= rows.size()) return {};
  Plan plan = go_to(rows[state.sidebar_cursor].route);
  plan.changes.emplace_back(RegionFocused{Region::body});
  return plan;
}

Plan plan_column_step(const State& state, const Invocation&, int step) {
  const ListResult& result = state.list.result;
  const Place place = cursor_place(state);
  auto at = static_cast<std::ptrdiff_t>(place.group) + step;
  for (; at >= 0 && at < static_cast<std::ptrdiff_t>(result.groups.size()); at += step) {
    const auto group = static_cast<std::size_t>(at);
    if (result.groups[group].count == 0 || result.groups[group].is_folded) continue;
    const std::size_t index = std::min<std::size_t>(place.index, result.groups[group].count - 1);
    return change_view(CursorMoved{line_of(state, group, index), false});
  }
  return {};
}

Plan plan_card_step(const State& state, const Invocation&, int step) {
  const Place place = cursor_place(state);
  if (!place.is_found) return plan_column_step(state, {}, 1);
  const auto to = static_cast<std::ptrdiff_t>(place.index) + step;
  if (to < 0 || to >= static_cast<std::ptrdiff_t>(state.list.result.groups[place.group].count)) return {};
  return change_view(CursorMoved{line_of(state, place.group, static_cast<std::size_t>(to)), false});
}

Plan plan_card_column(const State& state, const Invocation& invocation, int step) {
  const std::vector<const Issue*> moved = targets_of(state, invocation);
  if (moved.empty()) return refuse("There is no card under the cursor");
  const Place place = cursor_place(state);
  const auto to = static_cast<std::ptrdiff_t>(place.group) + step;
  if (to < 0 || to >= static_cast<std::ptrdiff_t>(state.list.result.groups.size())) return {};
  return drop_into(state, moved, static_cast<std::size_t>(to), 0);
}

Plan plan_drop(const State& state, const Invocation&) {
  std::vector<const Issue*> moved;
  for (const IssueId id : state.drag.issues) {
    if (const Issue* issue = find_issue(state.entities, id)) moved.push_back(issue);
  }
  Plan plan;
  if (!moved.empty() && state.drag.has_target && state.drag.over_group < state.list.result.groups.size()) {
    plan = drop_into(state, moved, state.drag.over_group, state.drag.over_index);
  }
  plan.changes.emplace_back(DragChanged{});
  return plan;
}

Plan plan_drag_cancel(const State&, const Invocation&) { return change_view(DragChanged{}); }

Plan plan_page_scroll(const State&, const Invocation&, int lines) {
  return change_view(PageScrolled{static_cast<float>(lines)});
}

Plan plan_page_issue(const State& state, const Invocation&, int step) {
  const Lines& lines = state.list.result.lines;
  auto at = static_cast<std::ptrdiff_t>(state.list.cursor) + step;
  while (at >= 0 && at < static_cast<std::ptrdiff_t>(lines.size()) &&
         lines[static_cast<std::size_t>(at)].is_header()) {
    at += step;
  }
  if (at < 0 || at >= static_cast<std::ptrdiff_t>(lines.size())) {
    return refuse(step > 0 ? "This is the last issue of the list" : "This is the first issue of the list");
  }
  const auto line = static_cast<std::size_t>(at);
  Route route = route_to(Screen::issue);
  route.issue_number = issue_at(state, lines[line].slot).number;
  Plan plan = go_to(std::move(route));
  plan.changes.emplace_back(CursorMoved{line, false});
  return plan;
}

Plan plan_page_item(const State& state, const Invocation&, int step) {
  const Issue* issue = cursor_issue(state);
  if (issue == nullptr) return refuse("There is no issue here");
  const std::size_t count = checklist_items(issue->description).size();
  const auto to = static_cast<std::ptrdiff_t>(state.page_item) + step;
  if (to < 0 || to >= static_cast<std::ptrdiff_t>(count)) return refuse("No more check boxes");
  return change_view(PageItemMoved{static_cast<std::size_t>(to)});
}

}  // namespace dits::web
