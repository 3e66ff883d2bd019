#include "server/base/stored_files_lock.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>

namespace dits {

Result<FileDescriptor> lock_stored_files(const std::string& directory, StoredFilesUse use) {
  const std::string path = directory + "/lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open() && errno == ENOENT) return file;
  if (!file.is_open()) return system_error("cannot open " + path);
  const int operation = use == StoredFilesUse::keep ? LOCK_SH : LOCK_EX | LOCK_NB;
  if (uninterrupted([&] { return ::flock(file.get(), operation); }) != 0)
    return system_error("cannot lock " + path);
  return file;
}

}  // namespace dits
