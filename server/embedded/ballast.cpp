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

bool is_whole(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_size == ballast_bytes;
}

}  // namespace

bool let_go_of_ballast(const std::string& data_dir) {
  const std::int64_t free = free_disk_bytes(data_dir);
  if (free < 0 || free >= disk_reserves_at(data_dir).urgent_bytes) return false;
  if (::unlink(ballast_path(data_dir).c_str()) != 0) return false;
  log::warn("the disk is full: the room that was set aside is given to the database", {{"free_bytes", free}});
  return true;
}

void take_ballast(const std::string& data_dir) {
  const std::string path = ballast_path(data_dir);
  if (is_whole(path)) return;
  if (free_disk_bytes(data_dir) < disk_reserves_at(data_dir).bulk_bytes + ballast_bytes) return;
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (file.is_open() && ::posix_fallocate(file.get(), 0, ballast_bytes) != 0) ::unlink(path.c_str());
}

}  // namespace dits::embedded
