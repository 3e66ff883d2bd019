// Proxies in front of us: whose forwarded headers are believed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"

namespace dits::http {

class TrustedProxies {
 public:
  TrustedProxies() = default;
  // Addresses ("10.0.0.1", "::1") and networks ("10.0.0.0/8"). Errors: invalid, naming the entry.
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);

  bool contains(std::string_view address) const;
  // The client's address: the last one in X-Forwarded-For that is not a listed proxy, without a port that
  // some proxies add; `peer` itself when it is not listed.
  std::string client_address(const std::string& peer, std::string_view forwarded_for) const;

 private:
  struct Network {
    std::string bytes;  // 16 bytes; IPv4 is mapped into ::ffff:0:0/96
    int prefix_bits = 128;
  };
  std::vector<Network> networks_;
};

}  // namespace dits::http
