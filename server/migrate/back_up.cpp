#include "server/migrate/back_up.hpp"

#include <algorithm>

#include "server/backup/bare_tables.hpp"
#include "server/backup/history.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/embedded/clusters_here.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/roles.hpp"

namespace dits {

namespace {

// In a database that is shared with others only our schema is ours.
constexpr std::string_view ask_other_schemas =
    "SELECT '\"' || replace(nspname, '\"', '\"\"') || '\"' FROM pg_namespace WHERE nspname NOT IN ('public', "
    "'information_schema') AND nspname NOT LIKE 'pg\\_%' ORDER BY 1";

// Whoever encrypts backups does so everywhere: a plain one beside them is only written by who says so, each
// time.
// A short passphrase opens what it has closed, and closes nothing any more.
Result<void> check_passphrase(const Config& config, BackupForm form) {
  constexpr std::size_t shortest = 8;
  if (form == BackupForm::plain) return {};
  const std::size_t size = config.backup_passphrase.reveal().size();
  if (size >= shortest) return {};
  if (size > 0)
    return invalid(
        "BACKUP_PASSPHRASE",
        "It is shorter than 8 characters: take a longer one for backups from now on. dits restore opens "
        "those that it closed as long as it is given.");
  const std::vector<Backup> backups = list_backups(backup_directory(config));
  const auto encrypted =
      std::find_if(backups.begin(), backups.end(), [](const Backup& backup) { return backup.is_encrypted; });
  if (encrypted == backups.end()) return {};
  return invalid("BACKUP_PASSPHRASE",
                 encrypted->name() +
                     " is encrypted, and BACKUP_PASSPHRASE is not set here: set it, or "
                     "--backup-passphrase-file, as for the server. dits backup --unencrypted writes one that "
                     "anybody can read; to give encryption up, move the encrypted ones out of " +
                     backup_directory(config) + ".");
}

Result<Backup> write_one(const DatabasePlace& place,
                         const Config& config,
                         Clock& clock,
                         BackupForm form,
                         const std::atomic<bool>* is_stopped) {
  BackupPlace into = backup_place(config);
  if (form == BackupForm::plain) into.passphrase = {};
  DumpOptions options;
  options.is_stopped = is_stopped;
  options.arguments = {"--extension=pg_trgm", "--exclude-table-data=public." + std::string(derived_table)};
  embedded::Program pg_dump = TRY(database_tool(place, config, "pg_dump", {}));
  {
    const auto owner = TRY(connect_as_owner(place));
    const Rows schemas = TRY(owner->run_once(ask_other_schemas));
    for (const Row row : schemas) options.arguments.push_back("--exclude-schema=" + std::string(row.text(0)));
  }
  if (TRY(let_read_all_rows(place, pg_dump))) options.arguments.emplace_back("--enable-row-security");
  return write_backup(std::move(pg_dump), into, clock, options);
}

// Backups, and the clusters that were kept until there was this one. Once more before anything is removed:
// the database behind an address may be another one by now. One without accounts has nothing that its backups
// could keep; it is new, or was emptied.
Result<void> expire(const DatabasePlace& place, const Config& config, Clock& clock, const Backup& written) {
  const auto owner = TRY(connect_as_owner(place));
  if (TRY(list_accounts(*owner)).empty()) return {};
  const BackupOwner known = TRY(read_backup_owner(*owner));
  const Timestamp now = clock.now();
  const ClockWitness witness = look_at(TRY(read_clock_witness(*owner)), now, std::nullopt);
  const Timestamp trusted = trusted_time(witness, now);
  remove_old_backups(backup_directory(config), config.backup_keep_days, trusted, known);
  if (place.is_embedded()) embedded::remove_kept_clusters(config.data_dir, written.written_at, trusted);
  return {};
}

// A backup is kept in the directory of its database, which is claimed with the first one.
Result<void> claim_for_backup(const DatabasePlace& place, const Config& config) {
  const auto owner = TRY(connect_as_owner(place));
  const DirectoryCheck seen = TRY(look_at_directory(*owner, place, config));
  TRY(seen.verdict);
  if (!seen.database.identity) return {};  // the first start with an identity claims it
  TRY(make_directories(config.data_dir, 0700));
  return claim_directory(
      config, seen.directory, {*seen.database.identity, seen.database.place, seen.database.seat});
}

}  // namespace

std::string backup_directory(const Config& config) { return config.data_dir + "/backups"; }

BackupPlace backup_place(const Config& config) {
  return {backup_directory(config), config.data_dir + "/attachments", config.backup_passphrase};
}

Result<Backup> back_up(const DatabasePlace& place,
                       const Config& config,
                       Clock& clock,
                       BackupForm form,
                       const std::atomic<bool>* is_stopped) {
  TRY(check_passphrase(config, form));
  const std::string directory = backup_directory(config);
  BackupRun run;
  run.began_at = clock.now();
  const Result<void> claimed = claim_for_backup(place, config);
  if (!claimed && claimed.error().kind == "foreign_directory") return claimed.error();
  const Result<Backup> written =
      claimed ? write_one(place, config, clock, form, is_stopped) : Result<Backup>(claimed.error());
  run.took_ms = clock.now().unix_ms - run.began_at.unix_ms;
  if (!written) {
    run.problem = written.error().message;
  } else {
    run.file = written->name();
    run.bytes = written->bytes;
    run.problem = attachment_problem(*written);
    if (const auto expired = expire(place, config, clock, *written); !expired)
      log::warn("cannot remove old backups", {{"reason", expired.error().message}});
  }
  // Neither who finds another one running nor who is told to stop has failed.
  const bool is_stopping = is_stopped != nullptr && is_stopped->load();
  const bool is_told = !written && (is_stopping || written.error().kind == "backup_is_running");
  if (const auto noted = is_told ? Result<void>() : add_to_backup_history(directory, run); !noted)
    log::warn("cannot note the backup", {{"reason", noted.error().message}});
  return written;
}

}  // namespace dits
