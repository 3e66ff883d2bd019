// `dits restore`.
#include "server/migrate/restore.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "server/base/clock.hpp"
#include "server/base/directory_owner.hpp"
#include "server/cli/backup_list.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/back_up.hpp"

namespace dits::cli {

namespace {

// A name as the list shows it, or a path.
std::string path_of(const std::string& file, const Config& config) {
  std::error_code ignored;
  const std::string listed = backup_directory(config) + "/" + file;
  const bool is_listed = file.find('/') == std::string::npos && std::filesystem::exists(listed, ignored);
  return std::filesystem::absolute(is_listed ? listed : file, ignored).string();
}

// For who is asked next; standard output is the program's that reads JSON.
void describe(std::FILE* to, const CheckedBackup& checked, const std::optional<DirectoryOwner>& owner) {
  std::int64_t rows = 0;
  for (const auto& [name, table] : checked.contents.tables) rows += table.rows;
  const auto issues = checked.contents.tables.find("issues");
  std::fprintf(to, "%s\n", checked.backup.path.c_str());
  if (checked.backup.written_at != Timestamp{}) {
    std::fprintf(to,
                 "written    %s (age: %s)\n",
                 to_string(checked.backup.written_at).c_str(),
                 age_text(checked.backup.written_at, system_clock().now()).c_str());
  }
  std::fprintf(to,
               "holds      %s, %s rows of %zu tables, %s\n",
               counted(issues == checked.contents.tables.end() ? 0 : issues->second.rows, "issue").c_str(),
               grouped(rows).c_str(),
               checked.contents.tables.size(),
               counted(static_cast<std::int64_t>(checked.contents.attachments.size()), "attachment").c_str());
  const std::string& database = checked.contents.database;
  if (owner && !database.empty() && database != to_string(owner->database)) {
    std::fprintf(to,
                 "FOREIGN    it is of the database %s; the restored data will belong to %s\n",
                 database.c_str(),
                 to_string(owner->database).c_str());
  }
  std::fprintf(
      to,
      "schema     %s%s\n",
      checked.contents.migrations.back().name.c_str(),
      checked.older_by == 0
          ? ", the newest"
          : (", " + std::to_string(checked.older_by) + " behind; it will be brought up to date").c_str());
  std::fprintf(to,
               "checked    %s\n",
               checked.backup.manifest ? "read to its end, and as its manifest says"
                                       : "read to its end; without a manifest to compare it with");
}

}  // namespace

Result<void> restore_backup_file(const CommandLine& line, const Config& config) {
  if (line.has("--list") || !line.has("FILE")) {
    TRY(print_backups(config, line.has("--json")));
    if (!line.has("--list") && !line.has("--json"))
      std::printf("\ndits restore FILE restores one of them.\n");
    return {};
  }
  SealKeys keys(config.backup_passphrase);
  const std::string path = path_of(line.get("FILE"), config);
  const CheckedBackup checked = TRY(check_for_restore(path, keys, !line.has("--without-manifest")));
  if (!line.has("--quiet") || !line.has("--yes"))
    describe(line.has("--json") ? stderr : stdout, checked, TRY(read_directory_owner(config.data_dir)));
  const std::string where =
      config.is_embedded() ? config.data_dir : without_password(config.database_url.reveal());
  if (!line.has("--yes") && !confirm("Replace ALL data of " + where + " by it?"))
    return invalid("--yes", "Nothing was restored: say yes, or pass --yes.");

  DatabasePlace place = TRY(open_database_place(config, OpenedBy::maker));
  TRY(share_data_directory(place, config));
  RestoreWishes wishes;
  wishes.needs_attachments = !line.has("--without-attachments");
  Progress progress(line, "KB restored", "KB");
  const auto total = static_cast<double>(std::max<std::int64_t>(checked.contents.sql_bytes, 1));
  wishes.show = [&](std::int64_t bytes) { progress.show(bytes / 1024, static_cast<double>(bytes) / total); };
  const RestoreOutcome outcome = TRY(restore(place, config, checked, keys, wishes));
  progress.finish(checked.contents.sql_bytes / 1024);
  if (line.has("--json")) {
    print_json({{"path", checked.backup.path},
                {"schema", checked.contents.migrations.back().name},
                {"replacedSchema", outcome.replaced_schema},
                {"missingAttachments", outcome.missing_attachments}});
    return {};
  }
  if (line.has("--quiet") && outcome.missing_attachments.empty()) return {};
  std::printf("restored   every table was read back and holds what the backup holds\n");
  std::printf(
      "access     passwords, sessions and tokens are those of the backup: revoke again what was revoked "
      "since\n");
  if (!outcome.replaced_schema.empty())
    std::printf("kept       the replaced data, as schema %s, until DITS starts the next time\n",
                outcome.replaced_schema.c_str());
  if (!outcome.missing_attachments.empty())
    std::printf("missing    %s; the first is %s\n",
                counted(static_cast<std::int64_t>(outcome.missing_attachments.size()), "attachment").c_str(),
                outcome.missing_attachments.front().c_str());
  return {};
}

}  // namespace dits::cli
