// Strict HTTP/1.1 heads (RFC 9112) and chunked bodies.
#include "server/http/request_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "shared/core/text.hpp"

namespace dits::http {
namespace {

Error bad_framing(std::string message) {
  Error error = invalid({}, std::move(message));
  error.kind = "bad_framing";
  return error;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

// Visible characters, blanks, and bytes above ASCII; no control character.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

// RFC 3986 3.2: a name or address, and perhaps a port. It may be empty.
bool is_host(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_token_char(c) ? c != '#' && c != '^' && c != '`' && c != '|'
                            : std::string_view("()[],;=:").find(c) != std::string_view::npos;
  });
}

// RFC 9112 3.2: a path; as for a proxy, a whole address, whose host has to be the one that the Host header
// names (read_framing looks); of the server as a whole, "*" with OPTIONS.
Result<void> read_target(std::string_view target, RequestHead& head) {
  if (target == "*" && head.method == "OPTIONS") target = "/";
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    head.target_host = rest.substr(0, end);
    if (head.target_host.empty() || head.target_host.find('@') != std::string::npos)
      return bad_framing("the address in the request line names no host");
    head.target = rest.substr(end);
    if (!head.target.starts_with('/')) head.target.insert(0, "/");
    return {};
  }
  if (!target.starts_with('/')) return bad_framing("the request target must be a path");
  head.target = target;
  return {};
}

Result<void> read_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last == first)
    return bad_framing("the request line is not \"METHOD target HTTP/1.1\"");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method)) return bad_framing("the request line has no method");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return bad_framing("only HTTP/1.1 and HTTP/1.0 are spoken here");
  if (target.size() > max_target_bytes) {
    Error error = invalid(
        {}, "the address is too long: it may have at most " + std::to_string(max_target_bytes) + " bytes");
    error.kind = "uri_too_long";
    return error;
  }
  const bool is_clean =
      std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
  if (!is_clean) return bad_framing("the request target must be a path");
  head.method = method;
  TRY(read_target(target, head));
  head.is_http_1_0 = version == "HTTP/1.0";
  head.keeps_alive = !head.is_http_1_0;
  return {};
}

Result<void> read_header_line(std::string_view line, RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad_framing("a header line is malformed");
  const std::string_view value = trim(line.substr(colon + 1));
  if (!is_field_value(value)) return bad_framing("a header value has a control character");
  if (head.headers.size() >= max_header_count) {
    Error error = invalid({}, "a request may carry at most 100 headers");
    error.kind = "head_too_large";
    return error;
  }
  head.headers.emplace_back(line.substr(0, colon), value);
  return {};
}

Result<void> read_connection(std::string_view value, RequestHead& head) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view option = trim(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) head.keeps_alive = false;
    if (equals_ignoring_case(option, "keep-alive") && head.is_http_1_0) head.keeps_alive = true;
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
  }
  return {};
}

Result<void> read_content_length(std::string_view value, RequestHead& head) {
  const char* const end = value.data() + value.size();
  const auto [stop, status] = std::from_chars(value.data(), end, head.content_length);
  const bool has_needless_zero = value.size() > 1 && value.front() == '0';
  if (value.empty() || status != std::errc{} || stop != end || value.size() > 15 || has_needless_zero)
    return bad_framing("Content-Length is not a number");
  return {};
}

Result<void> read_host(std::string_view value, const RequestHead& head) {
  if (!is_host(value)) return bad_framing("the Host header names no host");
  if (!head.target_host.empty() && !equals_ignoring_case(value, head.target_host))
    return bad_framing("the request line and the Host header name different hosts");
  return {};
}

// How often each of these is there.
struct FramingHeaders {
  int lengths = 0;
  int encodings = 0;
  int hosts = 0;
};

Result<void> read_framing_header(std::string_view name,
                                 std::string_view value,
                                 RequestHead& head,
                                 FramingHeaders& seen) {
  if (equals_ignoring_case(name, "content-length")) {
    ++seen.lengths;
    return read_content_length(value, head);
  }
  if (equals_ignoring_case(name, "transfer-encoding")) {
    ++seen.encodings;
    head.is_chunked = true;
    if (!equals_ignoring_case(value, "chunked"))
      return bad_framing("only \"Transfer-Encoding: chunked\" is understood");
    return {};
  }
  if (equals_ignoring_case(name, "host")) {
    ++seen.hosts;
    return read_host(value, head);
  }
  if (equals_ignoring_case(name, "connection")) return read_connection(value, head);
  if (equals_ignoring_case(name, "expect")) {
    head.expects_continue = !head.is_http_1_0;
    if (!equals_ignoring_case(value, "100-continue"))
      return bad_framing("only \"Expect: 100-continue\" is understood");
  }
  return {};
}

