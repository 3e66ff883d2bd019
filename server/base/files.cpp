#include "server/base/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace dits {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) ::close(number_);
    number_ = other.release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) ::close(number_);
}

int FileDescriptor::release() {
  const int number = number_;
  number_ = -1;
  return number;
}

namespace {

struct Advice {
  int reason;
  const char* kind;
  const char* sentence;
};

constexpr std::array advices{
    Advice{ENOSPC, "disk_full", "Free some space on its disk, and try again."},
    Advice{EDQUOT, "disk_full", "Free some space there, or ask for a larger quota, and try again."},
    Advice{
        EIO, "disk_failed", "The disk fails: look at the system's log (dmesg) before more is written to it."},
    Advice{EMFILE,
           "machine_limit",
           "DITS may not open more files at once: raise the limit (ulimit -n), and start it again."},
    Advice{
        ENFILE, "machine_limit", "The machine can't open more files at once (fs.file-max): try again later."},
    Advice{EAGAIN,
           "machine_limit",
           "The machine allows no more processes and threads: end some, or raise the limit (ulimit -u, "
           "TasksMax of "
           "a service), and try again."},
    Advice{ENOMEM, "machine_limit", "The machine has too little memory: end some programs, and try again."},
    Advice{EROFS, "", "Its file system is mounted read-only."},
};

}  // namespace

Error system_error(const std::string& what) { return system_error(what, errno); }

Error system_error(const std::string& what, int reason) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is safe
  Error error = unavailable(what + ": " + std::strerror(reason));
  const auto* const advice = std::ranges::find(advices, reason, &Advice::reason);
  if (advice == advices.end()) return error;
  error.message += std::string(". ") + advice->sentence;
  error.kind = advice->kind;
  return error;
}

Result<std::vector<std::string>> names_in(const std::string& directory) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code problem;
  const fs::directory_iterator end;
  for (fs::directory_iterator at(directory, problem); at != end; at.increment(problem))
    names.push_back(at->path().filename().string());
  if (problem && problem != std::errc::no_such_file_or_directory)
    return system_error("cannot read " + directory, problem.value());
  std::ranges::sort(names);
  return names;
}

Result<bool> path_exists(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return system_error("cannot look at " + path);
}

Result<void> read_file_in_pieces(const std::string& path,
                                 const std::function<Result<void>(std::string_view piece)>& take) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return not_found(path + " does not exist.");
  if (!file.is_open()) return system_error("cannot open " + path);
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = uninterrupted([&] { return ::read(file.get(), buffer.data(), buffer.size()); });
    if (got < 0) return system_error("cannot read " + path);
    if (got == 0) return {};
    TRY(take(std::string_view(buffer.data(), static_cast<std::size_t>(got))));
  }
}

Result<std::string> read_file(const std::string& path) {
  std::string text;
  TRY(read_file_in_pieces(path, [&text](std::string_view piece) {
    text += piece;
    return Result<void>();
  }));
  return text;
}

Result<void> write_all(int file, std::string_view bytes, const std::string& shown_path) {
  while (!bytes.empty()) {
    const ssize_t written = uninterrupted([&] { return ::write(file, bytes.data(), bytes.size()); });
    if (written < 0) return system_error("cannot write " + shown_path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory(const std::string& path) {
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return system_error("cannot open " + path);
  if (::fsync(directory.get()) != 0) return system_error("cannot write " + path);
  return {};
}

Result<void> sync_name(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;
  if (::access(directory.c_str(), R_OK) != 0) return {};
  return sync_directory(directory);
}

Result<void> sync_file_system(const std::string& path) {
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return system_error("cannot open " + path);
  if (::syncfs(directory.get()) != 0) return system_error("cannot write " + path);
  return {};
}

Result<void> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
  const std::string temporary = path + ".new";
  FileDescriptor file(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (!file.is_open()) return system_error("cannot create " + temporary);
  Result<void> written = write_all(file.get(), bytes, temporary);
  if (written && ::fsync(file.get()) != 0) written = system_error("cannot write " + temporary);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0)
    written = system_error("cannot rename " + temporary);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_name(path);
}

Result<void> make_directories(const std::string& path, unsigned mode) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return sync_name(path);
  if (errno == ENOENT && !parent.empty() && parent != path) {
    TRY(make_directories(parent, 0755));
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return sync_name(path);
  }
  struct stat status {};
  const int reason = errno;
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  errno = reason;
  return system_error("cannot create the directory " + path);
}

std::int64_t free_disk_bytes(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return -1;
  return static_cast<std::int64_t>(status.f_bavail) * static_cast<std::int64_t>(status.f_frsize);
}

}  // namespace dits
