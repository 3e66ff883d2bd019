// Backups: pg_dump's plain SQL, gzipped, sealed where there is a passphrase, with a manifest and the
// attachments beside it; written so that a file with a backup's name is always whole.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/backup/attachment_files.hpp"
#include "server/backup/backup_owner.hpp"
#include "server/backup/manifest.hpp"
#include "server/base/clock.hpp"
#include "server/base/secret.hpp"
#include "server/embedded/subprocess.hpp"
#include "shared/core/result.hpp"

namespace dits {

// Where backups are written, and how.
struct BackupPlace {
  std::string directory;         // backups and manifests; attachments/ below it
  std::string attachment_store;  // where the attachments of the live data are
  Secret passphrase;             // empty: not encrypted

  AttachmentPlaces attachments() const { return {attachment_store, directory + "/attachments"}; }
};

struct Backup {
  std::string path;
  std::int64_t bytes = 0;
  Timestamp written_at;
  bool is_encrypted = false;
  std::optional<Manifest> manifest;  // absent: none beside it, or it can't be read
  // In the store, when it was written, though the backup holds them: sha256, hex.
  std::vector<std::string> damaged_attachments = {};

  std::string name() const { return path.substr(path.rfind('/') + 1); }
  // It was read back after it was written, and has the size that it had then.
  bool is_verified() const { return manifest && manifest->bytes == bytes; }
};

// What a person has to know of the attachments of one that was just written; empty when all are as they
// should be.
std::string attachment_problem(const Backup& backup);

// "dits_backup_20251007_120000.sql.gz", in UTC.
std::string backup_name(Timestamp now);

struct DumpOptions {
  std::vector<std::string> arguments = {};        // more of them for pg_dump
  std::vector<std::string> environment = {};      // and more variables
  const std::atomic<bool>* is_stopped = nullptr;  // set by somebody else: give up soon
};

// Runs `pg_dump` (ready to run but for its arguments) into a file of the place, reads it back, puts the
// attachments that it names beside it, writes the manifest, then gives it its name. One at a time in a
// directory. Errors: conflict, kind "backup_is_running"; unavailable, kind "disk_full" when that is the
// reason, "silent" when pg_dump says nothing for minutes (Program::most_silence); nothing with a backup's
// name is left then.
Result<Backup> write_backup(embedded::Program pg_dump,
                            const BackupPlace& place,
                            Clock& clock,
                            const DumpOptions& options = {});

// The backups of a directory, newest first; also those with a name that somebody gave to them and their
// manifests.
Result<std::vector<Backup>> find_backups(const std::string& directory);
// The same, for those who only show them.
std::vector<Backup> list_backups(const std::string& directory);

// When the newest of them was written, of those that are not from after `until`: a clock that was wrong for a
// while leaves names of the future. With an identity, one whose manifest names another database does not
// count.
std::optional<Timestamp> newest_backup_at(const std::string& directory,
                                          Timestamp until,
                                          std::string_view database = {});

// One of them, by its path; its manifest is looked for beside it.
Backup backup_at(const std::string& path);

// The SQL of a backup, unsealed and unpacked, in pieces. Errors: not_found; invalid, kind "bad_archive" or
// "passphrase"; those of `take`.
Result<void> read_backup(const std::string& path,
                         SealKeys& keys,
                         const std::function<Result<void>(std::string_view)>& take);

// Reads a backup to its end and compares it with its manifest, when it has one; what is in it. Errors: as
// above; kind "bad_archive" when it is not what the manifest says; unavailable when `is_stopped` was set.
Result<DumpContents> check_backup(const Backup& backup,
                                  SealKeys& keys,
                                  const std::atomic<bool>* is_stopped = nullptr);

// Removes one with its manifest; the attachments stay until old backups go. False when it is not there.
bool remove_backup(const std::string& path);

// Removes the owner's backups older than `days`, but never its newest three, with their manifests and the
// attachments that no other backup names. What belongs to another database, or nobody knows to whom, stays.
// The number of removed ones: none while a backup is being written there.
int remove_old_backups(const std::string& directory, int days, Timestamp now, const BackupOwner& owner);

}  // namespace dits
