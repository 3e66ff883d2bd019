// Files that are there completely or not at all, and the few other things the server asks of the file system.
#pragma once

#include <cerrno>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"

namespace dits {

// A file descriptor that closes itself. -1: none.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  int release();

 private:
  int number_ = -1;
};

// The whole file. Errors: not_found; unavailable for anything else, with the reason.
Result<std::string> read_file(const std::string& path);

// The same in pieces; an error of `take` ends it and is passed on.
Result<void> read_file_in_pieces(const std::string& path,
                                 const std::function<Result<void>(std::string_view piece)>& take);

// Writes a temporary name beside `path`, fsyncs, renames, fsyncs the directory: after a power cut either the
// old or the new file is there. Errors: unavailable, kind "disk_full" when that is the reason.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0600);

// Writes all of it. Errors: as above.
Result<void> write_all(int file, std::string_view bytes, const std::string& shown_path);

// fsync of a directory, so that a rename in it lasts.
Result<void> sync_directory(const std::string& path);

// The same for the directory in which `path` lies. One that we may write in and not read can't be synced by
// us, and is left to the system.
Result<void> sync_name(const std::string& path);

// Everything that was written to the file system of the directory `path` lasts.
Result<void> sync_file_system(const std::string& path);

// Creates the directory and its parents; the last one gets `mode`. Fine when it exists. What was made lasts.
// Errors: unavailable, with the reason.
Result<void> make_directories(const std::string& path, unsigned mode = 0700);

// Free bytes for us on the file system of `path`, or -1.
std::int64_t free_disk_bytes(const std::string& path);

// "cannot open /x: Permission denied", from errno. Where the machine is short of something, or its disk
// fails, what to do follows as a sentence of its own. unavailable; kinds "disk_full", "disk_failed",
// "machine_limit".
Error system_error(const std::string& what);
Error system_error(const std::string& what, int reason);

// Makes a system call again when a signal has interrupted it.
template <class Call>
auto uninterrupted(const Call& call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) answer = call();
  return answer;
}

// What a directory holds, sorted; an absent one holds nothing. Errors: unavailable when it can't be read to
// its end.
Result<std::vector<std::string>> names_in(const std::string& directory);

// Is it there? Errors: whatever keeps us from knowing.
Result<bool> path_exists(const std::string& path);

}  // namespace dits
