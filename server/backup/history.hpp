// What the last backups came to, kept beside them: for the alerts, the metrics and the administrator's page.
#pragma once

#include <string>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/model/backup.hpp"

namespace dits {

// Oldest first; empty when there is none, or the file can't be read. A run that can't be read is left out.
std::vector<BackupRun> read_backup_history(const std::string& directory);

// Adds one, and forgets all but the last sixty. Errors: unavailable.
Result<void> add_to_backup_history(const std::string& directory, const BackupRun& run);

}  // namespace dits
