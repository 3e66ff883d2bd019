#include "tests/support/slow_door.hpp"

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace dits::test {

namespace {

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("a socket's path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

// False: one of them has ended.
bool pass_on(int from, int to) {
  std::array<char, 8192> bytes{};
  const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
  return got > 0 && ::send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
}

}  // namespace

SlowDoor::SlowDoor(std::string directory, std::string upstream, std::chrono::milliseconds delay)
    : upstream_(std::move(upstream)), delay_(delay), listening_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  const sockaddr_un address = address_of(directory + "/.s.PGSQL.5432");
  if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listening_.get(), 64) != 0)
    throw std::runtime_error("no door in " + directory);
  listener_ = std::thread([this] { listen(); });
}

SlowDoor::~SlowDoor() {
  is_over_ = true;
  shut();
  listener_.join();
  for (std::thread& thread : passing_) thread.join();
}

void SlowDoor::shut() {
  is_shut_ = true;
  const std::lock_guard lock(mutex_);
  for (const int one : open_) ::shutdown(one, SHUT_RDWR);
}

void SlowDoor::listen() {
  while (!is_over_) {
    pollfd waiting{listening_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    const int client = ::accept(listening_.get(), nullptr, nullptr);
    if (client < 0) continue;
    if (is_shut_) {
      ::close(client);
      continue;
    }
    passing_.emplace_back([this, client] { pass(client); });
  }
}

void SlowDoor::pass(int client) {
  std::this_thread::sleep_for(delay_);
  const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(upstream_);
  bool is_open = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  {
    const std::lock_guard lock(mutex_);
    is_open = is_open && !is_shut_;
    open_.push_back(client);
    open_.push_back(server);
  }
  while (is_open) {
    std::array<pollfd, 2> waiting = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(waiting.data(), 2, -1) < 0) break;
    if (waiting[0].revents != 0) is_open = pass_on(client, server);
    if (is_open && waiting[1].revents != 0) is_open = pass_on(server, client);
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, client);
  std::erase(open_, server);
  ::close(client);
  ::close(server);
}

}  // namespace dits::test
