#include "server/service/account_defaults.hpp"

#include "server/service/audit.hpp"
#include "server/store/workflows.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

static Workflow default_workflow(Clock& clock, Timestamp now) {
  struct StatusRow {
    const char* name;
    const char* color;
    bool is_closed;
  };
  constexpr StatusRow rows[] = {{"Backlog", "#768488", false},
                                {"To Do", "#4D5F66", false},
                                {"In Progress", "#A95F00", false},
                                {"In Review", "#6A4DCB", false},
                                {"Done", "#1B8148", true}};
  Workflow workflow;
  workflow.id = clock.new_id<WorkflowId>();
  workflow.name = "Default Workflow";
  workflow.is_default = true;
  workflow.created_at = now;
  workflow.updated_at = now;
  for (const StatusRow& row : rows) {
    Status status;
    status.id = clock.new_id<StatusId>();
    status.workflow_id = workflow.id;
    status.name = row.name;
    status.color = row.color;
    status.position = static_cast<std::int32_t>(workflow.statuses.size());
    status.is_closed = row.is_closed;
    status.created_at = now;
    status.updated_at = now;
    workflow.statuses.push_back(std::move(status));
  }
  return workflow;
}

Result<std::int64_t> create_account_defaults(Transaction& transaction, Clock& clock, const Viewer& viewer) {
  const Timestamp now = clock.now();
  TRY(store::insert_user_counters(transaction, viewer.user_id));
  const Workflow workflow = default_workflow(clock, now);
  TRY(store::insert_workflow(transaction, viewer.user_id, workflow));
  AuditEntry entry;
  entry.action = AuditAction::create;
  entry.entity_type = EntityType::workflow;
  entry.entity_id = workflow.id.uuid;
  entry.new_values = dump(workflow_to_json(workflow));
  entry.created_at = now;
  return record_change(transaction, viewer, std::move(entry));
}

}  // namespace dits
