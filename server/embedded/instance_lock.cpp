#include "server/embedded/instance_lock.hpp"

#include <array>
#include <cerrno>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace dits::embedded {

namespace {

// "server 1234", as the holder wrote it.
std::string holder_of(int file) {
  std::array<char, 64> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

}  // namespace

Result<InstanceLock> InstanceLock::take(const std::string& data_dir,
                                        InstanceKind kind,
                                        std::chrono::milliseconds wait_for_command) {
  const std::string path = data_dir + "/lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot open " + path);
  const auto deadline = std::chrono::steady_clock::now() + wait_for_command;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("cannot lock " + path);
    const std::string holder = holder_of(file.get());
    if (holder.starts_with("server")) {
      return conflict("Another DITS (" + holder + ") uses the data directory " + data_dir +
                          ". Stop it, or take another one with --data-dir.",
                      "server_is_running");
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return conflict("A DITS command (" + holder + ") uses the data directory " + data_dir + ".",
                      "command_is_running");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const std::string holder =
      (kind == InstanceKind::server ? "server " : "command ") + std::to_string(::getpid()) + "\n";
  // Over the earlier holder's name: on a full disk the file keeps the room that it has.
  const auto size = static_cast<off_t>(holder.size());
  if (::pwrite(file.get(), holder.data(), holder.size(), 0) != size || ::ftruncate(file.get(), size) != 0) {
    return system_error("cannot write " + path);
  }
  return InstanceLock(std::move(file));
}

}  // namespace dits::embedded
