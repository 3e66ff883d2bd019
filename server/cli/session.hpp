// What a command needs to work on the database: the same services as the server's, opened for one task.
#pragma once

#include <memory>
#include <string>

#include "server/base/config.hpp"
#include "server/base/viewer.hpp"
#include "server/cache/event_bus.hpp"
#include "server/db/notifications.hpp"
#include "server/db/pooled_database.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/context.hpp"

namespace dits::cli {

class Session {
 public:
  // The database of this configuration, migrated; `use`: whether files of attachments are read or written.
  // Errors: those of database_setup.hpp.
  static Result<std::unique_ptr<Session>> open(const Config& config,
                                               DirectoryUse use,
                                               OpenedBy opened_by = OpenedBy::command);

  ServiceContext& services() { return services_; }
  PooledDatabase& database() { return *database_; }
  const DatabasePlace& place() const { return place_; }

 private:
  Session(DatabasePlace place, PoolOptions pool, const Config& config, DirectoryUse use);

  DatabasePlace place_;  // ends last: it may stop PostgreSQL
  std::unique_ptr<PooledDatabase> database_;
  SharedEventBus event_bus_;
  Notifications notifications_;  // to the servers that run on this database
  AttachmentFiles attachment_files_;
  ServiceContext services_;
};

// Acts for a user from the command line, which whoever owns the machine may do.
Viewer command_line_viewer(UserId user_id, Role role);

}  // namespace dits::cli
