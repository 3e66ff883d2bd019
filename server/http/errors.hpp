// The one place where an Error becomes a status and an RFC 9457 problem document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "server/http/message.hpp"
#include "shared/core/error.hpp"

namespace dits::http {

int status_of(const Error& error);
std::string_view reason_of(int status);  // "Not Found"

// application/problem+json with "type", "title", "status", "code", "detail", "errors" and "requestId". What
// an internal error says stays in the log.
Response problem_response(const Error& error, std::string_view request_id);

// For what the library below refused with a bare status.
Response problem_response(int status, std::string_view request_id);

// The whole answer where no route was asked: with the security headers and `request_id`, which is made when
// there is none yet. `host` as the request names it, empty when that is not known.
Response refusal(const Error& error, std::string& request_id, bool is_secure, std::string_view host);

// Errors: invalid, kind "payload_too_large", naming the limit and the flag that sets it, if one does.
Error too_large(std::size_t most_bytes, std::string_view setting = {});

// `text` as a JSON string, quotes included.
std::string json_quote(std::string_view text);

}  // namespace dits::http
