#include "server/backup/backup.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <ranges>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/backup/bad_archive.hpp"
#include "server/backup/gzip.hpp"
#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"
#include "server/base/stored_files_lock.hpp"
#include "server/base/version.hpp"

namespace dits {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "dits_backup_";
constexpr std::string_view suffix = ".sql.gz";
constexpr std::string_view sealed_suffix = ".sql.gz.enc";
constexpr std::string_view manifest_suffix = ".json";
constexpr std::size_t time_size = 15;  // 20251007_120000
constexpr std::size_t stem_size = prefix.size() + time_size;
constexpr std::size_t kept_ones = 3;
constexpr std::int64_t ms_per_second = 1000;

// From the name's digits.
Timestamp time_from_name(std::string_view name) {
  if (name.size() < stem_size) return {};
  const std::string_view d = name.substr(prefix.size(), time_size);
  const auto part = [&](std::size_t at, std::size_t count) { return std::string(d.substr(at, count)); };
  const auto time = parse_timestamp(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) +
                                    ":" + part(11, 2) + ":" + part(13, 2) + "Z");
  return time ? *time : Timestamp{};
}

// Whatever else lies there under a name of its own is nobody's to list, restore or remove.
bool is_backup_name(std::string_view name) {
  constexpr std::string_view form = "########_######";
  if (!name.starts_with(prefix) || name.size() < stem_size) return false;
  for (std::size_t at = 0; at < form.size(); ++at) {
    const char c = name[prefix.size() + at];
    if (form[at] == '#' ? c < '0' || c > '9' : c != form[at]) return false;
  }
  const std::string_view rest = name.substr(stem_size);
  return (rest == suffix || rest == sealed_suffix) && time_from_name(name) != Timestamp{};
}

// "dits_backup_20251007_120000" of a name or a path that ends in one; of a backup that somebody has given a
// name of their own, all but the ending.
std::string stem_of(const std::string& path) {
  for (const std::string_view ending : {sealed_suffix, suffix}) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  const std::size_t name = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
  return path.substr(0, std::min(path.size(), path.find('.', name)));
}

// One backup at a time in a directory; the kernel takes the lock back whatever happens.
Result<FileDescriptor> lock_directory(const std::string& directory) {
  const std::string path = directory + "/.lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot open " + path);
  if (uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0) return file;
  if (errno != EWOULDBLOCK) return system_error("cannot lock " + path);
  return conflict("Another backup is being written into " + directory + ".", "backup_is_running");
}

// Is there a backup of this second? What can't be told is not written over.
Result<bool> is_taken(const std::string& stem) {
  return TRY(path_exists(stem + std::string(suffix))) || TRY(path_exists(stem + std::string(sealed_suffix)));
}

std::string path_in(const std::string& directory, const std::string& name) { return directory + "/" + name; }

// What a killed backup left: files under temporary names, a manifest without its backup.
void remove_unfinished(const std::string& directory) {
  const Result<std::vector<std::string>> names = names_in(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(prefix)) continue;
    const std::string path = path_in(directory, name);
    const std::string stem = stem_of(path);
    const Result<bool> has_backup = is_taken(stem);
    const bool is_alone = name.ends_with(manifest_suffix) && has_backup && !*has_backup;
    if (name.ends_with(".new") || is_alone) ::unlink(path.c_str());
  }
}

// A server that has gone without a word would be waited for without end. A dump of any size speaks all the
// time; a lock is waited for a minute (below).
constexpr auto most_silence = std::chrono::minutes(5);

// An older pg_dump does not know the option that makes its text the same each time.
bool knows_restrict_key(embedded::Program pg_dump) {
  pg_dump.arguments = {"--help"};
  std::string help;
  const Result<void> ran = embedded::run_program(pg_dump, [&](std::string_view piece) {
    help += piece;
    return Result<void>();
  });
  return ran && help.find("--restrict-key") != std::string::npos;
}

embedded::Program dump_program(embedded::Program pg_dump, const DumpOptions& options) {
  const bool is_new = knows_restrict_key(pg_dump);
  if (pg_dump.most_silence.count() == 0) pg_dump.most_silence = most_silence;
  pg_dump.arguments = {"--format=plain",
                       "--no-owner",
                       "--no-privileges",
                       "--encoding=UTF8",
                       "--lock-wait-timeout=60s",
                       "--no-password"};
  if (is_new) pg_dump.arguments.emplace_back("--restrict-key=dits");
  pg_dump.arguments.insert(pg_dump.arguments.end(), options.arguments.begin(), options.arguments.end());
  pg_dump.environment.insert(
      pg_dump.environment.end(), options.environment.begin(), options.environment.end());
  pg_dump.environment.emplace_back("PGTZ=UTC");
  return pg_dump;
}

