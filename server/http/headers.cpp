// The header values of SECURITY.md, in one place.
#include "server/http/headers.hpp"

#include <algorithm>
#include <array>

#include "server/http/request_head.hpp"

namespace dits::http {
namespace {

struct Header {
  std::string_view name;
  std::string_view value;
};

constexpr std::array security_headers{
    Header{"Content-Security-Policy",
           "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' "
           "blob: data:; style-src 'self'; "
           "font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
           "frame-ancestors 'none'"},
    Header{"X-Content-Type-Options", "nosniff"},
    Header{"X-Frame-Options", "DENY"},
    Header{"Referrer-Policy", "no-referrer"},
    Header{"Cross-Origin-Opener-Policy", "same-origin"},
    Header{"Cross-Origin-Resource-Policy", "same-origin"},
    Header{"Permissions-Policy",
           "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
           "microphone=(), payment=(), usb=()"},
};

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& row) {
    return equals_ignoring_case(row.first, name);
  });
}

// HSTS binds a name for a year, on all of its ports: nothing for this machine's own, where other programs
// answer in plain HTTP tomorrow, and browsers take none for an address (RFC 6797, 8.1.1).
bool is_name_of_its_own(std::string_view host) {
  if (host.starts_with('[')) return false;
  const std::string_view name = host.substr(0, host.find(':'));
  const bool is_address =
      std::all_of(name.begin(), name.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  constexpr std::string_view local = "localhost";
  if (is_address || name.size() < local.size()) return !is_address;
  const std::size_t at = name.size() - local.size();
  return !equals_ignoring_case(name.substr(at), local) || (at > 0 && name[at - 1] != '.');
}

}  // namespace

void add_security_headers(Response& response, bool is_secure, std::string_view host) {
  response.headers.reserve(response.headers.size() + security_headers.size() + 4);
  for (const Header& header : security_headers) {
    if (!has_header(response, header.name))
      response.with_header(std::string(header.name), std::string(header.value));
  }
  if (is_secure && is_name_of_its_own(host))
    response.with_header("Strict-Transport-Security", "max-age=31536000");
  if (!has_header(response, "Cache-Control")) response.with_header("Cache-Control", "no-store");
}

std::string session_cookie_name(bool is_secure, std::string_view tag) {
  std::string name = is_secure ? "__Host-dits_session" : "dits_session";
  if (!tag.empty()) name += "_" + std::string(tag);
  return name;
}

std::string session_cookie(std::string_view name,
                           std::string_view value,
                           std::chrono::seconds max_age,
                           bool is_secure) {
  std::string cookie = std::string(name) + "=" + std::string(value);
  cookie += "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(max_age.count());
  if (is_secure) cookie += "; Secure";
  return cookie;
}

}  // namespace dits::http
