#include "server/service/saved_views.hpp"

#include "server/service/entities.hpp"
#include "shared/query/parser.hpp"

namespace dits {

// What people save can be opened; what an import or an undo brings stays as it was written.
static Result<void> check_query(const SavedView& view) {
  const Result<query::Query> parsed = query::parse_query(view.query);
  if (parsed) return {};
  Error error = parsed.error();
  error.field = "query";
  return error;
}

Result<std::vector<SavedView>> list_saved_views(ServiceContext& context, const Viewer& viewer) {
  return store::list_saved_views({context.database, viewer.user_id, Access::stale_read}, viewer.user_id);
}

Result<SavedView> get_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id) {
  return find_entity<SavedView>({context.database, viewer.user_id}, viewer.user_id, id);
}

Result<SavedView> create_entity(AuditedTransaction& work, SavedView draft) {
  TRY(validate(draft));
  return create_recorded(work, std::move(draft));
}

Result<SavedView> change_entity(AuditedTransaction& work, const SavedView& before, SavedView after) {
  TRY(validate(after));
  return save_recorded(work, AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const SavedView& before) {
  TRY(trash_recorded(work, before));
  return {};
}

Result<SavedView> create_saved_view(ServiceContext& context, const Viewer& viewer, SavedView draft) {
  TRY(validate(draft));
  TRY(check_query(draft));
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<SavedView> {
    SavedView created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<SavedView> update_saved_view(ServiceContext& context,
                                    const Viewer& viewer,
                                    SavedViewId id,
                                    const SavedViewPatch& patch) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<SavedView> {
    const SavedView before = TRY(find_entity<SavedView>(work.transaction(), viewer.user_id, id));
    SavedView after = before;
    apply(patch, after);
    if (patch.query) {
      TRY(validate(after));
      TRY(check_query(after));
    }
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id) {
  return free_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<void> {
    const SavedView found = TRY(find_entity<SavedView>(work.transaction(), viewer.user_id, id));
    TRY(trash_entity(work, found));
    TRY(work.commit());
    return {};
  });
}

Result<SavedView> restore_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id) {
  return free_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<SavedView> {
    const SavedView found = TRY(find_entity<SavedView>(work.transaction(), viewer.user_id, id));
    SavedView restored = TRY(restore_recorded(work, found));
    TRY(work.commit());
    return restored;
  });
}

Result<void> purge_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const SavedView found = TRY(find_entity<SavedView>(work.transaction(), viewer.user_id, id));
  TRY(refuse_live(found, EntityTraits<SavedView>::noun));
  TRY(purge_recorded(work, found));
  TRY(work.redact(found.id.uuid));
  TRY(work.commit());
  return {};
}

}  // namespace dits
