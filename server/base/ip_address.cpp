#include "server/base/ip_address.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "server/base/files.hpp"

namespace dits {

std::string counted_address(const std::string& ip_address) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, ip_address.c_str(), &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address))
    return ip_address;
  std::memset(&address.s6_addr[8], 0, 8);
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, &address, text.data(), text.size());
  return std::string(text.data()) + "/64";
}

Result<void> check_listening(const std::string& host, int port) {
  const std::string place = host + ":" + std::to_string(port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list); code != 0) {
    return conflict("The host " + host + " of --host is not known here (" + ::gai_strerror(code) +
                        "): give an address of this machine, 127.0.0.1 or 0.0.0.0.",
                    "host_unknown");
  }
  const FileDescriptor socket(::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bool is_free = ::bind(socket.get(), list->ai_addr, list->ai_addrlen) == 0;
  int reason = errno;
  ::freeaddrinfo(list);
  // With SO_REUSEADDR two may have the address, but one alone listens.
  if (is_free && ::listen(socket.get(), 1) != 0) {
    is_free = false;
    reason = errno;
  }
  if (is_free) return {};
  if (reason == EACCES || reason == EPERM) {
    return conflict(
        place +
            " may not be taken by this user: ports below 1024 need CAP_NET_BIND_SERVICE (setcap "
            "cap_net_bind_service=+ep dits, or AmbientCapabilities= in systemd), or a proxy in front; "
            "--port takes another.",
        "port_not_allowed");
  }
  if (reason == EADDRNOTAVAIL) {
    return conflict(
        host +
            " is no address of this machine: give one of those that  ip address  shows, 127.0.0.1 or "
            "0.0.0.0 with --host.",
        "host_elsewhere");
  }
  if (reason == EADDRINUSE) {
    return conflict(place + " is taken by another program:  ss -ltnp  shows which; --port takes another.",
                    "port_taken");
  }
  return system_error("cannot listen on " + place, reason);
}

}  // namespace dits
