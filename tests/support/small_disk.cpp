#include "tests/support/small_disk.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"

namespace dits::test {
namespace {

bool mount_at(const std::string& path, int megabytes) {
  const std::string options = "mode=0755,size=" + std::to_string(megabytes) + "m";
  return ::geteuid() == 0 && ::mount("tmpfs", path.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

std::string filler_in(const std::string& path) { return path + "/filler"; }

}  // namespace

SmallDisk::SmallDisk(int megabytes) : is_mounted_(mount_at(directory_.path(), megabytes)) {}

SmallDisk::~SmallDisk() {
  if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

std::int64_t SmallDisk::free_bytes() const { return free_disk_bytes(path()); }

void SmallDisk::fill() const {
  const FileDescriptor file(
      ::open(filler_in(path()).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  for (const std::size_t size : {std::size_t{1} << 20U, std::size_t{4096}}) {
    const std::string bytes(size, 'x');
    while (::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {
    }
  }
}

void SmallDisk::empty() const { ::unlink(filler_in(path()).c_str()); }

}  // namespace dits::test