// The file as it is written: gzipped, perhaps sealed, hashed.
class ArchiveWriter {
 public:
  // Leaves the reserve of `disk` alone.
  ArchiveWriter(int file, std::string shown_path, std::optional<SealWriter> seal, const DiskSpace& disk)
      : file_(file), shown_path_(std::move(shown_path)), seal_(std::move(seal)), disk_(disk) {}

  Result<void> add(std::string_view sql) { return write(gzip_.add(sql)); }
  Result<void> finish() {
    TRY(write(gzip_.finish()));
    if (seal_) {
      const std::string last = TRY(seal_->finish());
      TRY(put(last));
    }
    if (::fsync(file_) != 0) return system_error("cannot write " + shown_path_);
    return {};
  }
  std::int64_t bytes() const { return bytes_; }
  std::string sha256() { return hex(hash_.finish()); }

 private:
  Result<void> write(const std::string& bytes) {
    if (!seal_) return put(bytes);
    return put(TRY(seal_->add(bytes)));
  }
  Result<void> put(const std::string& bytes) {
    hash_.add(bytes);
    bytes_ += static_cast<std::int64_t>(bytes.size());
    TRY(disk_.check(DiskUse::bulk));
    return write_all(file_, bytes, shown_path_);
  }

  int file_;
  std::string shown_path_;
  std::optional<SealWriter> seal_;
  const DiskSpace& disk_;
  GzipWriter gzip_;
  Sha256 hash_;
  std::int64_t bytes_ = 0;
};

using Take = std::function<Result<void>(std::string_view)>;

// Runs pg_dump into `temporary`; everything of the manifest but the attachments.
Result<Manifest> write_archive(const embedded::Program& pg_dump,
                               const std::string& temporary,
                               SealKeys& keys,
                               const DumpOptions& options) {
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot create " + temporary);
  std::optional<SealWriter> seal;
  if (keys.has_passphrase()) seal = TRY(SealWriter::begin(keys));
  const DiskSpace disk(temporary);
  ArchiveWriter writer(file.get(), temporary, std::move(seal), disk);
  DumpScanner scanner;
  const auto take = [&](std::string_view piece) -> Result<void> {
    TRY(scanner.add(piece));
    return writer.add(piece);
  };
  TRY(embedded::run_program(pg_dump, take, options.is_stopped));
  TRY(writer.finish());
  Manifest manifest;
  manifest.contents = TRY(scanner.finish());
  if (!manifest.contents.is_complete) return unavailable("pg_dump ended before the backup was complete.");
  manifest.bytes = writer.bytes();
  manifest.sha256 = writer.sha256();
  manifest.is_encrypted = keys.has_passphrase();
  manifest.program_version = version_text();
  return manifest;
}

// From the disk, not from memory: what was written must come back.
Result<void> compare_with_manifest(const Backup& backup,
                                   const Manifest& manifest,
                                   SealKeys& keys,
                                   const std::atomic<bool>* is_stopped) {
  Backup written = backup;
  written.manifest = manifest;
  TRY(check_backup(written, keys, is_stopped));
  return {};
}

}  // namespace

std::string backup_name(Timestamp now) {
  const std::string time = to_string(now);  // 2025-10-07T12:00:00.000Z
  std::string digits;
  for (const char c : time.substr(0, 19)) {
    if (c >= '0' && c <= '9') digits += c;
    if (c == 'T') digits += '_';
  }
  return std::string(prefix) + digits + std::string(suffix);
}

std::string attachment_problem(const Backup& backup) {
  const auto told = [](const std::vector<std::string>& hashes) {
    const bool is_one = hashes.size() == 1;
    return std::to_string(hashes.size()) + (is_one ? " attachment is" : " attachments are") +
           " missing or damaged in the store" + (is_one ? " (" : ", the first is ") + hashes.front() +
           (is_one ? ")" : "");
  };
  std::string problem;
  if (backup.manifest && !backup.manifest->missing_attachments.empty())
    problem = told(backup.manifest->missing_attachments) + " and not in this backup.";
  if (!backup.damaged_attachments.empty()) {
    problem += (problem.empty() ? "" : " ") + told(backup.damaged_attachments) +
               "; the backup holds what it was: dits restore brings it back.";
  }
  return problem;
}

