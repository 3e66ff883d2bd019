#include "server/migrate/restore.hpp"

#include <algorithm>
#include <filesystem>

#include "server/backup/bad_archive.hpp"
#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/base/stored_files_lock.hpp"
#include "server/base/version.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/roles.hpp"

namespace dits {

namespace {

std::string writer_of(const Backup& backup) {
  return backup.manifest ? "DITS " + backup.manifest->program_version : std::string("another DITS");
}

// How many migrations it lacks.
Result<int> compare_migrations(const Backup& backup, const std::vector<DumpedMigration>& dumped) {
  const std::vector<Migration> known = TRY(embedded_migrations());
  if (dumped.empty()) return bad_archive(backup.path + " is no backup of DITS: it names no migration.");
  for (const DumpedMigration& one : dumped) {
    const auto same = std::ranges::find(known, one.name, &Migration::name);
    if (same == known.end()) {
      return conflict(
          "The backup has the migration " + one.name + " (by " + writer_of(backup) +
              "), which this executable does not know: it is older than the backup. Restore with the "
              "newer one.",
          "schema_is_newer");
    }
    if (same->checksum != one.checksum)
      return bad_archive("The backup's migration " + one.name + " is not the one that this executable has.");
  }
  return static_cast<int>(known.size() - dumped.size());
}

// The migrations that a backup was made with, from this executable: compare_migrations found them to be the
// same.
Result<std::vector<Migration>> migrations_of(const DumpContents& contents) {
  std::vector<Migration> migrations = TRY(embedded_migrations());
  std::erase_if(migrations, [&](const Migration& migration) {
    return std::ranges::find(contents.migrations, migration.name, &DumpedMigration::name) ==
           contents.migrations.end();
  });
  return migrations;
}

// What the backup still lacks, as far as it can be done in the restore's own transaction.
Result<void> migrate_within(Connection& owner) {
  const std::vector<Migration> known = TRY(embedded_migrations());
  const MigrationState state = TRY(migration_state(owner, known));
  return apply_within_transaction(owner, state.pending, std::string(version_text()));
}

// A database keeps its identity whatever it is filled with, and so its directory and its earlier backups. One
// that is new, or without an account, becomes what its directory says, else what the backup says.
std::optional<Uuid> identity_after(const DirectoryCheck& seen, const std::string& restored) {
  const std::optional<Uuid>& live = seen.database.identity;
  const bool is_claimed = live && seen.directory.owner && *live == seen.directory.owner->database;
  if (is_claimed || (live && seen.database.has_accounts)) return live;
  const Result<Uuid> named = parse_uuid(restored);
  return named ? std::optional<Uuid>(*named) : live;
}

Result<std::vector<std::string>> bring_attachments(const Config& config,
                                                   const CheckedBackup& checked,
                                                   SealKeys& keys,
                                                   bool needs_all) {
  AttachmentPlaces places = backup_place(config).attachments();
  places.backup = std::filesystem::path(checked.backup.path).parent_path().string() + "/attachments";
  LackingAttachments lacking = TRY(restore_attachments(places, checked.contents.attachments, keys));
  std::vector<std::string> missing = std::move(lacking.missing);
  const auto is_expected = [&](const std::string& hash) {
    if (!checked.backup.manifest) return false;
    return std::ranges::count(checked.backup.manifest->missing_attachments, hash) > 0;
  };
  const auto unexpected = std::ranges::find_if_not(missing, is_expected);
  if (needs_all && unexpected != missing.end()) {
    Error error =
        invalid("--without-attachments",
                std::to_string(missing.size()) +
                    " attachments are neither beside the backup nor in the data directory (" + *unexpected +
                    "). Bring them to " + places.backup + ", or restore without them." +
                    (lacking.locked == 0 ? std::string()
                                         : " " + std::to_string(lacking.locked) +
                                               " of them are there, sealed with another passphrase."));
    error.kind = "attachments_missing";
    return error;
  }
  return missing;
}

}  // namespace

Result<CheckedBackup> check_for_restore(const std::string& path, SealKeys& keys, bool needs_manifest) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored))
    return not_found(path + " does not exist; dits restore lists what there is.");
  CheckedBackup checked{backup_at(path), {}, 0};
  if (!checked.backup.manifest && needs_manifest) {
    return bad_archive(
        path +
        " has no manifest (.json of the same name) beside it, so that nobody knows whether it is "
        "whole. Bring the manifest, or pass --without-manifest.");
  }
  checked.contents = TRY(check_backup(checked.backup, keys));
  checked.older_by = TRY(compare_migrations(checked.backup, checked.contents.migrations));
  return checked;
}

Result<RestoreOutcome> restore(const DatabasePlace& place,
                               const Config& config,
                               const CheckedBackup& checked,
                               SealKeys& keys,
                               const RestoreWishes& wishes) {
  RestoreOutcome outcome;
  const auto owner = TRY(connect_as_owner(place));
  const DirectoryCheck seen = TRY(look_at_directory(*owner, place, config));
  TRY(check_directory_for_restore(seen.directory, seen.database, checked.contents.database));
  const std::optional<Uuid> identity = identity_after(seen, checked.contents.database);
  TRY(make_directories(config.data_dir, 0700));
  const FileDescriptor kept_files =
      TRY(lock_stored_files(backup_place(config).attachments().store, StoredFilesUse::keep));
  outcome.missing_attachments = TRY(bring_attachments(config, checked, keys, wishes.needs_attachments));
  RestoreSteps steps;
  steps.show = wishes.show;
  steps.make_schema = [&](Connection& connection) -> Result<void> {
    return make_schema(connection, TRY(migrations_of(checked.contents)), std::string(version_text()));
  };
  const DiskSpace disk(config.data_dir);
  if (place.is_embedded()) steps.check_room = [&disk] { return disk.check(DiskUse::bulk); };
  steps.before_reading = [](Connection& connection) -> Result<void> {
    TRY(open_tables_for_backup(connection));
    return {};
  };
  steps.before_commit = [&identity](Connection& connection) -> Result<void> {
    TRY(migrate_within(connection));
    if (identity) TRY(stamp_identity(connection, *identity));
    return grant_app_role(connection);
  };
  outcome.replaced_schema =
      TRY(restore_backup(*owner, checked.backup, checked.contents, keys, system_clock(), steps));
  log::info("database restored", {{"from", checked.backup.path}, {"kept", outcome.replaced_schema}});
  const std::optional<Uuid> now = TRY(read_identity(*owner));
  if (now && wishes.claims_directory)
    TRY(claim_directory(config, seen.directory, {*now, seen.database.place, seen.database.seat}));
  return outcome;
}

}  // namespace dits
