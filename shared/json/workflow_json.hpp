// A workflow with its statuses and transitions as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

Json workflow_to_json(const Workflow& workflow);
Json status_to_json(const Status& status);
Json transitions_to_json(const std::vector<Transition>& transitions);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_workflow_values(const Json& values, Workflow& workflow);
// A whole workflow as our own server sent it.
Result<Workflow> workflow_from_json(const Json& json);
// The column workflows.transitions: [{"from": id, "to": [id, …]}].
Result<std::vector<Transition>> transitions_from_json(const Json& json);

// Bodies of POST and PATCH. A status without an id is a new one; the order of the list is the order of the
// statuses. Errors: invalid with every refused field.
Result<Workflow> workflow_draft_from_json(const Json& body);
Result<WorkflowPatch> workflow_patch_from_json(const Json& body);
Json workflow_patch_to_json(const WorkflowPatch& patch);

// Bodies of POST /workflows/{id}/statuses and PATCH /workflows/{id}/statuses/{id}.
Result<Status> status_draft_from_json(const Json& body);
Result<Status> status_changed_by_json(const Json& body, Status before);

}  // namespace dits
