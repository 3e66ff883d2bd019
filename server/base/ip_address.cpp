#include "server/base/ip_address.hpp"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

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

}  // namespace dits
