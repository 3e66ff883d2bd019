// One instance for each data directory: a lock that the kernel takes back whatever happens to the process.
#pragma once

#include <chrono>
#include <string>

#include "server/base/files.hpp"
#include "shared/core/result.hpp"

namespace dits::embedded {

enum class InstanceKind { server, command };

class InstanceLock {
 public:
  // Whoever holds the lock: a command is waited for (it ends soon), a server is not.
  // Errors: conflict, kind "server_is_running" or "command_is_running"; unavailable when the directory can't
  // be written.
  static Result<InstanceLock> take(const std::string& data_dir,
                                   InstanceKind kind,
                                   std::chrono::milliseconds wait_for_command);

 private:
  explicit InstanceLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace dits::embedded
