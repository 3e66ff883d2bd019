// gzip for answers that are made on the fly; assets come compressed from the build.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace dits::http {

// True when `accept_encoding` takes `encoding` ("gzip", "br"), q=0 and "*" understood.
bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding);

// At the fastest level: a kilobyte costs about 15 µs.
std::string gzip(std::string_view bytes);

// What gzip() made, or the build did, undone; empty when it is neither.
std::string gunzip(std::string_view bytes);

// Replaces a JSON or text body of more than a kilobyte by its gzip form when the client takes that.
void compress(Response& response, std::string_view accept_encoding);

}  // namespace dits::http
