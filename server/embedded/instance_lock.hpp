// Who works in a data directory: one instance that runs the PostgreSQL inside, or any number of instances on
// one external database. A lock that the kernel takes back whatever happens to the process.
#pragma once

#include <chrono>
#include <string>

#include "server/base/files.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

enum class InstanceKind { server, command, upgrade };

// Who took this directory last and is still there: "upgrade 1234", or empty.
std::string instance_in(const std::string& data_dir);

class InstanceLock {
 public:
  // For itself alone. Whoever holds the lock: a command is waited for (it ends soon), a server is not.
  // Errors: conflict, kind "server_is_running", "command_is_running", "upgrade_is_running" or
  // "directory_is_shared"; unavailable
  // when the directory can't be written.
  static Result<InstanceLock> take(const std::string& data_dir,
                                   InstanceKind kind,
                                   std::chrono::milliseconds wait_for_command);

  // Together with others that share it: for who works on an external database. Errors: conflict, kind
  // "server_is_running"; unavailable.
  static Result<InstanceLock> share(const std::string& data_dir, std::chrono::milliseconds wait_for_command);
  // What the holder is doing from now on, for those who come. Errors: unavailable.
  Result<void> tell(InstanceKind kind) const;

 private:
  explicit InstanceLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace dits::embedded
