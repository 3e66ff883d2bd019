#include "web/commands/plan_plans.hpp"

#include <algorithm>
#include <utility>

#include "web/commands/calendar_plans.hpp"

namespace dits::web {

namespace {

constexpr double pan_pixels = 320;

IssueId id_of_bar(const State& state, std::uint32_t bar) {
  return issue_at(state, state.list.net.bars[bar].slot).id;
}

Plan go_to_bar(const State& state, std::uint32_t bar) {
  PlanState plan = state.plan;
  plan.issue = id_of_bar(state, bar);
  plan.wants_bar = true;
  return change_view(PlanChanged{plan});
}

Plan go_to_row(const State& state, std::ptrdiff_t from, std::ptrdiff_t step) {
  const std::vector<PlanRow>& rows = state.list.net.rows;
  const auto count = static_cast<std::ptrdiff_t>(rows.size());
  std::ptrdiff_t at = std::clamp(from + step, std::ptrdiff_t{0}, std::max(std::ptrdiff_t{0}, count - 1));
  const std::ptrdiff_t way = step < 0 ? -1 : 1;
  while (at >= 0 && at < count && rows[static_cast<std::size_t>(at)].is_head()) at += way;
  if (at < 0 || at >= count) return {};
  return go_to_bar(state, rows[static_cast<std::size_t>(at)].bar);
}

Plan go_to_next(const State& state, std::ptrdiff_t step) {
  const std::vector<NextStart>& next = state.list.net.next;
  const Slot slot = find_slot(state.entities, state.plan.next_issue);
  const auto here =
      std::find_if(next.begin(), next.end(), [&](const NextStart& one) { return one.slot == slot; });
  if (here == next.end()) return {};
  const auto last = static_cast<std::ptrdiff_t>(next.size()) - 1;
  const std::ptrdiff_t to = std::clamp((here - next.begin()) + step, std::ptrdiff_t{0}, last);
  PlanState plan = state.plan;
  plan.next_issue = issue_at(state, next[static_cast<std::size_t>(to)].slot).id;
  return change_view(PlanChanged{plan});
}

// "Move #128 a day later, and 3 that wait for it".
std::string move_title(
    const State& state, const std::vector<BarMove>& moves, std::size_t moved, DragPart part, int days) {
  std::vector<const Issue*> issues;
  for (std::size_t at = 0; at < moved; ++at)
    issues.push_back(&issue_at(state, state.list.net.bars[moves[at].bar].slot));
  const char* edge = part == DragPart::start ? "start of " : part == DragPart::due ? "end of " : "";
  std::string title = "Move " + std::string(edge) + target_name(issues) + ' ' + distance_words(days);
  const std::size_t pushed = moves.size() - moved;
  if (pushed > 0) title += ", and " + std::to_string(pushed) + (pushed == 1 ? " that waits" : " that wait");
  return title;
}

// All of it is one step.
Plan apply_moves(const State& state, const std::vector<BarMove>& moves, std::string title) {
  IssuesPatched patched{{}, state.now};
  for (const BarMove& move : moves) {
    const Issue& issue = issue_at(state, state.list.net.bars[move.bar].slot);
    IssuePatch patch = patch_to(issue, move);
    if (!patch.is_empty()) patched.edits.push_back({issue.id, std::move(patch)});
  }
  Plan plan;
  if (patched.edits.empty()) return plan;
  plan.title = std::move(title);
  plan.changes.emplace_back(std::move(patched));
  return plan;
}

Plan link_dragged(const State& state, IssueId from, IssueId to) {
  const std::vector<Slot> circle =
      circle_of(state.entities, find_slot(state.entities, from), find_slot(state.entities, to));
  if (!circle.empty()) return refuse(circle_words(state, circle));
  Plan plan;
  Invocation blocks;
  blocks.command = "issue.relation.blocks";
  blocks.argument = to;
  blocks.targets = {from};
  plan.then.push_back(std::move(blocks));
  return plan;
}

}  // namespace

Plan plan_row_step(const State& state, const Invocation&, int step) {
  if (is_in_next(state)) return go_to_next(state, step);
  return go_to_row(state, static_cast<std::ptrdiff_t>(state.plan.row), step);
}

Plan plan_row_end(const State& state, bool to_last) {
  constexpr std::ptrdiff_t far = 1'000'000'000;
  if (is_in_next(state)) return go_to_next(state, to_last ? far : -far);
  return to_last ? go_to_row(state, 0, far) : go_to_row(state, -1, 1);
}

Plan plan_link_step(const State& state, const Invocation&, bool to_blocked) {
  if (is_in_next(state)) return to_blocked ? Plan{} : change_view(RegionFocused{Region::body});
  const std::uint32_t here = bar_at_cursor(state);
  if (here == no_bar) return refuse("There is no issue under the cursor");
  const PlanNet& net = state.list.net;
  const PlanTimes times = plan_times(net, net.bars);
  std::uint32_t best = no_bar;
  for (const PlanLink& link : net.links) {
    if ((to_blocked ? link.from : link.to) != here) continue;
    const std::uint32_t other = to_blocked ? link.to : link.from;
    const bool is_nearer = best == no_bar || (to_blocked ? times.bars[other].begin < times.bars[best].begin
                                                         : times.bars[other].end > times.bars[best].end);
    if (is_nearer) best = other;
  }
  if (best != no_bar) return go_to_bar(state, best);
  return refuse(to_blocked ? "It blocks nothing that is shown here" : "Nothing that is shown here blocks it");
}

Plan plan_next_list(const State& state, const Invocation&) {
  if (is_in_next(state)) return change_view(RegionFocused{Region::body});
  if (state.list.net.next.empty())
    return refuse("Nothing here can be started: all is held up, begun or done");
  AppearanceChanged shown;
  shown.detail_open = true;
  Plan plan = change_view(shown);
  plan.changes.emplace_back(RegionFocused{Region::detail});
  return plan;
}

Plan plan_zoom(const State& state, const Invocation& invocation, int step) {
  int zoom = static_cast<int>(state.route.zoom) + step;
  if (const auto* given = argument_as<std::int64_t>(invocation)) zoom = static_cast<int>(*given);
  if (zoom < 0) return refuse("A day is as near as it gets");
  if (zoom >= plan_zoom_count) return refuse("A quarter is as far as it gets");
  Route route = state.route;
  route.zoom = static_cast<PlanZoom>(zoom);
  if (route.zoom == state.route.zoom) return {};
  if (!state.list.error && state.list.query_text != screen_query(state, route)) {
    route.has_query = true;
    route.query = state.list.query_text;
  }
  // At once, for a key that is pressed twice within a frame; the address follows.
  Plan plan = change_view(Navigated{route});
  plan.effects.emplace_back(GoTo{std::move(route), true});
  return plan;
}

Plan plan_fit(const State& state, const Invocation&) {
  PlanState plan = state.plan;
  plan.wants_fit = true;
  return change_view(PlanChanged{plan});
}

Plan plan_plan_today(const State& state, const Invocation&) {
  PlanState plan = state.plan;
  plan.middle = state.today.days + 0.5;
  return change_view(PlanChanged{plan});
}

Plan plan_pan(const State& state, const Invocation&, int step) {
  PlanState plan = state.plan;
  plan.middle = plan.middle.value_or(state.today.days) +
                step * pan_pixels / static_cast<double>(pixels_per_day(state.route.zoom));
  return change_view(PlanChanged{plan});
}

Plan plan_bar_move(const State& state, const Invocation& invocation, DragPart part, int days) {
  if (const auto* given = argument_as<std::int64_t>(invocation)) days = static_cast<int>(*given);
  const PlanNet& net = state.list.net;
  std::vector<BarMove> moves;
  bool has_days = false;
  for (const Issue* issue : targets_of(state, invocation)) {
    const std::uint32_t bar = find_bar(net, find_slot(state.entities, issue->id));
    if (bar == no_bar) continue;
    has_days |= net.bars[bar].has_days;
    if (const auto move = moved_bar(net, bar, part, days)) moves.push_back(*move);
  }
  if (!has_days) return refuse("It has no date yet: d d sets one");
  if (moves.empty())
    return refuse(part == DragPart::start ? "The start would be after the due date"
                                          : "The due date would be before the start");
  const std::size_t moved = moves.size();
  moves = cascade(net, moves);
  return apply_moves(state, moves, move_title(state, moves, moved, part, days));
}

Plan plan_bar_drop(const State& state, const Invocation&) {
  const BoardDrag& drag = state.drag;
  if (drag.issues.empty()) return {};
  if (drag.part == DragPart::link)
    return drag.over_issue.is_set() ? link_dragged(state, drag.issues.front(), drag.over_issue) : Plan{};
  const PlanDrag made = plan_drag(state, drag);
  if (made.moves.empty()) return {};
  if (!drag.over_day || !drag.from_day) return {};
  const int days = drag.over_day->days - drag.from_day->days;
  Plan plan = apply_moves(state, made.moves, move_title(state, made.moves, made.dragged, drag.part, days));
  PlanState view = state.plan;
  view.issue = drag.issues.front();
  plan.changes.emplace_back(PlanChanged{view});
  return plan;
}

}  // namespace dits::web
