// An answer whose body is there: one head and one body in as few writes as can be. Streams go another way,
// see server.cpp.
#pragma once

#include <string>
#include <string_view>

#include "server/http/connection.hpp"
#include "server/http/message.hpp"

namespace dits::http {

// The time of the answer, as HTTP writes it; the view holds until this thread asks again.
std::string_view http_date();

// What an answer says of its connection: "Connection: close", nothing, or, to a client of HTTP/1.0 that asked
// to stay, "Connection: keep-alive".
std::string_view connection_header(const RequestHead& head, bool keeps_alive);

// Answers the request whose head the connection holds. Large bodies are lent, not copied: whoever reads
// slowly keeps the one that there is. False: the client is gone.
bool send_whole(Connection& connection, Response response, bool keeps_alive);

// The answer to a connection that is refused before it has a whole request, as bytes; it goes into the log.
std::string last_words(const Connection& connection, const Error& error);

}  // namespace dits::http
