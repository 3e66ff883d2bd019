// Nothing that goes by ends the taking of connections. cpp-httplib stops listening at every error of
// accept4() but three, and at EMFILE tries again a million times a second; so the linker leads its calls
// through here (CMakeLists.txt, --wrap).
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <thread>

#include <sys/socket.h>

#include "server/base/log.hpp"

namespace {

constexpr std::chrono::milliseconds next_try{20};
constexpr std::int64_t told_every_ms = 60'000;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The socket itself is closed or no socket; or the library does well with it.
bool is_for_library(int reason) {
  return reason == EBADF || reason == EINVAL || reason == ENOTSOCK || reason == EFAULT || reason == EINTR ||
         reason == EAGAIN;
}

// At most once a minute.
void tell(int reason) {
  static std::atomic<std::int64_t> told_at{-told_every_ms};
  const std::int64_t now = steady_ms();
  std::int64_t before = told_at.load();
  if (now - before < told_every_ms || !told_at.compare_exchange_strong(before, now)) return;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is safe
  dits::log::warn("connections can't be taken at the moment", {{"reason", std::strerror(reason)}});
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
extern "C" int __real_accept4(int socket, sockaddr* address, socklen_t* size, int flags);
extern "C" int __wrap_accept4(int socket, sockaddr* address, socklen_t* size, int flags) {
  while (true) {
    const int taken = __real_accept4(socket, address, size, flags);
    if (taken >= 0 || is_for_library(errno)) return taken;
    tell(errno);
    std::this_thread::sleep_for(next_try);
  }
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
