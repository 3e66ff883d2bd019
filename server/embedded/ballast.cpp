#include "server/embedded/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "server/base/log.hpp"

namespace dits::embedded {

namespace {

std::string ballast_path(const std::string& data_dir) { return data_dir + "/ballast"; }
std::string start_ballast_path(const std::string& data_dir) { return data_dir + "/ballast-start"; }

bool is_whole(const std::string& path, std::int64_t bytes) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_size == bytes;
}

void take(const std::string& path, std::int64_t bytes) {
  if (is_whole(path, bytes)) return;
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (file.is_open() && ::posix_fallocate(file.get(), 0, bytes) != 0) ::unlink(path.c_str());
}

}  // namespace

bool let_go_of_ballast(const std::string& data_dir) {
  const std::int64_t free = free_disk_bytes(data_dir);
  if (free < 0 || free >= disk_reserves_at(data_dir).urgent_bytes) return false;
  if (::unlink(ballast_path(data_dir).c_str()) != 0) return false;
  log::warn("the disk is full: the room that was set aside is given to the database", {{"free_bytes", free}});
  return true;
}

void let_go_of_ballast_for_start(const std::string& data_dir) {
  let_go_of_ballast(data_dir);
  const std::int64_t free = free_disk_bytes(data_dir);
  if (free < 0 || free >= start_ballast_bytes) return;
  if (::unlink(start_ballast_path(data_dir).c_str()) != 0) return;
  log::warn("the disk is full: the room that was set aside for a start is given to the database",
            {{"free_bytes", free}});
}

void take_ballast(const std::string& data_dir) {
  // What is missing counts, and not what stands already.
  std::int64_t missing = 0;
  if (!is_whole(start_ballast_path(data_dir), start_ballast_bytes)) missing += start_ballast_bytes;
  if (!is_whole(ballast_path(data_dir), ballast_bytes)) missing += ballast_bytes;
  if (missing == 0 || free_disk_bytes(data_dir) < disk_reserves_at(data_dir).bulk_bytes + missing) return;
  take(start_ballast_path(data_dir), start_ballast_bytes);
  take(ballast_path(data_dir), ballast_bytes);
}

}  // namespace dits::embedded
