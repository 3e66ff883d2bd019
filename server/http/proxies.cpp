// Address and network matching, IPv4 as mapped IPv6.
#include "server/http/proxies.hpp"

#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "shared/core/text.hpp"

namespace dits::http {
namespace {

// 16 bytes, or empty when `text` is no address.
std::string address_bytes(std::string_view text) {
  const std::string address(text);
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return {bytes.data(), bytes.size()};
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<char>(0xFF), static_cast<char>(0xFF), 0, 0, 0, 0};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data() + 12) == 1) return {bytes.data(), bytes.size()};
  return {};
}

// As the Forwarded header writes addresses of IPv6.
std::string_view without_quotes(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? trim(text.substr(1, text.size() - 2)) : text;
}

// "192.0.2.1" of "192.0.2.1:4711", "2001:db8::1" of "[2001:db8::1]:4711" and of "[2001:db8::1]".
std::string_view without_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    const bool is_closed = end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == ':');
    return is_closed ? text.substr(1, end - 1) : std::string_view{};
  }
  const std::size_t colon = text.find(':');
  return colon == text.rfind(':') ? text.substr(0, colon) : text;
}

bool is_within(std::string_view address, std::string_view network, int prefix_bits) {
  for (int bit = 0; bit < prefix_bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if ((address[byte] & mask) != (network[byte] & mask)) return false;
  }
  return true;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  TrustedProxies proxies;
  for (const std::string& entry : entries) {
    const std::size_t slash = entry.find('/');
    Network network{address_bytes(std::string_view(entry).substr(0, slash)), 128};
    if (network.bytes.empty()) return invalid("trusted-proxies", "\"" + entry + "\" is no address");
    if (slash != std::string::npos) {
      const bool is_v4 = entry.find(':') == std::string::npos;
      int bits = 0;
      const auto [end, status] = std::from_chars(entry.data() + slash + 1, entry.data() + entry.size(), bits);
      if (status != std::errc{} || end != entry.data() + entry.size() || bits < 0 ||
          bits > (is_v4 ? 32 : 128)) {
        return invalid("trusted-proxies", "\"" + entry + "\" is no network");
      }
      network.prefix_bits = is_v4 ? bits + 96 : bits;
    }
    proxies.networks_.push_back(std::move(network));
  }
  return proxies;
}

bool TrustedProxies::contains(std::string_view address) const {
  const std::string bytes = networks_.empty() ? std::string{} : address_bytes(address);
  if (bytes.empty()) return false;
  for (const Network& network : networks_) {
    if (is_within(bytes, network.bytes, network.prefix_bits)) return true;
  }
  return false;
}

std::string TrustedProxies::client_address(const std::string& peer, std::string_view forwarded_for) const {
  std::string address = peer;
  while (contains(address) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        trim(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    // Nothing between two commas says nothing.
    const std::string_view bare = without_port(without_quotes(last));
    if (!last.empty() && address_bytes(bare).empty()) break;
    if (!last.empty()) address = bare;
    forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
  }
  return address;
}

}  // namespace dits::http
