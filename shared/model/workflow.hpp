// A workflow: the statuses an issue may have, in order, and which moves between them are allowed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Status {
  StatusId id;
  WorkflowId workflow_id;
  std::string name;
  std::string color = "#768488";
  std::int32_t position = 0;  // order within the workflow, from 0
  bool is_closed = false;
  Timestamp created_at;
  Timestamp updated_at;
};

// From one status an issue may go to these. A workflow without any transition allows every move.
struct Transition {
  StatusId from;
  std::vector<StatusId> to;
};

struct Workflow {
  WorkflowId id;
  ProjectId project_id;  // unset: for every project without its own
  std::string name;
  bool is_default = false;  // new issues without a status begin in the first one of this workflow
  std::vector<Transition> transitions;
  std::vector<Status> statuses;  // by position
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

struct WorkflowPatch {
  std::optional<std::string> name;
  std::optional<ProjectId> project_id;  // unset id: for all projects
  std::optional<std::vector<Transition>> transitions;
  std::optional<std::vector<Status>> statuses;  // the whole new list; a status that is left out is removed
};

void apply(const WorkflowPatch& patch, Workflow& workflow);
// Name 1..100; 1..50 statuses, names unique whatever their case, at least one open; transitions name its own
// statuses only.
Result<void> validate(const Workflow& workflow);

const Status* find_status(const Workflow& workflow, StatusId id);
// May an issue go from `from` to `to`? Staying is allowed; so is every move when the workflow lists no
// transition.
bool allows_move(const Workflow& workflow, StatusId from, StatusId to);

}  // namespace dits
