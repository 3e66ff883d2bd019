#include "server/backup/attachment_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "shared/model/attachment.hpp"

namespace dits {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view sealed_suffix = ".sealed";
constexpr std::string_view salt_file = "/salt.sealed";
constexpr std::string_view unfinished_mark = ".new-";
constexpr std::size_t hash_digits = 64;

std::string path_of(const std::string& directory, const FileHash& hash) {
  return directory + "/" + hash.text().substr(0, 2) + "/" + hash.text().substr(2);
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

using Take = std::function<Result<void>(std::string_view)>;

// As read_file_in_pieces, for a file that may be sealed.
Result<void> read_opened(const std::string& path, SealKeys& keys, const Take& take) {
  if (!path.ends_with(sealed_suffix)) return read_file_in_pieces(path, take);
  SealReader reader(keys, take);
  TRY(read_file_in_pieces(path, [&](std::string_view piece) { return reader.add(piece); }));
  return reader.finish();
}

// Does the file hold what its name says? One that can't be read does not, unless it is not the file's fault.
Result<bool> is_unharmed(const std::string& path, const FileHash& hash, SealKeys& keys) {
  Sha256 digest;
  const Result<void> read = read_opened(path, keys, [&](std::string_view piece) {
    digest.add(piece);
    return Result<void>();
  });
  if (!read && (read.error().kind == "passphrase" || read.error().kind == "machine_limit"))
    return read.error();
  return read && hex(digest.finish()) == hash.text();
}

// The same for one that may not be there, or not open: then it has to be written anew.
Result<bool> holds_unharmed(const std::string& path, const FileHash& hash, SealKeys& keys) {
  if (!exists(path)) return false;
  const Result<bool> is_good = is_unharmed(path, hash, keys);
  if (!is_good && is_good.error().kind == "passphrase") return false;
  return is_good;
}

// Writes `path` under a temporary name with what `fill` gives to its writer, or puts into the open file
// itself; then the file is there, synced. Its name is not yet: see NamesThatLast.
Result<void> write_completely(const std::string& path,
                              const std::function<Result<void>(const Take& put, int file)>& fill) {
  const std::string temporary = path + std::string(unfinished_mark) + std::to_string(::getpid());
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot create " + temporary);
  Result<void> done =
      fill([&](std::string_view piece) { return write_all(file.get(), piece, temporary); }, file.get());
  if (done && ::fsync(file.get()) != 0) done = system_error("cannot write " + temporary);
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0)
    done = system_error("cannot rename " + temporary);
  if (!done) ::unlink(temporary.c_str());
  return done;
}

Result<void> seal_file(const std::string& from, const std::string& to, SealKeys& keys) {
  return write_completely(to, [&](const Take& put, int) -> Result<void> {
    SealWriter writer = TRY(SealWriter::begin(keys));
    const auto seal = [&](std::string_view piece) -> Result<void> { return put(TRY(writer.add(piece))); };
    TRY(read_file_in_pieces(from, seal));
    return put(TRY(writer.finish()));
  });
}

// A file of its own, which shares its blocks where the file system can: what overwrites the one leaves the
// other as it was.
Result<void> clone_or_copy(const std::string& from, const std::string& to) {
  return write_completely(to, [&](const Take& put, int file) -> Result<void> {
    const FileDescriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (source.is_open() && ::ioctl(file, FICLONE, source.get()) == 0) return {};
    return read_file_in_pieces(from, put);
  });
}

// Two names of one file, as earlier versions made them.
bool is_same_file(const std::string& one, const std::string& other) {
  struct stat first {};
  struct stat second {};
  return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

// The files of this hash in a backup: the plain one, and those sealed with whatever passphrase.
std::vector<std::string> files_of(const std::string& backup, const FileHash& hash) {
  std::vector<std::string> paths;
  const std::string plain = path_of(backup, hash);
  if (exists(plain)) paths.push_back(plain);
  const fs::path folder = fs::path(plain).parent_path();
  const std::string beginning = fs::path(plain).filename().string() + ".";
  std::error_code ignored;
  const fs::directory_iterator end;
  for (fs::directory_iterator at(folder, ignored); at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(beginning) && name.ends_with(sealed_suffix)) paths.push_back(at->path().string());
  }
  return paths;
}

// The file of this hash that opens and is unharmed; empty: none is. Errors: invalid, kind "passphrase", when
// one that does not open is all there is.
Result<std::string> find_unharmed(const std::string& backup, const FileHash& hash, SealKeys& keys) {
  std::optional<Error> locked;
  for (const std::string& path : files_of(backup, hash)) {
    const Result<bool> is_good = is_unharmed(path, hash, keys);
    if (is_good && *is_good) return path;
    if (!is_good) locked = is_good.error();
  }
  if (locked) return std::move(*locked);
  return std::string();
}

// The folders of files that are said to be there: their names last, also those that somebody put there who
// was killed before he could see to it.
class NamesThatLast {
 public:
  explicit NamesThatLast(std::string directory) : directory_(std::move(directory)) {}

