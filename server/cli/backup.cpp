// `dits backup`.
#include "server/backup/backup.hpp"

#include <cstdio>

#include "server/base/clock.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/database_setup.hpp"

namespace dits::cli {

namespace {

constexpr int kept_days = 7;

}  // namespace

Result<void> backup(const CommandLine& line, const Config& config) {
  const std::string directory = backup_directory(config);
  if (line.has("--list")) {
    for (const Backup& one : list_backups(directory))
      std::printf("%s  %s\n", one.path.c_str(), readable_size(one.bytes).c_str());
    return {};
  }
  const DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
  embedded::Program pg_dump = TRY(database_tool(place, config, "pg_dump", {}));
  const Backup written = TRY(write_backup(std::move(pg_dump), directory, system_clock()));
  std::printf("%s  %s, read back and complete\n", written.path.c_str(), readable_size(written.bytes).c_str());
  if (const int removed = remove_old_backups(directory, kept_days, system_clock().now()); removed > 0) {
    std::printf("%d backups older than %d days removed\n", removed, kept_days);
  }
  return {};
}

}  // namespace dits::cli
