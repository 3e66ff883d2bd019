// Backups as an administrator sees them: what there is, how the last ones went, when the next one is due.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/time.hpp"

namespace dits {

struct BackupItem {
  std::string file;
  std::int64_t bytes = 0;
  Timestamp written_at;
  bool is_encrypted = false;
  bool is_verified = false;
  std::int64_t issues = 0;
  std::int64_t attachments = 0;
  bool is_foreign = false;  // of another database
};

// One that was begun, good or not.
struct BackupRun {
  Timestamp began_at;
  std::int64_t took_ms = 0;
  std::string file;  // empty: it failed
  std::int64_t bytes = 0;
  std::string problem;  // why it failed, or what is missing in it

  bool is_good() const { return !file.empty(); }
};

struct BackupOverview {
  std::string directory;
  std::string schedule;  // as it was configured
  int keep_days = 0;
  bool is_encrypted = false;
  bool is_running = false;
  std::optional<Timestamp> next_due_at;
  std::string last_problem;
  std::vector<BackupItem> items;   // newest first
  std::vector<BackupRun> history;  // oldest first
};

}  // namespace dits
