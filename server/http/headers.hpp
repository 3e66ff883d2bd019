// Security headers on everything we send, and the session's cookie.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace dits::http {

// Adds CSP, nosniff, referrer, opener, resource and permissions policies, HSTS under TLS, and `no-store`
// unless the response says how it may be cached.
void add_security_headers(Response& response, bool is_secure);

// "__Host-dits_session" under TLS, "dits_session" on plain http.
std::string_view session_cookie_name(bool is_secure);
// Set-Cookie that keeps `value` for `max_age`; an age of zero removes the cookie.
std::string session_cookie(std::string_view value, std::chrono::seconds max_age, bool is_secure);

}  // namespace dits::http