// Where the body ends must follow from exactly one header, said once.
Result<void> read_framing(RequestHead& head) {
  FramingHeaders seen;
  for (const auto& [name, value] : head.headers) TRY(read_framing_header(name, value, head, seen));
  if (seen.lengths + seen.encodings > 1) return bad_framing("the length of the body is said twice");
  if (seen.encodings > 0 && head.is_http_1_0) return bad_framing("HTTP/1.0 has no chunked bodies");
  if (seen.hosts > 1 || (seen.hosts == 0 && !head.is_http_1_0))
    return bad_framing("a request needs exactly one Host header");
  return {};
}

// Of these there is one, or who reads the request next may take the other. (Lists, such as Accept or
// If-Match, and what proxies append to, go on over several lines.)
constexpr std::array<std::string_view, 8> single_headers = {"authorization",
                                                            "content-type",
                                                            "idempotency-key",
                                                            "if-range",
                                                            "origin",
                                                            "range",
                                                            "referer",
                                                            "sec-fetch-site"};

Result<void> check_single_headers(const RequestHead& head) {
  std::array<const std::string*, single_headers.size()> seen{};
  for (const auto& [name, value] : head.headers) {
    for (std::size_t at = 0; at < single_headers.size(); ++at) {
      if (!equals_ignoring_case(name, single_headers[at])) continue;
      if (seen[at] != nullptr && *seen[at] != value)
        return bad_framing("the header " + name + " is there twice, with two values; send it once");
      seen[at] = &value;
    }
  }
  return {};
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view RequestHead::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

Result<RequestHead> parse_request_head(std::string_view text) {
  RequestHead head;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return bad_framing("a line of the head does not end in CR LF");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
      return bad_framing("a line of the head has a stray CR, LF or NUL");
    if (line.empty()) break;
    TRY(is_first ? read_request_line(line, head) : read_header_line(line, head));
    is_first = false;
  }
  if (is_first || !text.empty()) return bad_framing("the head of the request is incomplete");
  TRY(read_framing(head));
  TRY(check_single_headers(head));
  return head;
}

Result<std::size_t> ChunkDecoder::take(std::string_view input, std::string& body, std::size_t max_bytes) {
  constexpr std::size_t max_line_bytes = 1024;
  const std::size_t total = input.size();
  while (state_ != State::done) {
    if (state_ == State::data) {
      TRY(take_data(input, body, max_bytes));
      if (state_ == State::data) break;
    }
    const std::size_t end = input.find("\r\n");
    if (std::min(end, input.size()) > max_line_bytes) return bad_framing("a chunk's line is too long");
    if (end == std::string_view::npos) break;
    TRY(take_line(input.substr(0, end)));
    input.remove_prefix(end + 2);
  }
  return total - input.size();
}

Result<void> ChunkDecoder::take_data(std::string_view& input, std::string& body, std::size_t max_bytes) {
  const std::size_t count = std::min(left_, input.size());
  if (count > max_bytes - std::min(max_bytes, body.size())) {
    Error error = invalid({}, "the body is too large");
    error.kind = "payload_too_large";
    return error;
  }
  body.append(input.substr(0, count));
  input.remove_prefix(count);
  left_ -= count;
  if (left_ == 0) state_ = State::data_end;
  return {};
}

Result<void> ChunkDecoder::take_line(std::string_view line) {
  if (line.find_first_of("\r\n") != std::string_view::npos) return bad_framing("a chunk's line is malformed");
  if (state_ == State::data_end) {
    if (!line.empty()) return bad_framing("a chunk is longer than it said");
    state_ = State::size_line;
    return {};
  }
  if (state_ == State::trailer_line) {
    if (line.empty()) state_ = State::done;
    if (++trailers_ > max_header_count) return bad_framing("too many trailers");
    return {};
  }
  const std::string_view digits = trim(line.substr(0, line.find(';')));
  const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  const bool is_number = status == std::errc{} && stop == digits.data() + digits.size();
  if (digits.empty() || digits.size() > 8 || !is_number) return bad_framing("a chunk's size is not a number");
  state_ = left_ == 0 ? State::trailer_line : State::data;
  return {};
}

}  // namespace dits::http
