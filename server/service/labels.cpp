#include "server/service/labels.hpp"

#include "server/service/entities.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_changes.hpp"

namespace dits {

Result<std::vector<Label>> list_labels(ServiceContext& context, const Viewer& viewer) {
  return store::list_labels({context.database, viewer.user_id, Access::stale_read}, viewer.user_id);
}

Result<Label> get_label(ServiceContext& context, const Viewer& viewer, LabelId id) {
  return find_entity<Label>({context.database, viewer.user_id}, viewer.user_id, id);
}

Result<Label> create_entity(AuditedTransaction& work, Label draft) {
  TRY(validate(draft));
  return create_recorded(work, std::move(draft));
}

Result<Label> change_entity(AuditedTransaction& work, const Label& before, Label after) {
  TRY(validate(after));
  return save_recorded(work, AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const Label& before) {
  const std::vector<IssueId> ids =
      TRY(store::list_issue_ids_by_label(work.transaction(), work.user_id(), before.id));
  TRY(IssueChanges(work).change_each(ids, [&](Issue& issue) { std::erase(issue.label_ids, before.id); }));
  TRY(trash_recorded(work, before));
  return {};
}

Result<Label> create_label(ServiceContext& context, const Viewer& viewer, Label draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Label> {
    Label created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<Label> update_label(ServiceContext& context,
                           const Viewer& viewer,
                           LabelId id,
                           const LabelPatch& patch) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Label> {
    const Label before = TRY(find_entity<Label>(work.transaction(), viewer.user_id, id));
    Label after = before;
    apply(patch, after);
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_label(ServiceContext& context, const Viewer& viewer, LabelId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Label found = TRY(find_entity<Label>(work.transaction(), viewer.user_id, id));
  TRY(trash_entity(work, found));
  TRY(work.commit());
  return {};
}

Result<Label> restore_label(ServiceContext& context, const Viewer& viewer, LabelId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Label found = TRY(find_entity<Label>(work.transaction(), viewer.user_id, id));
  Label restored = TRY(restore_recorded(work, found));
  if (found.deleted_at) TRY(bring_back_company(work, EntityType::label, id.uuid));
  TRY(work.commit());
  return restored;
}

Result<void> purge_label(ServiceContext& context, const Viewer& viewer, LabelId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Label found = TRY(find_entity<Label>(work.transaction(), viewer.user_id, id));
  TRY(refuse_live(found, EntityTraits<Label>::noun));
  TRY(purge_recorded(work, found));
  TRY(work.redact(found.id.uuid));
  TRY(work.commit());
  return {};
}

}  // namespace dits
