// The one place where an Error becomes a status and an RFC 9457 problem document.
#pragma once

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

// A whole answer as bytes, for a connection that is refused before it has a request: closes the connection.
std::string raw_problem(const Error& error);

// `text` as a JSON string, quotes included.
std::string json_quote(std::string_view text);

}  // namespace dits::http
