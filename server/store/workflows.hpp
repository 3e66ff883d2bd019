// Workflows with their statuses and transitions in the database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/workflow.hpp"

namespace dits::store {

Result<std::vector<Workflow>> list_workflows(Reader reader,
                                             UserId user_id,
                                             Presence presence = Presence::live);
// Deleted ones are found too.
Result<std::optional<Workflow>> find_workflow(Reader reader, UserId user_id, WorkflowId id);
// The workflow that holds in a project: its own, else the default; an unset project asks for the default.
Result<std::optional<Workflow>> find_workflow_for_project(Reader reader,
                                                          UserId user_id,
                                                          ProjectId project_id);
Result<std::optional<Workflow>> find_workflow_of_status(Reader reader, UserId user_id, StatusId status_id);
Result<bool> is_default_workflow(Reader reader, UserId user_id, WorkflowId id);
Result<std::vector<WorkflowId>> list_project_workflows(Reader reader, UserId user_id, ProjectId project_id);
// How many issues, the trashed ones too, have each of the statuses; those without any are left out.
Result<std::map<StatusId, std::int64_t>> count_issues_by_status(Reader reader,
                                                                UserId user_id,
                                                                const std::vector<StatusId>& statuses);

// With all its statuses.
Result<void> insert_workflow(Transaction& transaction,
                             UserId user_id,
                             const Workflow& workflow,
                             bool is_default);
// Brings the row and its statuses from `before` to `after`: adds, changes and removes. A status that issues
// still have cannot be removed: not_found (foreign_key_violation).
Result<void> update_workflow(Transaction& transaction,
                             UserId user_id,
                             const Workflow& before,
                             const Workflow& after);
Result<void> purge_workflow(Transaction& transaction, UserId user_id, WorkflowId id);

}  // namespace dits::store
