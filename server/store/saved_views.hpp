// Saved views in the database.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/saved_view.hpp"

namespace dits::store {

Result<std::vector<SavedView>> list_saved_views(Reader reader,
                                                UserId user_id,
                                                Presence presence = Presence::live);
// Deleted ones are found too.
Result<std::optional<SavedView>> find_saved_view(Reader reader, UserId user_id, SavedViewId id);

// Errors of the writing calls: conflict (unique_violation) when a row has the id.
Result<void> insert_saved_view(Transaction& transaction, UserId user_id, const SavedView& view);
Result<void> update_saved_view(Transaction& transaction, UserId user_id, const SavedView& view);
Result<void> purge_saved_view(Transaction& transaction, UserId user_id, SavedViewId id);

}  // namespace dits::store
