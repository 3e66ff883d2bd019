#include "server/cli/backup_list.hpp"

#include <cerrno>
#include <cstdio>

#include <unistd.h>

#include "server/base/clock.hpp"
#include "server/base/directory_owner.hpp"
#include "server/base/files.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/back_up.hpp"

namespace dits::cli {

namespace {

std::string state_text(const Backup& backup) {
  std::string text = "no manifest";
  if (backup.manifest)
    text = backup.is_verified() ? "verified" : "DAMAGED: another size than when it was written";
  return backup.is_encrypted ? text + ", encrypted" : text;
}

// Of another database than the directory's.
bool is_foreign(const Backup& backup, const std::optional<DirectoryOwner>& owner) {
  if (!backup.manifest || !owner) return false;
  const std::string& database = backup.manifest->contents.database;
  return !database.empty() && database != to_string(owner->database);
}

std::string contents_text(const Backup& backup, const std::optional<DirectoryOwner>& owner) {
  if (!backup.manifest) return {};
  const auto& tables = backup.manifest->contents.tables;
  const auto issues = tables.find("issues");
  const std::int64_t count = issues == tables.end() ? 0 : issues->second.rows;
  std::string text = counted(count, "issue");
  const std::size_t attachments = backup.manifest->contents.attachments.size();
  if (attachments > 0) text += ", " + counted(static_cast<std::int64_t>(attachments), "attachment");
  if (is_foreign(backup, owner)) text += ", FOREIGN: of the database " + backup.manifest->contents.database;
  return text;
}

Json json_of(const Backup& backup, const std::optional<DirectoryOwner>& owner) {
  Json json{{"file", backup.name()},
            {"path", backup.path},
            {"bytes", backup.bytes},
            {"writtenAt", to_string(backup.written_at)},
            {"isVerified", backup.is_verified()},
            {"isEncrypted", backup.is_encrypted},
            {"isForeign", is_foreign(backup, owner)}};
  if (!backup.manifest) return json;
  const auto& tables = backup.manifest->contents.tables;
  const auto issues = tables.find("issues");
  json["issues"] = issues == tables.end() ? 0 : issues->second.rows;
  json["attachments"] = backup.manifest->contents.attachments.size();
  json["database"] = backup.manifest->contents.database;
  return json;
}

}  // namespace

std::string age_text(Timestamp then, Timestamp now) {
  const std::int64_t minutes = (now.unix_ms - then.unix_ms) / 60'000;
  const auto counted = [](std::int64_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
  };
  if (minutes < 1) return "just now";
  if (minutes < 120) return counted(minutes, "minute");
  if (minutes < 48 * 60) return counted(minutes / 60, "hour");
  return counted(minutes / (24 * 60), "day");
}

Error no_backup(const Config& config) {
  Error error = not_found("There is no backup in " + backup_directory(config) +
                          ": is --data-dir (DITS_DATA_DIR) right? dits backup writes one.");
  error.kind = nothing_there;
  return error;
}

Result<void> print_backups(const Config& config, bool is_json) {
  const std::string directory = backup_directory(config);
  if (::access(directory.c_str(), R_OK | X_OK) != 0 && errno != ENOENT)
    return system_error("cannot read " + directory);
  if (!TRY(path_exists(config.data_dir))) return no_backup(config);
  const std::vector<Backup> backups = list_backups(directory);
  const std::optional<DirectoryOwner> owner = TRY(read_directory_owner(config.data_dir));
  if (is_json) {
    Json items = Json::array();
    for (const Backup& one : backups) items.push_back(json_of(one, owner));
    print_json({{"directory", directory}, {"backups", std::move(items)}});
    if (backups.empty()) return no_backup(config);
    return {};
  }
  if (backups.empty()) return no_backup(config);
  const Timestamp now = system_clock().now();
  for (const Backup& one : backups) {
    std::printf("%-40s  %10s  %12s  %-20s  %s\n",
                one.name().c_str(),
                readable_size(one.bytes).c_str(),
                age_text(one.written_at, now).c_str(),
                state_text(one).c_str(),
                contents_text(one, owner).c_str());
  }
  return {};
}

}  // namespace dits::cli
