// `dits backup`.
#include "server/backup/backup.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "server/base/clock.hpp"
#include "server/cli/backup_list.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/cli/terminal.hpp"
#include "server/migrate/back_up.hpp"

namespace dits::cli {

namespace {

// Reads each to its end, and each attachment once.
Result<void> check_all(const Config& config, bool is_json) {
  SealKeys keys(config.backup_passphrase);
  const std::string attachments = backup_place(config).attachments().backup;
  std::map<std::string, bool> is_held;
  int bad = 0;
  Json checked = Json::array();
  const std::vector<Backup> backups = TRY(find_backups(backup_directory(config)));
  if (backups.empty()) return no_backup(config);
  for (const Backup& one : backups) {
    const auto contents = check_backup(one, keys);
    std::string verdict = contents ? "good" : contents.error().message;
    std::size_t lost = 0;
    for (const DumpedAttachment& file : contents ? contents->attachments : std::vector<DumpedAttachment>()) {
      const auto [held, is_new] = is_held.try_emplace(file.sha256, false);
      if (is_new) {
        const Result<bool> found = holds_attachment(attachments, file.sha256, keys);
        held->second = found && *found;
      }
      const bool is_known =
          one.manifest && std::ranges::count(one.manifest->missing_attachments, file.sha256) > 0;
      if (!held->second && !is_known) ++lost;
    }
    if (lost > 0)
      verdict = std::to_string(lost) + (lost == 1 ? " attachment" : " attachments") +
                " missing, damaged or sealed with another passphrase in " + attachments;
    const bool is_good = contents && lost == 0;
    if (!is_json) std::printf("%s  %s\n", one.name().c_str(), verdict.c_str());
    checked.push_back(Json{{"file", one.name()}, {"isGood", is_good}, {"problem", is_good ? "" : verdict}});
    if (!is_good) ++bad;
  }
  if (is_json) print_json({{"backups", std::move(checked)}});
  if (bad == 0) return {};
  return internal(std::to_string(bad) + " of " +
                  counted(static_cast<std::int64_t>(backups.size()), "backup") +
                  " can't be restored as it is here.");
}

}  // namespace

Result<void> backup(const CommandLine& line, const Config& config) {
  if (line.has("--list")) return print_backups(config, line.has("--json"));
  if (line.has("--check")) return check_all(config, line.has("--json"));
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::command));
  TRY(share_data_directory(place, config));
  const BackupForm form = line.has("--unencrypted") ? BackupForm::plain : BackupForm::as_configured;
  const Backup written = TRY(back_up(place, config, system_clock(), form));
  const DumpContents& contents = written.manifest->contents;
  const std::string problem = attachment_problem(written);
  std::int64_t rows = 0;
  for (const auto& [name, table] : contents.tables) rows += table.rows;
  if (line.has("--json")) {
    print_json({{"path", written.path},
                {"bytes", written.bytes},
                {"isEncrypted", written.is_encrypted},
                {"writtenAt", to_string(written.written_at)},
                {"tables", contents.tables.size()},
                {"rows", rows},
                {"attachments", contents.attachments.size()},
                {"problem", problem}});
    return problem.empty() ? Result<void>() : internal("The backup is written, but " + problem);
  }
  if (line.has("--quiet") && problem.empty()) return {};
  std::printf("%s  %s%s, %s rows of %zu tables, %s; %s\n",
              written.path.c_str(),
              readable_size(written.bytes).c_str(),
              written.is_encrypted ? ", encrypted" : "",
              grouped(rows).c_str(),
              contents.tables.size(),
              counted(static_cast<std::int64_t>(contents.attachments.size()), "attachment").c_str(),
              problem.empty() ? "read back and complete" : "read back, but");
  if (problem.empty()) return {};
  return internal("The backup is written, but " + problem);
}

}  // namespace dits::cli
