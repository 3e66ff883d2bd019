#include "shared/model/workflow.hpp"

#include <algorithm>
#include <unordered_set>

#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"
#include "shared/model/label.hpp"

namespace dits {

namespace {

constexpr std::size_t max_statuses = 50;

// "statuses[2].name"
std::string status_field(std::size_t index, std::string_view field) {
  return "statuses[" + std::to_string(index) + "]." + std::string(field);
}

void check_statuses(Refusals& refusals, const std::vector<Status>& statuses) {
  if (statuses.empty() || statuses.size() > max_statuses) {
    refusals.add("statuses", "A workflow has 1 to 50 statuses");
    return;
  }
  std::unordered_set<std::string> names;
  std::unordered_set<StatusId, IdHash> ids;
  for (std::size_t at = 0; at < statuses.size(); ++at) {
    const Status& status = statuses[at];
    check_name(refusals, status_field(at, "name"), status.name, 50);
    refusals.add(validate_color(status.color, status_field(at, "color")));
    if (!names.insert(fold_case(status.name)).second) {
      refusals.add(status_field(at, "name"), "Another status of this workflow has this name");
    }
    if (status.id.is_set() && !ids.insert(status.id).second) {
      refusals.add(status_field(at, "id"), "This status is listed twice");
    }
  }
  if (std::all_of(statuses.begin(), statuses.end(), [](const Status& status) { return status.is_closed; })) {
    refusals.add("statuses", "At least one status must be open");
  }
}

}  // namespace

void apply(const WorkflowPatch& patch, Workflow& workflow) {
  if (patch.name) workflow.name = *patch.name;
  if (patch.project_id) workflow.project_id = *patch.project_id;
  if (patch.transitions) workflow.transitions = *patch.transitions;
  if (patch.statuses) workflow.statuses = *patch.statuses;
}

Result<void> validate(const Workflow& workflow) {
  Refusals refusals;
  check_name(refusals, "name", workflow.name, 100);
  check_statuses(refusals, workflow.statuses);
  const auto is_own = [&](StatusId id) { return find_status(workflow, id) != nullptr; };
  for (std::size_t at = 0; at < workflow.transitions.size(); ++at) {
    const Transition& transition = workflow.transitions[at];
    if (!is_own(transition.from) || !std::all_of(transition.to.begin(), transition.to.end(), is_own)) {
      refusals.add("transitions[" + std::to_string(at) + "]",
                   "A transition joins statuses of this workflow only");
    }
  }
  return refusals.result();
}

const Status* find_status(const Workflow& workflow, StatusId id) {
  const auto found = std::find_if(workflow.statuses.begin(),
                                  workflow.statuses.end(),
                                  [&](const Status& status) { return status.id == id; });
  return found == workflow.statuses.end() ? nullptr : &*found;
}

bool allows_move(const Workflow& workflow, StatusId from, StatusId to) {
  if (from == to || workflow.transitions.empty()) return true;
  return std::any_of(
      workflow.transitions.begin(), workflow.transitions.end(), [&](const Transition& transition) {
        return transition.from == from &&
               std::find(transition.to.begin(), transition.to.end(), to) != transition.to.end();
      });
}

}  // namespace dits
