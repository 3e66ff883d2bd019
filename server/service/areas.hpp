// Areas: the rules, the transaction and the audit row of each call.
#pragma once

#include <vector>

#include "server/service/audit.hpp"
#include "shared/model/area.hpp"

namespace dits {

// Live ones.
Result<std::vector<Area>> list_areas(ServiceContext& context, const Viewer& viewer);
// Those in the trash are found too. Errors: not_found.
Result<Area> get_area(ServiceContext& context, const Viewer& viewer, AreaId id);
// Errors: invalid, conflict ("id_taken").
Result<Area> create_area(ServiceContext& context, const Viewer& viewer, Area draft);
Result<Area> update_area(ServiceContext& context, const Viewer& viewer, AreaId id, const AreaPatch& patch);
// Its issues stay, without an area; one undo step brings both back.
Result<void> remove_area(ServiceContext& context, const Viewer& viewer, AreaId id);
Result<Area> restore_area(ServiceContext& context, const Viewer& viewer, AreaId id);
// For good, and only from the trash.
Result<void> purge_area(ServiceContext& context, const Viewer& viewer, AreaId id);

// Within a transaction.
Result<Area> create_entity(AuditedTransaction& work, Area draft);
Result<Area> change_entity(AuditedTransaction& work, const Area& before, Area after);
Result<void> trash_entity(AuditedTransaction& work, const Area& before);

}  // namespace dits
