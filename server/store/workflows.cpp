// A workflow is read in three statements: rows, statuses, transitions. They are few, and change seldom.
#include "server/store/workflows.hpp"

#include <algorithm>
#include <string>

#include "server/store/workflows.sql.hpp"

namespace dits::store {

static Workflow workflow_from_row(Row row) {
  Workflow workflow;
  workflow.id = row.id<WorkflowTag>(0);
  workflow.project_id = row.id<ProjectTag>(1);
  workflow.name = row.text(2);
  workflow.created_at = row.timestamp(4);
  workflow.updated_at = row.timestamp(5);
  workflow.deleted_at = row.optional_timestamp(6);
  return workflow;
}

static Status status_from_row(Row row) {
  return {row.id<StatusTag>(0),
          row.id<WorkflowTag>(1),
          std::string(row.text(2)),
          std::string(row.text(3)),
          static_cast<std::int32_t>(row.int64(4)),
          row.boolean(5),
          row.timestamp(6),
          row.timestamp(7)};
}

static Workflow* workflow_with(std::vector<Workflow>& workflows, WorkflowId id) {
  for (Workflow& workflow : workflows) {
    if (workflow.id == id) return &workflow;
  }
  return nullptr;
}

static Result<std::vector<Workflow>> with_statuses(Reader reader,
                                                   UserId user_id,
                                                   std::vector<Workflow> workflows) {
  std::vector<WorkflowId> ids;
  for (const Workflow& workflow : workflows) ids.push_back(workflow.id);
  for (Row row : TRY(reader.run(sql::list_statuses, {user_id, ids}))) {
    Status status = status_from_row(row);
    if (Workflow* workflow = workflow_with(workflows, status.workflow_id)) {
      workflow->statuses.push_back(std::move(status));
    }
  }
  for (Row row : TRY(reader.run(sql::list_transitions, {user_id, ids}))) {
    if (Workflow* workflow = workflow_with(workflows, row.id<WorkflowTag>(0))) {
      workflow->transitions.push_back({row.id<StatusTag>(1), row.ids<StatusTag>(2)});
    }
  }
  return workflows;
}

Result<std::vector<Workflow>> list_workflows(Reader reader, UserId user_id, Presence presence) {
  const Rows rows = TRY(reader.run(sql::list_workflows, {user_id, presence == Presence::deleted}));
  return with_statuses(reader, user_id, all_of(rows, workflow_from_row));
}

Result<std::optional<Workflow>> find_workflow(Reader reader, UserId user_id, WorkflowId id) {
  const Rows rows = TRY(reader.run(sql::find_workflow, {user_id, id}));
  std::vector<Workflow> found = TRY(with_statuses(reader, user_id, all_of(rows, workflow_from_row)));
  if (found.empty()) return std::optional<Workflow>();
  return std::optional<Workflow>(std::move(found[0]));
}

static Result<std::optional<Workflow>> workflow_named_by(Reader reader, UserId user_id, const Rows& rows) {
  if (rows.empty()) return std::optional<Workflow>();
  return find_workflow(reader, user_id, rows[0].id<WorkflowTag>(0));
}

Result<std::optional<Workflow>> find_workflow_for_project(Reader reader,
                                                          UserId user_id,
                                                          ProjectId project_id) {
  return workflow_named_by(
      reader, user_id, TRY(reader.run(sql::find_workflow_for_project, {user_id, project_id})));
}

Result<std::optional<Workflow>> find_workflow_of_status(Reader reader, UserId user_id, StatusId status_id) {
  return workflow_named_by(
      reader, user_id, TRY(reader.run(sql::find_workflow_of_status, {user_id, status_id})));
}

Result<bool> is_default_workflow(Reader reader, UserId user_id, WorkflowId id) {
  const Rows rows = TRY(reader.run(sql::find_workflow, {user_id, id}));
  return !rows.empty() && rows[0].boolean(3);
}

Result<std::vector<WorkflowId>> list_project_workflows(Reader reader, UserId user_id, ProjectId project_id) {
  return all_of(TRY(reader.run(sql::list_project_workflows, {user_id, project_id})),
                [](Row row) { return row.id<WorkflowTag>(0); });
}

Result<std::map<StatusId, std::int64_t>> count_issues_by_status(Reader reader,
                                                                UserId user_id,
                                                                const std::vector<StatusId>& statuses) {
  std::map<StatusId, std::int64_t> counts;
  for (Row row : TRY(reader.run(sql::count_issues_by_status, {user_id, statuses}))) {
    counts[row.id<StatusTag>(0)] = row.int64(1);
  }
  return counts;
}

// Only ids, so there is nothing to escape.
static std::string transitions_text(const std::vector<Transition>& transitions) {
  std::string out = "[";
  for (const Transition& transition : transitions) {
    if (out.size() > 1) out += ',';
    out += R"({"from":")" + to_string(transition.from) + R"(","to":[)";
    bool is_first = true;
    for (StatusId to : transition.to) {
      if (!is_first) out += ',';
      is_first = false;
      out += '"' + to_string(to) + '"';
    }
    out += "]}";
  }
  return out + "]";
}

static Result<void> insert_status(Transaction& transaction,
                                  UserId user_id,
                                  const Workflow& workflow,
                                  const Status& status) {
  TRY(transaction.run(sql::insert_status,
                      {user_id,
                       status.id,
                       workflow.id,
                       status.name,
                       status.color,
                       status.position,
                       status.is_closed,
                       status.created_at,
                       status.updated_at}));
  return {};
}

Result<void> insert_workflow(Transaction& transaction,
                             UserId user_id,
                             const Workflow& workflow,
                             bool is_default) {
  TRY(transaction.run(sql::insert_workflow,
                      {user_id,
                       workflow.id,
                       workflow.project_id,
                       workflow.name,
                       transitions_text(workflow.transitions),
                       is_default,
                       workflow.created_at,
                       workflow.updated_at}));
  for (const Status& status : workflow.statuses) TRY(insert_status(transaction, user_id, workflow, status));
  return {};
}

Result<void> update_workflow(Transaction& transaction,
                             UserId user_id,
                             const Workflow& before,
                             const Workflow& after) {
  TRY(transaction.run(sql::update_workflow,
                      {user_id,
                       after.id,
                       after.project_id,
                       after.name,
                       transitions_text(after.transitions),
                       after.updated_at,
                       after.deleted_at}));
  for (const Status& status : before.statuses) {
    if (find_status(after, status.id) == nullptr) {
      TRY(transaction.run(sql::delete_status, {user_id, status.id}));
    }
  }
  TRY(transaction.run(sql::park_status_names, {user_id, after.id}));
  for (const Status& status : after.statuses) {
    if (find_status(before, status.id) == nullptr) {
      TRY(insert_status(transaction, user_id, after, status));
      continue;
    }
    TRY(transaction.run(sql::update_status,
                        {user_id,
                         status.id,
                         status.name,
                         status.color,
                         status.position,
                         status.is_closed,
                         status.updated_at}));
  }
  return {};
}

Result<void> purge_workflow(Transaction& transaction, UserId user_id, WorkflowId id) {
  TRY(transaction.run(sql::purge_workflow, {user_id, id}));
  return {};
}

}  // namespace dits::store
