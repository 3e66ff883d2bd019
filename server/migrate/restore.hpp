// Restoring the configured database from one of its backups: checks, attachments, the switch, migrations.
#pragma once

#include <functional>
#include <string>

#include "server/backup/restore.hpp"
#include "server/base/config.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits {

// A backup that was read to its end and that this executable can restore.
struct CheckedBackup {
  Backup backup;
  DumpContents contents;
  int older_by = 0;  // migrations that will bring it up to date
};

// Errors: not_found; invalid, kind "bad_archive" (damaged, cut short, foreign, without its manifest unless
// `needs_manifest` is false), kind "passphrase"; conflict, kind "schema_is_newer".
Result<CheckedBackup> check_for_restore(const std::string& path, SealKeys& keys, bool needs_manifest);

struct RestoreOutcome {
  std::string replaced_schema;  // where the replaced data is kept until the next start; empty: there was none
  std::vector<std::string> missing_attachments;
};

struct RestoreWishes {
  bool needs_attachments = true;
  bool claims_directory = true;  // false: the database is not in its place yet
  std::function<void(std::int64_t sql_bytes)> show = [](std::int64_t) {};
};

// The database keeps its identity, whosever backup it is: so do its directory and its own backups. Errors: as
// restore_backup(); invalid, kind "attachments_missing"; conflict, kind "foreign_directory". The live data is
// untouched then.
Result<RestoreOutcome> restore(const DatabasePlace& place,
                               const Config& config,
                               const CheckedBackup& checked,
                               SealKeys& keys,
                               const RestoreWishes& wishes);

}  // namespace dits
