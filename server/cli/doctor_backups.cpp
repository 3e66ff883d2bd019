#include "server/cli/doctor_backups.hpp"

#include <cerrno>

#include <unistd.h>

#include "server/backup/backup.hpp"
#include "server/backup/history.hpp"
#include "server/base/files.hpp"
#include "server/cli/backup_list.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/back_up.hpp"

namespace dits::cli {

namespace {

constexpr std::int64_t ms_per_hour = 3'600'000;

void look_at_newest(
    const Backup& newest, std::size_t count, const Config& config, Report& report, Timestamp now) {
  const std::string age = age_text(newest.written_at, now);
  const std::int64_t hours = (now.unix_ms - newest.written_at.unix_ms) / ms_per_hour;
  if (config.alert_backup_age_hours > 0 && hours > config.alert_backup_age_hours) {
    report.bad("the newest backup is " + age + " old: " + newest.path,
               "dits backup writes one now; BACKUP_SCHEDULE says when the server does by itself (now " +
                   config.backup_schedule.text() + ")");
  } else {
    report.good(counted(static_cast<std::int64_t>(count), "backup") + ", the newest (age: " + age + ") is " +
                newest.path);
  }
  if (!newest.is_verified())
    report.bad("the newest backup has no manifest, or another size than when it was written",
               "dits backup --check reads every one to its end; dits backup writes a new one");
}

}  // namespace

void look_at_backups(const Config& config, Report& report, Timestamp now) {
  const std::string directory = backup_directory(config);
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0 && errno != ENOENT)
    return report.bad(system_error("cannot use " + directory).message,
                      "run this as the user whose data it is, or give the directory to that user with chown");
  const std::vector<Backup> backups = list_backups(directory);
  if (backups.empty()) {
    report.note("no backup yet", "dits backup writes one");
  } else {
    look_at_newest(backups.front(), backups.size(), config, report, now);
  }
  const std::vector<BackupRun> runs = read_backup_history(directory);
  if (!runs.empty() && !runs.back().problem.empty())
    report.bad("the last backup had a problem: " + runs.back().problem,
               "remove the cause, then: dits backup");
}

}  // namespace dits::cli
