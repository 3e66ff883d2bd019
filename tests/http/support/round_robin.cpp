#include "tests/http/support/round_robin.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dits::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connect_to(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

// Two sockets of one connection; what comes from one goes to the other.
struct Pair {
  int client;
  int server;
};

bool pass_on(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  for (ssize_t sent = 0; sent < count;) {
    const ssize_t some =
        ::send(to, buffer.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
    if (some <= 0) return false;
    sent += some;
  }
  return true;
}

}  // namespace

RoundRobin::RoundRobin(std::vector<int> servers)
    : servers_(std::move(servers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::fprintf(stderr, "tests/http: no port for the balancer\n");
    std::exit(1);
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

RoundRobin::~RoundRobin() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void RoundRobin::run(const std::stop_token& stop) {
  std::vector<Pair> pairs;
  std::size_t next = 0;
  while (!stop.stop_requested()) {
    std::vector<pollfd> entries{{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      entries.push_back({pair.client, POLLIN, 0});
      entries.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(entries.data(), entries.size(), 50) <= 0) continue;
    std::vector<Pair> open;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const Pair pair = pairs[i];
      const bool is_open = (entries[2 * i + 1].revents == 0 || pass_on(pair.client, pair.server)) &&
                           (entries[2 * i + 2].revents == 0 || pass_on(pair.server, pair.client));
      if (is_open) {
        open.push_back(pair);
      } else {
        ::close(pair.client);
        ::close(pair.server);
      }
    }
    pairs = std::move(open);
    if (entries[0].revents == 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = connect_to(servers_[next++ % servers_.size()]);
    if (client >= 0 && server >= 0) {
      pairs.push_back({client, server});
    } else {
      ::close(client);
      ::close(server);
    }
  }
  for (const Pair& pair : pairs) {
    ::close(pair.client);
    ::close(pair.server);
  }
}

}  // namespace dits::test
