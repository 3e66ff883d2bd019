// Security headers on everything we send, and the session's cookie.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace dits::http {

// Adds CSP, nosniff, referrer, opener, resource and permissions policies, HSTS under TLS, and `no-store`
// unless the response says how it may be cached.
void add_security_headers(Response& response, bool is_secure, std::string_view host);

// "__Host-dits_session_TAG" under TLS, "dits_session_TAG" on plain http: browsers tell hosts apart, but not
// the ports of one, so that each installation has a tag of its own. Without a tag it is the name of earlier
// versions.
std::string session_cookie_name(bool is_secure, std::string_view tag = {});
// Set-Cookie that keeps `value` for `max_age`; an age of zero removes the cookie.
std::string session_cookie(std::string_view name,
                           std::string_view value,
                           std::chrono::seconds max_age,
                           bool is_secure);

}  // namespace dits::http
