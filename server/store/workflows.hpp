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
// How many issues, the trashed ones too, have each of the statuses; those without any are left out.
Result<std::map<StatusId, std::int64_t>> count_issues_by_status(Reader reader,
                                                                UserId user_id,
                                                                const std::vector<StatusId>& statuses);

// With all its statuses.
Result<void> insert_workflow(Transaction& transaction, UserId user_id, const Workflow& workflow);
// Brings the row and its statuses from `before` to `after`: adds, changes and removes. A status that issues
// still have cannot be removed: not_found (foreign_key_violation).
Result<void> update_workflow(Transaction& transaction,
                             UserId user_id,
                             const Workflow& before,
                             const Workflow& after);
Result<void> purge_workflow(Transaction& transaction, UserId user_id, WorkflowId id);

}  // namespace dits::store
