#include "server/service/areas.hpp"

#include "server/service/entities.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_changes.hpp"

namespace dits {

Result<std::vector<Area>> list_areas(ServiceContext& context, const Viewer& viewer) {
  return store::list_areas({context.database, viewer.user_id, Access::stale_read}, viewer.user_id);
}

Result<Area> get_area(ServiceContext& context, const Viewer& viewer, AreaId id) {
  return find_entity<Area>({context.database, viewer.user_id}, viewer.user_id, id);
}

Result<Area> create_entity(AuditedTransaction& work, Area draft) {
  TRY(validate(draft));
  return create_recorded(work, std::move(draft));
}

Result<Area> change_entity(AuditedTransaction& work, const Area& before, Area after) {
  TRY(validate(after));
  return save_recorded(work, AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const Area& before) {
  const std::vector<IssueId> ids =
      TRY(store::list_issue_ids_by_area(work.transaction(), work.user_id(), before.id));
  TRY(IssueChanges(work).change_each(ids, [&](Issue& issue) { issue.area_id = {}; }));
  TRY(trash_recorded(work, before));
  return {};
}

Result<Area> create_area(ServiceContext& context, const Viewer& viewer, Area draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Area> {
    Area created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<Area> update_area(ServiceContext& context, const Viewer& viewer, AreaId id, const AreaPatch& patch) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Area> {
    const Area before = TRY(find_entity<Area>(work.transaction(), viewer.user_id, id));
    Area after = before;
    apply(patch, after);
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_area(ServiceContext& context, const Viewer& viewer, AreaId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Area found = TRY(find_entity<Area>(work.transaction(), viewer.user_id, id));
  TRY(trash_entity(work, found));
  TRY(work.commit());
  return {};
}

Result<Area> restore_area(ServiceContext& context, const Viewer& viewer, AreaId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Area found = TRY(find_entity<Area>(work.transaction(), viewer.user_id, id));
  Area restored = TRY(restore_recorded(work, found));
  if (found.deleted_at) TRY(bring_back_company(work, EntityType::area, id.uuid));
  TRY(work.commit());
  return restored;
}

Result<void> purge_area(ServiceContext& context, const Viewer& viewer, AreaId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Area found = TRY(find_entity<Area>(work.transaction(), viewer.user_id, id));
  TRY(refuse_live(found, EntityTraits<Area>::noun));
  TRY(purge_recorded(work, found));
  TRY(work.redact(found.id.uuid));
  TRY(work.commit());
  return {};
}

}  // namespace dits