  void add(const std::string& path) { folders_.insert(fs::path(path).parent_path().string()); }
  Result<void> sync() const {
    if (folders_.empty()) return {};
    for (const std::string& folder : folders_) TRY(sync_directory(folder));
    return sync_directory(directory_);
  }

 private:
  std::string directory_;
  std::set<std::string> folders_;
};

}  // namespace

Result<AttachmentsKept> back_up_attachments(const AttachmentPlaces& places,
                                            const std::vector<DumpedAttachment>& attachments,
                                            SealKeys& keys,
                                            const std::atomic<bool>* is_stopped) {
  AttachmentsKept kept;
  std::string ending;
  if (keys.has_passphrase() && !attachments.empty()) {
    TRY(make_directories(places.backup, 0700));
    TRY(keys.use_salt_kept_in(places.backup + std::string(salt_file)));
    ending = "." + keys.salt_name() + std::string(sealed_suffix);
  }
  const DiskSpace disk(places.backup);
  NamesThatLast names(places.backup);
  for (const DumpedAttachment& one : attachments) {
    if (is_stopped != nullptr && is_stopped->load())
      return unavailable("The backup was given up because the server stops.");
    const Result<FileHash> hash = FileHash::of(one.sha256);
    if (!hash) continue;
    const std::string from = path_of(places.store, *hash);
    const std::string to = path_of(places.backup, *hash) + ending;
    const bool is_stored = exists(from) && TRY(is_unharmed(from, *hash, keys));
    if (TRY(holds_unharmed(to, *hash, keys)) && !is_same_file(from, to)) {
      if (!is_stored) kept.damaged.push_back(one.sha256);
      names.add(to);
      continue;
    }
    if (!is_stored) {
      kept.missing.push_back(one.sha256);
      continue;
    }
    const std::string directory = fs::path(to).parent_path().string();
    TRY(make_directories(directory, 0700));
    TRY(disk.check(DiskUse::bulk, one.bytes));
    TRY(keys.has_passphrase() ? seal_file(from, to, keys) : clone_or_copy(from, to));
    names.add(to);
  }
  TRY(names.sync());
  return kept;
}

Result<LackingAttachments> restore_attachments(const AttachmentPlaces& places,
                                               const std::vector<DumpedAttachment>& attachments,
                                               SealKeys& keys) {
  LackingAttachments lacking;
  NamesThatLast names(places.store);
  for (const DumpedAttachment& one : attachments) {
    const Result<FileHash> hash = FileHash::of(one.sha256);
    if (!hash) continue;
    const std::string to = path_of(places.store, *hash);
    if (exists(to) && TRY(is_unharmed(to, *hash, keys))) {
      static_cast<void>(::utimensat(AT_FDCWD, to.c_str(), nullptr, 0));
      names.add(to);
      continue;
    }
    const Result<std::string> found = find_unharmed(places.backup, *hash, keys);
    if (!found) ++lacking.locked;
    if (!found || found->empty()) {
      lacking.missing.push_back(one.sha256);
      continue;
    }
    const std::string& from = *found;
    const std::string directory = fs::path(to).parent_path().string();
    TRY(make_directories(directory, 0700));
    TRY(write_completely(to, [&](const Take& put, int) { return read_opened(from, keys, put); }));
    names.add(to);
  }
  TRY(names.sync());
  return lacking;
}

Result<bool> holds_attachment(const std::string& backup, const std::string& sha256, SealKeys& keys) {
  const Result<FileHash> hash = FileHash::of(sha256);
  return hash && !TRY(find_unharmed(backup, *hash, keys)).empty();
}

void remove_unwanted_attachments(const std::string& backup, WantedAttachments wanted) {
  std::ranges::sort(wanted.plain);
  std::ranges::sort(wanted.sealed);
  std::error_code ignored;
  std::vector<fs::path> unwanted;
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator at(backup, ignored); at != end; at.increment(ignored)) {
    if (!at->is_regular_file(ignored)) continue;
    const std::string name = at->path().filename().string();
    const std::string hash = at->path().parent_path().filename().string() + name.substr(0, hash_digits - 2);
    if (!FileHash::of(hash)) continue;
    const bool is_plain = name.size() == hash_digits - 2;
    const bool is_unfinished = name.find(unfinished_mark) != std::string::npos;
    const bool is_wanted = is_plain ? std::ranges::binary_search(wanted.plain, hash)
                                    : std::ranges::binary_search(wanted.sealed, hash);
    if (is_unfinished || !is_wanted) unwanted.push_back(at->path());
  }
  for (const fs::path& path : unwanted) fs::remove(path, ignored);
}

}  // namespace dits