Result<Backup> write_backup(embedded::Program pg_dump,
                            const BackupPlace& place,
                            Clock& clock,
                            const DumpOptions& options) {
  TRY(make_directories(place.directory, 0700));
  TRY(DiskSpace(place.directory).check(DiskUse::bulk));
  const FileDescriptor lock = TRY(lock_directory(place.directory));
  remove_unfinished(place.directory);
  SealKeys keys(place.passphrase);
  Timestamp now = clock.now();
  while (TRY(is_taken(place.directory + "/" + stem_of(backup_name(now))))) now.unix_ms += ms_per_second;
  const std::string stem = place.directory + "/" + stem_of(backup_name(now));
  Backup backup;
  backup.path = stem + std::string(keys.has_passphrase() ? sealed_suffix : suffix);
  backup.is_encrypted = keys.has_passphrase();
  backup.written_at = now;
  const std::string temporary = backup.path + ".new";
  const auto write = [&]() -> Result<Manifest> {
    // Those that the dump names stay until they are copied.
    const FileDescriptor kept_files = TRY(lock_stored_files(place.attachments().store, StoredFilesUse::keep));
    Manifest manifest = TRY(write_archive(dump_program(pg_dump, options), temporary, keys, options));
    manifest.file = backup.name();
    manifest.written_at = now;
    Backup unnamed = backup;
    unnamed.path = temporary;
    TRY(compare_with_manifest(unnamed, manifest, keys, options.is_stopped));
    AttachmentsKept kept = TRY(
        back_up_attachments(place.attachments(), manifest.contents.attachments, keys, options.is_stopped));
    manifest.missing_attachments = std::move(kept.missing);
    backup.damaged_attachments = std::move(kept.damaged);
    TRY(write_file_atomically(stem + std::string(manifest_suffix), manifest_to_text(manifest)));
    if (::rename(temporary.c_str(), backup.path.c_str()) != 0)
      return system_error("cannot rename " + temporary);
    return manifest;
  };
  Result<Manifest> written = write();
  if (!written) {
    ::unlink(temporary.c_str());
    if (::access(backup.path.c_str(), F_OK) != 0) ::unlink((stem + std::string(manifest_suffix)).c_str());
    return std::move(written).error();
  }
  TRY(sync_directory(place.directory));
  backup.bytes = written->bytes;
  backup.manifest = std::move(written).value();
  if (const std::string problem = attachment_problem(backup); !problem.empty())
    log::warn("attachments are missing or damaged", {{"problem", problem}});
  return backup;
}

Result<std::vector<Backup>> find_backups(const std::string& directory) {
  std::vector<Backup> backups;
  for (const std::string& name : TRY(names_in(directory))) {
    const bool is_archive = name.ends_with(suffix) || name.ends_with(sealed_suffix);
    if (!is_archive) continue;
    Backup backup = backup_at(path_in(directory, name));
    if (is_backup_name(name) || backup.manifest) backups.push_back(std::move(backup));
  }
  std::ranges::reverse(backups);
  std::ranges::stable_sort(backups, std::ranges::greater(), &Backup::written_at);
  return backups;
}

std::vector<Backup> list_backups(const std::string& directory) {
  Result<std::vector<Backup>> found = find_backups(directory);
  return found ? std::move(found).value() : std::vector<Backup>();
}

Backup backup_at(const std::string& path) {
  Backup backup;
  backup.path = path;
  std::error_code ignored;
  const auto size = fs::file_size(path, ignored);
  if (!ignored) backup.bytes = static_cast<std::int64_t>(size);
  backup.written_at = time_from_name(backup.name());
  backup.is_encrypted = backup.name().ends_with(sealed_suffix);
  if (const auto text = read_file(stem_of(path) + std::string(manifest_suffix))) {
    // Of a plain and a sealed one that share their stem it is the manifest of one. Both files may have been
    // renamed: whether they belong together the checksum tells.
    if (auto manifest = manifest_from_text(*text); manifest && manifest->is_encrypted == backup.is_encrypted)
      backup.manifest = std::move(manifest).value();
  }
  if (backup.manifest && !is_backup_name(backup.name())) backup.written_at = backup.manifest->written_at;
  return backup;
}

Result<void> read_backup(const std::string& path, SealKeys& keys, const Take& take) {
  GzipReader gzip(take);
  SealReader seal(keys, [&](std::string_view piece) { return gzip.add(piece); });
  std::optional<bool> sealed;
  std::string beginning;
  constexpr std::size_t enough = 32;
  const auto feed = [&](std::string_view piece) -> Result<void> {
    return *sealed ? seal.add(piece) : gzip.add(piece);
  };
  TRY(read_file_in_pieces(path, [&](std::string_view piece) -> Result<void> {
    if (sealed) return feed(piece);
    beginning += piece;
    if (beginning.size() < enough) return {};
    sealed = is_sealed(beginning);
    if (!*sealed && !beginning.starts_with("\x1f\x8b"))
      return bad_archive(path + " is no backup of DITS: it is not gzip.");
    return feed(beginning);
  }));
  if (!sealed) return bad_archive(path + " is no backup of DITS: it is nearly empty.");
  if (*sealed) TRY(seal.finish());
  return gzip.finish();
}

