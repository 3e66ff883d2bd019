// Compression of answers that are made on the fly; assets come compressed from the build.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace dits::http {

// True when `accept_encoding` takes `encoding` ("gzip", "br"), q=0 and "*" understood.
bool accepts_encoding(std::string_view accept_encoding, std::string_view encoding);

// At the fastest level a kilobyte costs about 15 µs.
constexpr int fastest_gzip = 1;
constexpr int smallest_gzip = 9;
std::string gzip(std::string_view bytes, int level = fastest_gzip);

// What `brotli` made of the build's files, undone; empty when it did not.
std::string unpack_brotli(std::string_view bytes);

// Replaces a body of more than a kilobyte by a smaller form that the client takes: JSON and text by a fast
// gzip; the large answers of our own media types ("application/vnd.dits.…") by zstd, or a thorough gzip.
void compress(Response& response, std::string_view accept_encoding);

}  // namespace dits::http
