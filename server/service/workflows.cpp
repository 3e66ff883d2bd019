#include "server/service/workflows.hpp"

#include <algorithm>

#include "server/service/entities.hpp"
#include "server/service/issue_changes.hpp"

namespace dits {

Result<std::vector<Workflow>> list_workflows(ServiceContext& context, const Viewer& viewer) {
  return store::list_workflows({context.database, viewer.user_id, Access::stale_read}, viewer.user_id);
}

Result<Workflow> get_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id) {
  return find_entity<Workflow>({context.database, viewer.user_id}, viewer.user_id, id);
}

// Gives statuses their ids, workflow, place in the list and times.
static void settle_statuses(AuditedTransaction& work, const Workflow& before, Workflow& workflow) {
  std::int32_t position = 0;
  for (Status& status : workflow.statuses) {
    const Status* old = status.id.is_set() ? find_status(before, status.id) : nullptr;
    if (!status.id.is_set()) status.id = work.new_id<StatusId>();
    status.workflow_id = workflow.id;
    status.position = position++;
    status.created_at = old != nullptr ? old->created_at : work.now();
    status.updated_at = old != nullptr ? old->updated_at : work.now();
    const bool is_changed =
        old != nullptr && (old->name != status.name || old->color != status.color ||
                           old->position != status.position || old->is_closed != status.is_closed);
    if (is_changed) status.updated_at = work.now();
  }
}

static Result<void> check_project(AuditedTransaction& work, ProjectId project_id) {
  if (!project_id.is_set()) return {};
  const std::optional<Project> project =
      TRY(store::find_project(work.transaction(), work.user_id(), project_id));
  if (!project || project->deleted_at) return invalid("projectId", "There is no such project.");
  return {};
}

Result<Workflow> create_entity(AuditedTransaction& work, Workflow draft) {
  draft.is_default = false;
  if (!draft.id.is_set()) draft.id = work.new_id<WorkflowId>();
  settle_statuses(work, Workflow{}, draft);
  TRY(validate(draft));
  TRY(check_project(work, draft.project_id));
  return create_recorded(work, std::move(draft));
}

static StatusId replacement_for(StatusId id, const std::vector<StatusReplacement>& replacements) {
  for (const StatusReplacement& replacement : replacements) {
    if (replacement.from == id) return replacement.to;
  }
  return {};
}

// Issues of statuses that are no more get their replacement; issues of statuses that were closed or opened
// are completed or not.
static Result<void> move_issues(AuditedTransaction& work,
                                const Workflow& before,
                                const Workflow& after,
                                const std::vector<StatusReplacement>& replacements) {
  IssueChanges issues(work);
  for (const Status& old : before.statuses) {
    const Status* kept = find_status(after, old.id);
    if (kept != nullptr && kept->is_closed == old.is_closed) continue;
    const std::vector<IssueId> ids =
        TRY(store::list_issue_ids_by_status(work.transaction(), work.user_id(), old.id));
    if (ids.empty()) continue;
    const StatusId target_id = kept != nullptr ? old.id : replacement_for(old.id, replacements);
    const Status* target = find_status(after, target_id);
    if (target == nullptr) {
      return Error{ErrorCode::conflict,
                   std::to_string(ids.size()) + " issues have the status " + old.name +
                       ": say which status they get instead.",
                   "statuses",
                   "status_in_use"};
    }
    const auto set_status = [&](Issue& issue) {
      issue.status_id = target_id;
      apply_completion(issue, target->is_closed, work.now());
    };
    TRY(issues.change_each(ids, set_status, Moves::overridden));
  }
  return {};
}

Result<Workflow> change_entity(AuditedTransaction& work,
                               const Workflow& before,
                               Workflow after,
                               const std::vector<StatusReplacement>& replacements) {
  settle_statuses(work, before, after);
  TRY(validate(after));
  if (before.project_id != after.project_id) {
    if (before.is_default) return invalid("projectId", "The default workflow belongs to no project.");
    TRY(check_project(work, after.project_id));
  }
  // New statuses first, since issues may move there; the old ones go when nobody has them any more.
  const Timestamp updated_at = after.updated_at;
  after.updated_at = work.now();
  Workflow between = after;
  for (const Status& status : before.statuses) {
    if (find_status(after, status.id) == nullptr) between.statuses.push_back(status);
  }
  std::vector<Status>& statuses = between.statuses;
  for (std::size_t at = after.statuses.size(); at < statuses.size(); ++at) {
    statuses[at].name = to_string(statuses[at].id);
    statuses[at].position = static_cast<std::int32_t>(at);
  }
  if (statuses.size() > after.statuses.size()) {
    TRY(store::update_workflow(work.transaction(), work.user_id(), before, between));
    TRY(move_issues(work, before, after, replacements));
    if (Result<void> done = store::update_workflow(work.transaction(), work.user_id(), between, after);
        !done) {
      return explain_clash(std::move(done).error(), "status");
    }
    work.record({AuditAction::update,
                 EntityType::workflow,
                 after.id.uuid,
                 workflow_to_json(before),
                 workflow_to_json(after)});
    return after;
  }
  after.updated_at = updated_at;
  after = TRY(save_recorded(work, AuditAction::update, before, std::move(after)));
  TRY(move_issues(work, before, after, replacements));
  return after;
}

