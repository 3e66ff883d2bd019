#include "server/service/attachment_files.hpp"

#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/directory_owner.hpp"
#include "server/base/disk_space.hpp"
#include "server/base/log.hpp"
#include "server/base/stored_files_lock.hpp"

namespace dits {

namespace {

constexpr std::string_view temporary_prefix = "upload-";
constexpr std::int64_t room_check_bytes = std::int64_t{1024} * 1024;

Error too_large(std::int64_t limit) {
  Error error = invalid("",
                        "A file may have at most " + std::to_string(limit / (1024 * 1024)) +
                            " MB here; --attachment-max-mb (ATTACHMENT_MAX_MB) sets it.");
  error.kind = "payload_too_large";
  return error;
}

Error no_room() {
  Error error =
      unavailable("The disk of the data directory is nearly full: files are taken again when there is room.");
  error.kind = "disk_full";
  return error;
}

// Whoever brings or fetches a file has no use for the server's paths, and no right to them: its log has the
// reason.
Error for_users(const Error& error) {
  if (error.code != ErrorCode::unavailable) return error;
  log::error("a file of an attachment", {{"reason", error.message}});
  if (error.kind == "disk_full") return no_room();
  return unavailable(
      "The server can't use its files at the moment. Try again later; its log has the reason.");
}

template <class T>
Result<T> for_users(Result<T> result) {
  if (result) return result;
  return for_users(result.error());
}

std::optional<UnusedFiles::Seen> state_of(const std::string& path, UnusedFiles::Time since) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  constexpr std::int64_t ns_per_second = 1'000'000'000;
  return UnusedFiles::Seen{since, about.st_ino, about.st_mtim.tv_sec * ns_per_second + about.st_mtim.tv_nsec};
}

bool is_unchanged(const UnusedFiles::Seen& before, const UnusedFiles::Seen& now) {
  return before.inode == now.inode && before.changed_ns == now.changed_ns;
}

}  // namespace

AttachmentFiles attachment_files_for(const Config& config) {
  constexpr std::int64_t megabyte = std::int64_t{1024} * 1024;
  AttachmentLimits limits;
  limits.max_file_bytes = config.attachment_max_mb * megabyte;
  limits.max_user_bytes = config.attachments_per_user_mb * megabyte;
  limits.disk_reserve_bytes = disk_reserves_at(config.data_dir).bulk_bytes;
  return {config.data_dir + "/attachments", limits};
}

AttachmentFiles::Upload::Upload(const AttachmentFiles& files, FileDescriptor file, std::string path)
    : files_(files), file_(std::move(file)), path_(std::move(path)) {}

AttachmentFiles::Upload::~Upload() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<void> AttachmentFiles::Upload::add(std::string_view bytes) {
  byte_size_ += static_cast<std::int64_t>(bytes.size());
  if (byte_size_ > files_.limits_.max_file_bytes) return too_large(files_.limits_.max_file_bytes);
  if (head_.size() < attachment_head_bytes) head_ += bytes.substr(0, attachment_head_bytes - head_.size());
  hash_.add(bytes);
  // Others write at the same time.
  if (byte_size_ - checked_bytes_ > room_check_bytes) {
    checked_bytes_ = byte_size_;
    TRY(files_.check_room());
  }
  return for_users(write_all(file_.get(), bytes, path_));
}

Result<void> AttachmentFiles::Upload::keep() { return for_users(keep_it()); }

Result<void> AttachmentFiles::Upload::keep_it() {
  sha256_ = hex(hash_.finish());
  if (uninterrupted([&] { return ::fsync(file_.get()); }) != 0) return system_error("cannot write " + path_);
  const std::string place = files_.path_of(TRY(FileHash::of(sha256_)));
  const std::string folder = place.substr(0, place.rfind('/'));
  TRY(make_directories(folder));
  lock_ = TRY(files_.keep_all());
  // The same content may be there already: this one takes its place and is younger.
  if (::rename(path_.c_str(), place.c_str()) != 0) return system_error("cannot keep " + place);
  path_.clear();
  TRY(sync_directory(folder));
  return sync_directory(files_.directory_);
}

Result<std::unique_ptr<AttachmentFiles::Upload>> AttachmentFiles::begin_upload(
    std::int64_t expected_bytes) const {
  if (expected_bytes > limits_.max_file_bytes) return too_large(limits_.max_file_bytes);
  TRY(for_users(make_directories(directory_)));
  const std::int64_t free = free_disk_bytes(directory_);
  const std::int64_t coming = expected_bytes > 0 ? expected_bytes : limits_.max_file_bytes;
  if (free >= 0 && free < coming + limits_.disk_reserve_bytes) return no_room();
  std::string path = directory_ + "/" + std::string(temporary_prefix) + hex(random_bytes(8));
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return for_users(system_error("cannot write " + path));
  return std::make_unique<Upload>(*this, std::move(file), std::move(path));
}

Result<void> AttachmentFiles::check_room() const {
  const std::int64_t free = free_disk_bytes(directory_);
  if (free >= 0 && free < limits_.disk_reserve_bytes) return no_room();
  return {};
}

