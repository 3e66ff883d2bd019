#include "server/cli/doctor_backups.hpp"

#include <algorithm>
#include <cerrno>
#include <random>

#include <unistd.h>

#include "server/backup/backup.hpp"
#include "server/backup/history.hpp"
#include "server/base/clock.hpp"
#include "server/base/crypto.hpp"
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

// "ab/cdef…" of each.
Result<std::vector<std::string>> attachment_names(const std::string& store) {
  constexpr std::size_t folder_digits = 2;
  constexpr std::size_t other_digits = 62;
  std::vector<std::string> names;
  for (const std::string& folder : TRY(names_in(store))) {
    if (folder.size() != folder_digits) continue;
    for (const std::string& name : TRY(names_in(store + "/" + folder))) {
      if (name.size() == other_digits) names.push_back(folder + "/" + name);
    }
  }
  return names;
}

bool holds_what_its_name_says(const std::string& store, const std::string& name) {
  Sha256 digest;
  const Result<void> read = read_file_in_pieces(store + "/" + name, [&](std::string_view piece) {
    digest.add(piece);
    return Result<void>();
  });
  return read && hex(digest.finish()) == name.substr(0, 2) + name.substr(3);
}

}  // namespace

void look_at_attachments(const Config& config, Report& report) {
  constexpr std::size_t most = 50;
  const std::string store = backup_place(config).attachment_store;
  Result<std::vector<std::string>> names = attachment_names(store);
  if (!names) return report.bad(names.error().message, "run this as the user whose data it is");
  if (names->empty()) return;
  const std::size_t all = names->size();
  std::ranges::shuffle(*names, std::mt19937_64(system_clock().random_bits()));
  names->resize(std::min(all, most));
  const auto harmed = std::ranges::find_if_not(
      *names, [&](const std::string& name) { return holds_what_its_name_says(store, name); });
  if (harmed != names->end()) {
    return report.bad(
        "an attachment is damaged: " + store + "/" + *harmed,
        "dits backup names how many are, and dits restore brings back what a backup holds; is the "
        "disk in order?");
  }
  report.good(counted(static_cast<std::int64_t>(all), "attachment") +
              (all > most ? ", some of them read and whole" : ", read and whole"));
}

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
