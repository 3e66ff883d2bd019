// A workflow is read in one statement, whole: a row for each status, and the transitions as pairs.
#include "server/store/workflows.hpp"

#include <string>

#include "server/store/workflows.sql.hpp"

namespace dits::store {

static Workflow workflow_from_row(Row row) {
  Workflow workflow;
  workflow.id = row.id<WorkflowTag>(0);
  workflow.project_id = row.id<ProjectTag>(1);
  workflow.name = row.text(2);
  workflow.is_default = row.boolean(3);
  workflow.created_at = row.timestamp(4);
  workflow.updated_at = row.timestamp(5);
  workflow.deleted_at = row.optional_timestamp(6);
  const std::vector<StatusId> pairs = row.ids<StatusTag>(14);
  for (std::size_t at = 0; at + 1 < pairs.size(); at += 2) {
    std::vector<Transition>& transitions = workflow.transitions;
    if (transitions.empty() || transitions.back().from != pairs[at]) transitions.push_back({pairs[at], {}});
    if (pairs[at + 1].is_set()) transitions.back().to.push_back(pairs[at + 1]);
  }
  return workflow;
}

static Status status_from_row(Row row) {
  return {row.id<StatusTag>(7),
          row.id<WorkflowTag>(0),
          std::string(row.text(8)),
          std::string(row.text(9)),
          static_cast<std::int32_t>(row.int64(10)),
          row.boolean(11),
          row.timestamp(12),
          row.timestamp(13)};
}

static std::vector<Workflow> workflows_from_rows(const Rows& rows) {
  std::vector<Workflow> workflows;
  for (Row row : rows) {
    if (workflows.empty() || workflows.back().id != row.id<WorkflowTag>(0)) {
      workflows.push_back(workflow_from_row(row));
    }
    if (!row.is_null(7)) workflows.back().statuses.push_back(status_from_row(row));
  }
  return workflows;
}

Result<std::vector<Workflow>> list_workflows(Reader reader, UserId user_id, Presence presence) {
  return workflows_from_rows(
      TRY(reader.run(sql::list_workflows, {user_id, presence == Presence::deleted, std::nullopt})));
}

Result<std::optional<Workflow>> find_workflow(Reader reader, UserId user_id, WorkflowId id) {
  std::vector<Workflow> found =
      workflows_from_rows(TRY(reader.run(sql::list_workflows, {user_id, std::nullopt, id})));
  if (found.empty()) return std::optional<Workflow>();
  return std::optional<Workflow>(std::move(found[0]));
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

Result<void> insert_workflow(Transaction& transaction, UserId user_id, const Workflow& workflow) {
  TRY(transaction.run(sql::insert_workflow,
                      {user_id,
                       workflow.id,
                       workflow.project_id,
                       workflow.name,
                       transitions_text(workflow.transitions),
                       workflow.is_default,
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
