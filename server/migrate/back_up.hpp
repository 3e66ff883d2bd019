// A backup of the configured database, wherever it is: what stands between a configuration and server/backup.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "server/backup/backup.hpp"
#include "server/base/clock.hpp"
#include "server/base/config.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits {

// Where this configuration's backups are.
BackupPlace backup_place(const Config& config);
std::string backup_directory(const Config& config);

enum class BackupForm : std::uint8_t {
  as_configured,  // encrypted when the configuration has a passphrase
  plain,          // whatever the configuration has
};

// Writes one, removes the old ones and the clusters that were kept until it was there (see
// embedded::remove_kept_clusters), and notes in the history how it went. `is_stopped`: see DumpOptions.
// Only those of the same database go, and none of a database without accounts. Errors: those of write_backup;
// conflict, kind "foreign_directory"; unavailable when the database can't be reached; invalid,
// "BACKUP_PASSPHRASE": none is configured, a backup that is kept is encrypted, and nobody said plain. That
// holds for those before a migration and an upgrade too.
Result<Backup> back_up(const DatabasePlace& place,
                       const Config& config,
                       Clock& clock,
                       BackupForm form = BackupForm::as_configured,
                       const std::atomic<bool>* is_stopped = nullptr);

}  // namespace dits
