// The administrator's view of backups. What writes them is wired in server/app: services know only this desk.
#pragma once

#include "server/base/viewer.hpp"
#include "server/service/context.hpp"
#include "shared/core/result.hpp"
#include "shared/model/backup.hpp"

namespace dits {

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
