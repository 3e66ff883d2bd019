#include "server/service/projects.hpp"

#include "server/service/entities.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/workflows.hpp"

namespace dits {

Result<std::vector<Project>> list_projects(ServiceContext& context, const Viewer& viewer) {
  return store::list_projects({context.database, viewer.user_id, Access::stale_read}, viewer.user_id);
}

Result<Project> get_project(ServiceContext& context, const Viewer& viewer, ProjectId id) {
  return find_entity<Project>({context.database, viewer.user_id}, viewer.user_id, id);
}

Result<Project> create_entity(AuditedTransaction& work, Project draft) {
  TRY(validate(draft));
  return create_recorded(work, std::move(draft));
}

Result<Project> change_entity(AuditedTransaction& work, const Project& before, Project after) {
  TRY(validate(after));
  const bool is_archived = after.status == ProjectStatus::archived && before.status != after.status;
  return save_recorded(
      work, is_archived ? AuditAction::archive : AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const Project& before) {
  const std::vector<IssueId> ids =
      TRY(store::list_issue_ids_by_project(work.transaction(), work.user_id(), before.id));
  TRY(IssueChanges(work).change_each(ids, [&](Issue& issue) { issue.project_id = {}; }));
  for (const Workflow& workflow : TRY(store::list_workflows(work.transaction(), work.user_id()))) {
    if (workflow.project_id == before.id) TRY(trash_recorded(work, workflow));
  }
  TRY(trash_recorded(work, before));
  return {};
}

Result<Project> create_project(ServiceContext& context, const Viewer& viewer, Project draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Project> {
    Project created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<Project> update_project(ServiceContext& context,
                               const Viewer& viewer,
                               ProjectId id,
                               const ProjectPatch& patch) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Project> {
    const Project before = TRY(find_entity<Project>(work.transaction(), viewer.user_id, id));
    Project after = before;
    apply(patch, after);
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_project(ServiceContext& context, const Viewer& viewer, ProjectId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Project found = TRY(find_entity<Project>(work.transaction(), viewer.user_id, id));
  TRY(trash_entity(work, found));
  TRY(work.commit());
  return {};
}

Result<Project> restore_project(ServiceContext& context, const Viewer& viewer, ProjectId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Project found = TRY(find_entity<Project>(work.transaction(), viewer.user_id, id));
  Project restored = TRY(restore_recorded(work, found));
  if (found.deleted_at) TRY(bring_back_company(work, EntityType::project, id.uuid));
  TRY(work.commit());
  return restored;
}

Result<void> purge_project(ServiceContext& context, const Viewer& viewer, ProjectId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Project found = TRY(find_entity<Project>(work.transaction(), viewer.user_id, id));
  TRY(refuse_live(found, EntityTraits<Project>::noun));
  for (const Workflow& workflow :
       TRY(store::list_workflows(work.transaction(), viewer.user_id, store::Presence::deleted))) {
    if (workflow.project_id == id) TRY(purge_entity(work, workflow));
  }
  TRY(purge_recorded(work, found));
  TRY(work.redact(found.id.uuid));
  TRY(work.commit());
  return {};
}

}  // namespace dits
