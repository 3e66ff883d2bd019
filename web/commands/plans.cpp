// Helpers of the plan functions.
#include "web/commands/plans.hpp"

#include <utility>

namespace dits::web {

std::vector<const Issue*> targets_of(const State& state, const Invocation& invocation) {
  const std::vector<IssueId> ids = invocation.targets.empty() ? target_issues(state) : invocation.targets;
  std::vector<const Issue*> issues;
  for (const IssueId id : ids) {
    if (const Issue* issue = find_issue(state.entities, id)) issues.push_back(issue);
  }
  return issues;
}

std::string on_issue(const State& state, IssueId id) {
  const Issue* issue = find_issue(state.entities, id);
  return issue != nullptr && issue->number > 0 ? " on #" + std::to_string(issue->number) : std::string{};
}

Plan patch_targets(const State& state,
                   const Invocation& invocation,
                   std::string title,
                   const std::function<std::optional<IssuePatch>(const Issue&)>& patch_for) {
  const std::vector<const Issue*> issues = targets_of(state, invocation);
  if (issues.empty()) return refuse("There is no issue under the cursor");
  IssuesPatched patched{{}, state.now};
  for (const Issue* issue : issues) {
    auto patch = patch_for(*issue);
    if (patch && !patch->is_empty()) patched.edits.push_back({issue->id, std::move(*patch)});
  }
  Plan plan;
  if (patched.edits.empty()) return plan;
  if (patched.edits.size() > 1) {
    title += " on " + std::to_string(patched.edits.size()) + " issues";
  } else if (title.find('#') == std::string::npos) {
    title += on_issue(state, patched.edits.front().id);
  }
  plan.title = std::move(title);
  plan.changes.emplace_back(std::move(patched));
  return plan;
}

Plan open_picker(const State& state, const Invocation& invocation, PickerKind kind, std::string command) {
  Picker picker;
  picker.kind = kind;
  picker.command = std::move(command);
  for (const Issue* issue : targets_of(state, invocation)) picker.targets.push_back(issue->id);
  picker.has_anchor = invocation.has_anchor;
  picker.anchor_x = invocation.anchor_x;
  picker.anchor_y = invocation.anchor_y;
  const Issue* first = picker.targets.empty() ? nullptr : find_issue(state.entities, picker.targets.front());
  Date shown = state.today;
  if (first != nullptr && kind == PickerKind::due_date) shown = first->due_date.value_or(shown);
  if (first != nullptr && kind == PickerKind::start_date) shown = first->start_date.value_or(shown);
  const CivilDate civil = civil_from_date(shown);
  picker.month = date_from_civil({civil.year, civil.month, 1});
  return change_view(PickerOpened{std::move(picker)});
}

Plan change_view(Change change) {
  Plan plan;
  plan.changes.push_back(std::move(change));
  return plan;
}

Plan go_to(Route route) {
  Plan plan;
  plan.effects.emplace_back(GoTo{std::move(route), false});
  return plan;
}

Route route_to(Screen screen, const Uuid& id) {
  Route route;
  route.screen = screen;
  route.entity_id = id;
  return route;
}

std::string target_name(const std::vector<const Issue*>& issues) {
  if (issues.size() == 1) return "#" + std::to_string(issues.front()->number);
  return std::to_string(issues.size()) + " issues";
}

}  // namespace dits::web
