// Addresses of clients, as limits count them.
#pragma once

#include <string>

namespace dits {

// Whom an address stands for: itself for IPv4, its network for IPv6, where whoever has one address has all of
// a /64. What is no address is given back as it is.
std::string counted_address(const std::string& ip_address);

}  // namespace dits
