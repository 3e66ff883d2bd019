// Addresses of clients, as limits count them, and those on which a server listens.
#pragma once

#include <string>

#include "shared/core/result.hpp"

namespace dits {

// Whom an address stands for: itself for IPv4, its network for IPv6, where whoever has one address has all of
// a /64. What is no address is given back as it is.
std::string counted_address(const std::string& ip_address);

// Could a server listen there now? Errors: conflict, with what to do; kinds "port_taken", "port_not_allowed",
// "host_unknown" and "host_elsewhere" (no address of this machine).
Result<void> check_listening(const std::string& host, int port);

}  // namespace dits
