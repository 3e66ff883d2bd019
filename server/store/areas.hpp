// Areas in the database.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/area.hpp"

namespace dits::store {

Result<std::vector<Area>> list_areas(Reader reader, UserId user_id, Presence presence = Presence::live);
// Deleted ones are found too.
Result<std::optional<Area>> find_area(Reader reader, UserId user_id, AreaId id);

// Errors of the writing calls: conflict (unique_violation) when a row has the id.
Result<void> insert_area(Transaction& transaction, UserId user_id, const Area& area);
Result<void> update_area(Transaction& transaction, UserId user_id, const Area& area);
Result<void> purge_area(Transaction& transaction, UserId user_id, AreaId id);

}  // namespace dits::store