Result<void> AttachmentFiles::check_quota(std::int64_t bytes) const {
  if (bytes <= limits_.max_user_bytes) return {};
  Error error =
      invalid("",
              "All your files together may have " + std::to_string(limits_.max_user_bytes / (1024 * 1024)) +
                  " MB here: purge some that lie in the trash; --attachments-per-user-mb "
                  "(ATTACHMENTS_PER_USER_MB) sets it.");
  error.kind = "quota_exceeded";
  return error;
}

Result<FileDescriptor> AttachmentFiles::open_scratch() const {
  TRY(for_users(make_directories(directory_)));
  TRY(check_room());
  const std::string path = directory_ + "/" + std::string(temporary_prefix) + hex(random_bytes(8));
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.is_open()) return for_users(system_error("cannot write " + path));
  ::unlink(path.c_str());
  return file;
}

std::string AttachmentFiles::path_of(const FileHash& hash) const {
  return directory_ + "/" + hash.text().substr(0, 2) + "/" + hash.text().substr(2);
}

Result<FileDescriptor> AttachmentFiles::open(const FileHash& hash) const {
  FileDescriptor file(::open(path_of(hash).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open() && errno == ENOENT)
    return not_found("The file of this attachment is missing on the server.");
  if (!file.is_open()) return for_users(system_error("cannot open " + path_of(hash)));
  return file;
}

bool AttachmentFiles::has(const FileHash& hash) const { return ::access(path_of(hash).c_str(), R_OK) == 0; }

Result<FileDescriptor> AttachmentFiles::keep_all() const {
  return lock_stored_files(directory_, StoredFilesUse::keep);
}

bool AttachmentFiles::renew(const FileHash& hash) const {
  return ::utimensat(AT_FDCWD, path_of(hash).c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0;
}

bool AttachmentFiles::remove_unchanged(const std::string& path, const UnusedFiles::Seen& seen) const {
  const Result<FileDescriptor> held = lock_stored_files(directory_, StoredFilesUse::remove);
  if (!held) return false;  // an upload is at work: the next round will do
  const auto now = state_of(path, seen.since);
  return now && is_unchanged(seen, *now) && ::unlink(path.c_str()) == 0;
}

Result<void> AttachmentFiles::check_owner(const Uuid& database) const {
  const std::optional<DirectoryOwner> owner = TRY(read_directory_owner(directory_));
  if (owner && owner->database == database) return {};
  return conflict("The folder " + directory_ + " belongs to " +
                      (owner ? "the database " + to_string(owner->database) : std::string("no database")) +
                      ", and this server works on the database " + to_string(database) +
                      ": no file is removed. dits doctor tells more.",
                  "foreign_directory");
}

Result<std::int64_t> AttachmentFiles::remove_now(const Uuid& database,
                                                 const Hashes& hashes,
                                                 const std::function<Result<Hashes>()>& used) const {
  const Result<FileDescriptor> held = lock_stored_files(directory_, StoredFilesUse::remove);
  if (!held || !held->is_open()) return std::int64_t{0};
  TRY(check_owner(database));
  const Hashes kept = TRY(used());
  std::int64_t removed = 0;
  for (const std::string& text : hashes) {
    const Result<FileHash> hash = FileHash::of(text);
    if (hash && !kept.contains(text) && ::unlink(path_of(*hash).c_str()) == 0) ++removed;
  }
  return removed;
}

Result<std::int64_t> AttachmentFiles::remove_unused(const Sweep& sweep, UnusedFiles& unused) const {
  namespace fs = std::filesystem;
  std::error_code problem;
  std::int64_t removed = 0;
  fs::recursive_directory_iterator walk(directory_, problem);
  if (problem == std::errc::no_such_file_or_directory) return removed;
  TRY(check_owner(sweep.database));
  UnusedFiles still;
  for (; !problem && walk != fs::recursive_directory_iterator(); walk.increment(problem)) {
    if (!walk->is_regular_file(problem)) continue;
    const std::string name = walk->path().filename();
    const std::string hash = walk->path().parent_path().filename().string() + name;
    const bool is_content = name.size() == 62 && hash.size() == 64 && !sweep.used.contains(hash);
    // Of an upload, or of a restore.
    const bool is_left_over = name.starts_with(temporary_prefix) || name.find(".new-") != std::string::npos;
    if (!is_content && !is_left_over) continue;
    const std::string path = walk->path();
    const auto now = state_of(path, sweep.now);
    if (!now) continue;
    const auto known = unused.by_path.find(path);
    const bool is_known = known != unused.by_path.end() && is_unchanged(known->second, *now);
    const UnusedFiles::Seen& seen = is_known ? known->second : *now;
    if (sweep.now - seen.since >= sweep.age && remove_unchanged(path, seen)) {
      ++removed;
    } else {
      still.by_path.emplace(path, seen);
    }
  }
  if (problem) return system_error("cannot read " + directory_, problem.value());
  unused = std::move(still);
  return removed;
}

}  // namespace dits