std::optional<Timestamp> newest_backup_at(const std::string& directory,
                                          Timestamp until,
                                          std::string_view database) {
  const Result<std::vector<std::string>> names = names_in(directory);
  if (!names) return std::nullopt;
  for (const std::string& name : std::views::reverse(*names)) {
    if (!is_backup_name(name) || time_from_name(name) > until) continue;
    if (database.empty()) return time_from_name(name);
    const Backup backup = backup_at(path_in(directory, name));
    const std::string owner = backup.manifest ? backup.manifest->contents.database : std::string();
    if (owner.empty() || owner == database) return backup.written_at;
  }
  return std::nullopt;
}

Result<DumpContents> check_backup(const Backup& backup, SealKeys& keys, const std::atomic<bool>* is_stopped) {
  const auto go_on = [is_stopped]() -> Result<void> {
    if (is_stopped == nullptr || !is_stopped->load()) return {};
    return unavailable("It was stopped.");
  };
  if (backup.manifest) {
    const Manifest& manifest = *backup.manifest;
    Sha256 hash;
    std::int64_t bytes = 0;
    TRY(read_file_in_pieces(backup.path, [&](std::string_view piece) {
      hash.add(piece);
      bytes += static_cast<std::int64_t>(piece.size());
      return go_on();
    }));
    if (bytes < manifest.bytes) return bad_archive(backup.path + " is cut short.");
    if (bytes != manifest.bytes || hex(hash.finish()) != manifest.sha256)
      return bad_archive(backup.path + " is damaged: its checksum is not the manifest's.");
  }
  DumpScanner scanner;
  Result<void> read = read_backup(backup.path, keys, [&](std::string_view piece) -> Result<void> {
    TRY(go_on());
    return scanner.add(piece);
  });
  if (!read) {
    Error error = std::move(read).error();
    if (error.code == ErrorCode::invalid && error.kind.empty()) error.kind = "bad_archive";
    return error;
  }
  DumpContents contents = TRY(scanner.finish());
  if (!contents.is_complete)
    return bad_archive(backup.path + " is cut short: pg_dump's last line is missing.");
  if (backup.manifest && contents != backup.manifest->contents)
    return bad_archive(backup.path + " does not hold what its manifest says.");
  return contents;
}

bool remove_backup(const std::string& path) {
  if (::unlink(path.c_str()) != 0) return false;
  ::unlink((stem_of(path) + std::string(manifest_suffix)).c_str());
  return true;
}

// What it needs of the attachments; false: nobody knows, without a manifest.
static bool add_wanted(const Backup& backup, WantedAttachments& wanted) {
  if (!backup.manifest) return false;
  std::vector<std::string>& hashes = backup.is_encrypted ? wanted.sealed : wanted.plain;
  for (const DumpedAttachment& one : backup.manifest->contents.attachments) hashes.push_back(one.sha256);
  return true;
}

int remove_old_backups(const std::string& directory, int days, Timestamp now, const BackupOwner& owner) {
  // What another one has put there for its backup is not named by any manifest yet.
  const auto lock = lock_directory(directory);
  if (!lock) return 0;
  // Nor by one that is not seen.
  const Result<std::vector<Backup>> backups = find_backups(directory);
  if (!backups) return 0;
  int removed = 0;
  bool is_all_known = true;
  std::size_t own = 0;
  WantedAttachments wanted;
  for (const Backup& backup : *backups) {
    // One to which somebody gave a name of their own is theirs.
    const bool is_own = is_backup_name(backup.name()) && belonging_of(backup, owner) == Belonging::own;
    if (is_own) ++own;
    if (is_own && own > kept_ones && backup.written_at.unix_ms < now.unix_ms - days * ms_per_day &&
        remove_backup(backup.path)) {
      ++removed;
      continue;
    }
    if (!add_wanted(backup, wanted)) is_all_known = false;
  }
  // What a backup without a manifest needs nobody knows.
  if (removed > 0 && is_all_known) remove_unwanted_attachments(directory + "/attachments", std::move(wanted));
  return removed;
}

}  // namespace dits
