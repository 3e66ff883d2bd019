// The head of a request as bytes off the wire: read strictly, before anything else sees it. What could be
// understood in two ways (smuggling) is refused, so that no proxy and no library behind us can disagree about
// where a request ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"

namespace dits::http {

constexpr std::size_t max_head_bytes = std::size_t{32} * 1024;
constexpr std::size_t max_header_count = 100;
// A query of 4096 bytes (shared/query), each of them escaped, and what stands around it.
constexpr std::size_t max_target_bytes = std::size_t{16} * 1024;

struct RequestHead {
  std::string method;
  std::string target;       // a path, whichever form it was sent in
  std::string target_host;  // of a whole address ("http://host/path"); else empty
  bool is_http_1_0 = false;
  bool keeps_alive = true;
  bool is_chunked = false;
  bool expects_continue = false;
  std::size_t content_length = 0;
  std::vector<std::pair<std::string, std::string>> headers;

  // First value of a header by case-insensitive name, or empty.
  std::string_view header(std::string_view name) const;
};

// `head` runs from the first byte to the empty line, which is included. Errors: invalid, with kind
// "head_too_large", "uri_too_long" or "bad_framing"; after any of them the connection must be closed.
Result<RequestHead> parse_request_head(std::string_view head);

// Decodes a chunked body as it arrives.
class ChunkDecoder {
 public:
  // Takes bytes from the front of `input`, appends data to `body`; how many bytes were taken. Errors:
  // invalid, kind "bad_framing"; kind "payload_too_large" when `body` would exceed `max_bytes`.
  Result<std::size_t> take(std::string_view input, std::string& body, std::size_t max_bytes);
  bool is_complete() const { return state_ == State::done; }

 private:
  enum class State { size_line, data, data_end, trailer_line, done };
  Result<void> take_data(std::string_view& input, std::string& body, std::size_t max_bytes);
  Result<void> take_line(std::string_view line);
  State state_ = State::size_line;
  std::size_t left_ = 0;
  std::size_t trailers_ = 0;
};

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace dits::http
