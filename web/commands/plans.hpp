// What plan functions share: whom a command acts on, and a change of all of them as one step.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "web/commands/command.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

// The plan function of a row that differs from its neighbours only in a value: with<plan_priority,
// Priority::high>.
template <auto function, auto... values>
Plan with(const State& state, const Invocation& invocation) {
  return function(state, invocation, values...);
}

// The invocation's targets, or the selection, or the issue under the cursor; only what is there.
std::vector<const Issue*> targets_of(const State& state, const Invocation& invocation);

// One IssuesPatched over all targets; targets for which `patch_for` has nothing stay out. Refuses when there
// is none.
Plan patch_targets(const State& state,
                   const Invocation& invocation,
                   std::string title,
                   const std::function<std::optional<IssuePatch>(const Issue&)>& patch_for);

// Opens a picker for the command that ran, on its targets, at its anchor.
Plan open_picker(const State& state, const Invocation& invocation, PickerKind kind, std::string command);

template <typename T>
const T* argument_as(const Invocation& invocation) {
  return std::get_if<T>(&invocation.argument);
}

Plan change_view(Change change);
Plan go_to(Route route);
Route route_to(Screen screen, const Uuid& id = {});
// " on #128"; empty for an issue that has no number yet.
std::string on_issue(const State& state, IssueId id);
// "#128" or "3 issues".
std::string target_name(const std::vector<const Issue*>& issues);

}  // namespace dits::web
