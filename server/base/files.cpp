#include "server/base/files.hpp"

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

Error system_error(const std::string& what) {
  const int reason = errno;
  Error error = unavailable(what + ": " + std::strerror(reason));
  if (reason == ENOSPC || reason == EDQUOT) error.kind = "disk_full";
  return error;
}

Result<void> read_file_in_pieces(const std::string& path,
                                 const std::function<Result<void>(std::string_view piece)>& take) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return not_found(path + " does not exist.");
  if (!file.is_open()) return system_error("cannot open " + path);
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
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
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
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
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return sync_directory(parent.empty() ? "." : parent);
}

Result<void> make_directories(const std::string& path, unsigned mode) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return {};
  if (errno == ENOENT && !parent.empty() && parent != path) {
    TRY(make_directories(parent, 0755));
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0) return {};
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
