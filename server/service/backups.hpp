// The administrator's view of backups. What writes them is wired in server/app: services know only this desk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/base/viewer.hpp"
#include "server/service/context.hpp"
#include "shared/core/result.hpp"
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
};

// One try, good or not.
struct BackupTry {
  Timestamp began_at;
  std::int64_t took_ms = 0;
  std::string file;  // empty: it failed
  std::string problem;
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
  std::vector<BackupTry> history;  // oldest first
};

class BackupDesk {
 public:
  virtual ~BackupDesk() = default;
  virtual BackupOverview overview() = 0;
  // Errors: conflict, kind "backup_is_running".
  virtual Result<void> start() = 0;
};

// Errors of both: forbidden for anyone but an administrator; unavailable where no server writes backups.
Result<BackupOverview> backup_overview(ServiceContext& context, const Viewer& viewer);
// Begins one; overview() tells when it is done.
Result<void> start_backup(ServiceContext& context, const Viewer& viewer);

}  // namespace dits
