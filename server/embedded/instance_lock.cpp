#include "server/embedded/instance_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace dits::embedded {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view sharing = "external\n";
// A command on an external database shares for moments; a server is not waited for.
constexpr std::chrono::milliseconds wait_for_sharing{500};
constexpr std::chrono::milliseconds next_try{10};

std::string_view name_of(InstanceKind kind) {
  switch (kind) {
    case InstanceKind::server:
      return "server";
    case InstanceKind::command:
      return "command";
    case InstanceKind::upgrade:
      return "upgrade";
  }
  return {};
}

// "server 1234", as the holder wrote it.
std::string holder_of(int file) {
  std::array<char, 64> text{};
  const ssize_t length = ::pread(file, text.data(), text.size(), 0);
  std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

// Over the earlier holder's name: whoever reads it meanwhile finds one, and on a full disk the file keeps the
// room that it has.
Result<void> write_holder(int file, std::string_view holder) {
  const auto size = static_cast<off_t>(holder.size());
  if (uninterrupted([&] { return ::pwrite(file, holder.data(), holder.size(), 0); }) != size ||
      uninterrupted([&] { return ::ftruncate(file, size); }) != 0)
    return system_error("cannot write the lock of the data directory");
  return {};
}

}  // namespace

std::string instance_in(const std::string& data_dir) {
  const FileDescriptor file(::open((data_dir + "/lock").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return {};
  // Without trying the lock: somebody who starts right now would find it taken.
  const std::string holder = holder_of(file.get());
  const int process = std::atoi(holder.c_str() + std::min(holder.size(), holder.find(' ')));
  return process > 0 && (::kill(process, 0) == 0 || errno == EPERM) ? holder : std::string();
}

Result<InstanceLock> InstanceLock::take(const std::string& data_dir,
                                        InstanceKind kind,
                                        std::chrono::milliseconds wait_for_command) {
  const std::string path = data_dir + "/lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot open " + path);
  const auto start = SteadyClock::now();
  const auto deadline = start + wait_for_command;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("cannot lock " + path);
    const std::string holder = holder_of(file.get());
    if (holder.starts_with("server")) {
      return conflict("Another DITS (" + holder + ") uses the data directory " + data_dir +
                          ". Stop it, or take another one with --data-dir.",
                      "server_is_running");
    }
    if (sharing.starts_with(holder) && !holder.empty() &&
        SteadyClock::now() >= std::min(deadline, start + wait_for_sharing)) {
      return conflict("A DITS on an external database (DATABASE_URL) uses the data directory " + data_dir +
                          ". Stop it, or take another one with --data-dir.",
                      "directory_is_shared");
    }
    if (holder.starts_with(name_of(InstanceKind::upgrade))) {
      return conflict("A DITS (" + holder + ") is bringing the database in " + data_dir +
                          " over to another version of PostgreSQL. Wait until it has ended; dits db upgrade "
                          "--check tells how far it is.",
                      "upgrade_is_running");
    }
    if (SteadyClock::now() >= deadline) {
      return conflict("A DITS command (" + holder + ") uses the data directory " + data_dir + ".",
                      "command_is_running");
    }
    std::this_thread::sleep_for(next_try);
  }
  InstanceLock lock(std::move(file));
  TRY(lock.tell(kind));
  return lock;
}

Result<void> InstanceLock::tell(InstanceKind kind) const {
  return write_holder(file_.get(), std::string(name_of(kind)) + " " + std::to_string(::getpid()) + "\n");
}

Result<InstanceLock> InstanceLock::share(const std::string& data_dir,
                                         std::chrono::milliseconds wait_for_command) {
  const std::string path = data_dir + "/lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return system_error("cannot open " + path);
  const auto deadline = SteadyClock::now() + wait_for_command;
  while (::flock(file.get(), LOCK_SH | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return system_error("cannot lock " + path);
    const std::string holder = holder_of(file.get());
    if (!holder.starts_with("command") || SteadyClock::now() >= deadline) {
      return conflict(
          "Another DITS (" + holder + ") runs the database inside the data directory " + data_dir +
              ", and a server on an external database (DATABASE_URL) can't share that. Stop it, or "
              "take another data directory with --data-dir.",
          "server_is_running");
    }
    std::this_thread::sleep_for(next_try);
  }
  // Those who share it already have written the same.
  if (holder_of(file.get()) + "\n" != sharing) TRY(write_holder(file.get(), sharing));
  return InstanceLock(std::move(file));
}

}  // namespace dits::embedded
