// Workflows with their statuses: the rules, the transaction and the audit row of each call.
#pragma once

#include <functional>
#include <vector>

#include "server/service/audit.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

// Which status the issues of a removed one get.
struct StatusReplacement {
  StatusId from;
  StatusId to;
};

// Live ones, the default first.
Result<std::vector<Workflow>> list_workflows(ServiceContext& context, const Viewer& viewer);
// Those in the trash are found too. Errors: not_found.
Result<Workflow> get_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id);
// Statuses without an id get one. Errors: invalid, conflict ("id_taken").
Result<Workflow> create_workflow(ServiceContext& context, const Viewer& viewer, Workflow draft);
// Errors: conflict ("status_in_use") for a status that is left out while issues have it and no replacement is
// named.
Result<Workflow> update_workflow(ServiceContext& context,
                                 const Viewer& viewer,
                                 WorkflowId id,
                                 const WorkflowPatch& patch,
                                 const std::vector<StatusReplacement>& replacements);
// Errors: conflict for the default workflow, and for one whose statuses issues have ("status_in_use").
Result<void> remove_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id);
Result<Workflow> restore_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id);
Result<void> purge_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id);

// One status at a time; each is a change of its workflow. The position says where in the list it goes.
Result<Status> create_status(ServiceContext& context, const Viewer& viewer, WorkflowId id, Status draft);
// `change` makes the new status of the one that is there when the transaction holds it.
Result<Status> update_status(ServiceContext& context,
                             const Viewer& viewer,
                             WorkflowId id,
                             StatusId status_id,
                             const std::function<Result<Status>(const Status&)>& change);
// `replacement` may be unset while no issue has the status.
Result<void> remove_status(
    ServiceContext& context, const Viewer& viewer, WorkflowId id, StatusId status_id, StatusId replacement);

// Within a transaction.
Result<Workflow> create_entity(AuditedTransaction& work, Workflow draft);
Result<Workflow> change_entity(AuditedTransaction& work,
                               const Workflow& before,
                               Workflow after,
                               const std::vector<StatusReplacement>& replacements = {});
Result<void> trash_entity(AuditedTransaction& work, const Workflow& before);
Result<void> purge_entity(AuditedTransaction& work, const Workflow& workflow);

}  // namespace dits
