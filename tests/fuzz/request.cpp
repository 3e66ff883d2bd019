// Whatever bytes come over the wire: head, target, cookies and a chunked body are read without harm, mean one
// thing only, and are read again from what they say; and a body is the same wherever its packets are cut.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/http/message.hpp"
#include "server/http/request_head.hpp"
#include "server/http/target.hpp"
#include "shared/api/paths.hpp"
#include "tests/fuzz/support/steps.hpp"

namespace {

using namespace dits;
using namespace dits::http;

std::string written(const RequestHead& head) {
  const std::string host = head.target_host.empty() ? "" : "http://" + head.target_host;
  std::string text =
      head.method + ' ' + host + head.target + (head.is_http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& [name, value] : head.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

bool is_same(const RequestHead& a, const RequestHead& b) {
  return a.method == b.method && a.target == b.target && a.target_host == b.target_host &&
         a.is_http_1_0 == b.is_http_1_0 && a.keeps_alive == b.keeps_alive && a.is_chunked == b.is_chunked &&
         a.expects_continue == b.expects_continue && a.content_length == b.content_length &&
         a.headers == b.headers;
}

std::string written(const Target& target) {
  std::string text;
  for (const std::string& segment : target.segments) text += '/' + paths::percent_encoded(segment);
  if (text.empty()) text = "/";
  for (std::size_t at = 0; at < target.query.size(); ++at) {
    text += at == 0 ? '?' : '&';
    text += paths::percent_encoded(target.query[at].first) + '=' +
            paths::percent_encoded(target.query[at].second);
  }
  return text;
}

void check_target(std::string_view text) {
  if (!text.starts_with('/')) return;  // the head has seen to it
  const Result<Target> target = parse_target(text);
  if (!target) return;
  const Result<Target> again = parse_target(written(*target));
  fuzz::require(again && again->segments == target->segments && again->query == target->query);
}

void check_head(std::string_view text) {
  const Result<RequestHead> head = parse_request_head(text);
  if (!head) return;
  const Result<RequestHead> again = parse_request_head(written(*head));
  fuzz::require(again && is_same(*head, *again));
  fuzz::require(!(head->is_chunked && head->content_length > 0));
  check_target(head->target);
  Request request;
  request.headers = head->headers;
  const std::string_view cookie = request.cookie("dits_session");
  fuzz::require(cookie.find(';') == std::string_view::npos);
}

struct Decoded {
  bool is_good = true;
  bool is_complete = false;
  std::string body;
  std::size_t taken = 0;
};

Decoded decoded(std::string_view text, std::size_t piece_bytes) {
  constexpr std::size_t most = 4'096;
  Decoded result;
  ChunkDecoder decoder;
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && !decoder.is_complete(); at += piece_bytes) {
    waiting += text.substr(at, piece_bytes);
    const Result<std::size_t> taken = decoder.take(waiting, result.body, most);
    if (!taken) {
      result.is_good = false;
      return result;
    }
    fuzz::require(*taken <= waiting.size() && result.body.size() <= most);
    waiting.erase(0, *taken);
    result.taken += *taken;
  }
  result.is_complete = decoder.is_complete();
  return result;
}

void check_chunks(std::string_view text) {
  const Decoded whole = decoded(text, text.size() + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const Decoded pieces = decoded(text, piece);
    fuzz::require(pieces.is_good == whole.is_good && pieces.is_complete == whole.is_complete);
    if (whole.is_good) fuzz::require(pieces.body == whole.body && pieces.taken == whole.taken);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const fuzz::Budget budget(size, 20'000);
  check_head(text);
  check_head("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(text) + "\r\n\r\n");
  check_target(text);
  check_chunks(text);
  return 0;
}