Result<void> trash_entity(AuditedTransaction& work, const Workflow& before) {
  if (before.is_default) return conflict("The default workflow cannot be deleted.", "default_workflow");
  std::vector<StatusId> ids;
  for (const Status& status : before.statuses) ids.push_back(status.id);
  if (!TRY(store::count_issues_by_status(work.transaction(), work.user_id(), ids)).empty()) {
    return conflict("Issues have statuses of this workflow: move them first.", "status_in_use");
  }
  TRY(trash_recorded(work, before));
  return {};
}

Result<void> purge_entity(AuditedTransaction& work, const Workflow& workflow) {
  TRY(purge_recorded(work, workflow));
  return work.redact(workflow.id.uuid);
}

Result<Workflow> create_workflow(ServiceContext& context, const Viewer& viewer, Workflow draft) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  Workflow created = TRY(create_entity(work, std::move(draft)));
  TRY(work.commit());
  return created;
}

Result<Workflow> update_workflow(ServiceContext& context,
                                 const Viewer& viewer,
                                 WorkflowId id,
                                 const WorkflowPatch& patch,
                                 const std::vector<StatusReplacement>& replacements) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  const Workflow before = TRY(find_entity<Workflow>(work.transaction(), viewer.user_id, id));
  Workflow after = before;
  apply(patch, after);
  after = TRY(change_entity(work, before, std::move(after), replacements));
  TRY(work.commit());
  return after;
}

Result<void> remove_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Workflow found = TRY(find_entity<Workflow>(work.transaction(), viewer.user_id, id));
  TRY(trash_entity(work, found));
  TRY(work.commit());
  return {};
}

Result<Workflow> restore_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Workflow found = TRY(find_entity<Workflow>(work.transaction(), viewer.user_id, id));
  Workflow restored = TRY(restore_recorded(work, found));
  TRY(work.commit());
  return restored;
}

Result<void> purge_workflow(ServiceContext& context, const Viewer& viewer, WorkflowId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Workflow found = TRY(find_entity<Workflow>(work.transaction(), viewer.user_id, id));
  TRY(refuse_live(found, "workflow"));
  TRY(purge_entity(work, found));
  TRY(work.commit());
  return {};
}

// Changes the list of a workflow's statuses and gives back the one with `id`.
template <typename Edit>
static Result<Status> edit_statuses(ServiceContext& context,
                                    const Viewer& viewer,
                                    WorkflowId workflow_id,
                                    const std::vector<StatusReplacement>& replacements,
                                    Edit edit) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer));
  const Workflow before = TRY(find_entity<Workflow>(work.transaction(), viewer.user_id, workflow_id));
  Workflow after = before;
  const StatusId id = TRY(edit(work, after));
  after = TRY(change_entity(work, before, std::move(after), replacements));
  TRY(work.commit());
  const Status* status = find_status(after, id);
  return status != nullptr ? *status : Status{};
}

static void place(std::vector<Status>& statuses, Status status) {
  const auto at = std::clamp<std::int64_t>(status.position, 0, static_cast<std::int64_t>(statuses.size()));
  statuses.insert(statuses.begin() + at, std::move(status));
}

Result<Status> create_status(ServiceContext& context, const Viewer& viewer, WorkflowId id, Status draft) {
  return edit_statuses(
      context, viewer, id, {}, [&](AuditedTransaction& work, Workflow& after) -> Result<StatusId> {
        if (!draft.id.is_set()) draft.id = work.new_id<StatusId>();
        place(after.statuses, draft);
        return draft.id;
      });
}

static auto status_in(std::vector<Status>& statuses, StatusId id) {
  return std::find_if(
      statuses.begin(), statuses.end(), [&](const Status& status) { return status.id == id; });
}

Result<Status> update_status(ServiceContext& context,
                             const Viewer& viewer,
                             WorkflowId id,
                             StatusId status_id,
                             const std::function<Result<Status>(const Status&)>& change) {
  return edit_statuses(
      context, viewer, id, {}, [&](AuditedTransaction&, Workflow& after) -> Result<StatusId> {
        const auto old = status_in(after.statuses, status_id);
        if (old == after.statuses.end()) return no_such("status");
        Status status = TRY(change(*old));
        after.statuses.erase(old);
        place(after.statuses, std::move(status));
        return status_id;
      });
}

Result<void> remove_status(
    ServiceContext& context, const Viewer& viewer, WorkflowId id, StatusId status_id, StatusId replacement) {
  TRY(edit_statuses(context,
                    viewer,
                    id,
                    {{status_id, replacement}},
                    [&](AuditedTransaction&, Workflow& after) -> Result<StatusId> {
                      const auto old = status_in(after.statuses, status_id);
                      if (old == after.statuses.end()) return no_such("status");
                      after.statuses.erase(old);
                      std::erase_if(after.transitions,
                                    [&](const Transition& each) { return each.from == status_id; });
                      for (Transition& each : after.transitions) std::erase(each.to, status_id);
                      return status_id;
                    }));
  return {};
}

}  // namespace dits
