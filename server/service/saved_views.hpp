// Saved views: the rules, the transaction and the audit row of each call.
#pragma once

#include <vector>

#include "server/service/audit.hpp"
#include "shared/model/saved_view.hpp"

namespace dits {

// Live ones.
Result<std::vector<SavedView>> list_saved_views(ServiceContext& context, const Viewer& viewer);
// Those in the trash are found too. Errors: not_found.
Result<SavedView> get_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id);
// Errors: invalid, conflict ("id_taken").
Result<SavedView> create_saved_view(ServiceContext& context, const Viewer& viewer, SavedView draft);
Result<SavedView> update_saved_view(ServiceContext& context,
                                    const Viewer& viewer,
                                    SavedViewId id,
                                    const SavedViewPatch& patch);
// Into the trash.
Result<void> remove_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id);
Result<SavedView> restore_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id);
// For good, and only from the trash.
Result<void> purge_saved_view(ServiceContext& context, const Viewer& viewer, SavedViewId id);

// Within a transaction.
Result<SavedView> create_entity(AuditedTransaction& work, SavedView draft);
Result<SavedView> change_entity(AuditedTransaction& work, const SavedView& before, SavedView after);
Result<void> trash_entity(AuditedTransaction& work, const SavedView& before);

}  // namespace dits
