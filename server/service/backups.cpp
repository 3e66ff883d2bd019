#include "server/service/backups.hpp"

#include "server/base/log.hpp"

namespace dits {

namespace {

Result<BackupDesk*> desk_for(const ServiceContext& context, const Viewer& viewer) {
  if (viewer.role != Role::admin) return forbidden("Only an administrator may do this.");
  if (context.backups == nullptr) return unavailable("No backups are written here.");
  return context.backups;
}

}  // namespace

Result<BackupOverview> backup_overview(ServiceContext& context, const Viewer& viewer) {
  return TRY(desk_for(context, viewer))->overview();
}

Result<void> start_backup(ServiceContext& context, const Viewer& viewer) {
  BackupDesk* desk = TRY(desk_for(context, viewer));
  TRY(desk->start());
  log::info("backup asked for", {{"user", to_string(viewer.user_id)}});
  return {};
}

}  // namespace dits
