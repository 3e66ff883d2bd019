// Backups as JSON: in the answers of /admin/backups, and in the history that lies beside the backups.
#pragma once

#include "shared/json/value.hpp"
#include "shared/model/backup.hpp"

namespace dits {

Json backup_run_to_json(const BackupRun& run);
Json backup_overview_to_json(const BackupOverview& overview);

// From what our own programs wrote; members that are not known are passed over. Errors of both: invalid.
Result<BackupRun> backup_run_from_json(const Json& json);
Result<BackupOverview> backup_overview_from_json(const Json& json);

}  // namespace dits
