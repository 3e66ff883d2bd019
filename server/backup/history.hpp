// What the last backups came to, kept beside them: for the alerts, the metrics and the administrator's page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct BackupRun {
  Timestamp began_at;
  std::int64_t took_ms = 0;
  std::string file;  // empty: it failed
  std::int64_t bytes = 0;
  std::string problem;  // why it failed, or what is missing in it

  bool is_good() const { return !file.empty(); }
};

// Oldest first; empty when there is none, or the file can't be read.
std::vector<BackupRun> read_backup_history(const std::string& directory);

// Adds one, and forgets all but the last sixty. Errors: unavailable.
Result<void> add_to_backup_history(const std::string& directory, const BackupRun& run);

}  // namespace dits
