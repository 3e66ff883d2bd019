// Backups: pg_dump's plain SQL, gzipped, written so that a file with a backup's name is always whole.
#pragma once

#include <string>
#include <vector>

#include "server/base/clock.hpp"
#include "server/embedded/subprocess.hpp"
#include "shared/core/result.hpp"

namespace dits {

struct Backup {
  std::string path;
  std::int64_t bytes = 0;
};

// "dits_backup_20251007_120000.sql.gz", in UTC.
std::string backup_name(Timestamp now);

// Runs `pg_dump` (ready to run but for its arguments) into a file in `directory`, reads it back, then gives
// it its name. Errors: unavailable, kind "disk_full" when that is the reason; nothing with a backup's name is
// left then.
Result<Backup> write_backup(embedded::Program pg_dump, const std::string& directory, Clock& clock);

// The backups of a directory, newest first.
std::vector<Backup> list_backups(const std::string& directory);

// Removes backups older than `days`, but never the newest three. The number of removed ones.
int remove_old_backups(const std::string& directory, int days, Timestamp now);

}  // namespace dits
