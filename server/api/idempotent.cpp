#include "server/api/idempotent.hpp"

#include <optional>

#include "server/base/crypto.hpp"
#include "server/service/idempotency.hpp"
#include "shared/json/value.hpp"

namespace dits {
namespace {

KeptAnswer kept_from_response(const http::Response& response) {
  Json headers = Json::object();
  for (const auto& [name, value] : response.headers) headers[name] = value;
  return {response.status, response.content_type, dump(headers), response.body};
}

http::Response response_from_kept(KeptAnswer answer) {
  http::Response response;
  response.status = answer.status;
  response.content_type = std::move(answer.content_type);
  response.body = std::move(answer.body);
  const Json headers = json_from_stored(answer.headers);
  for (const auto& [name, value] : headers.items()) {
    if (value.is_string()) response.with_header(name, value.get<std::string>());
  }
  return std::move(response).with_header("Idempotency-Replayed", "true");
}

// What parts the pieces of a fingerprint is not taken for one of them.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '&' || c == '=' || c == '\n') out += '%';
    out += c;
  }
  return out;
}

// The same key for another address, query or body is another request. A body that comes through read_body is
// hashed while the handler takes it; what the handler leaves is taken when the fingerprint is asked for.
class Fingerprint {
 public:
  explicit Fingerprint(http::Request& request) {
    text_ = std::string(name_of(request.method)) + " " + request.path;
    for (const auto& [name, value] : request.query_params)
      text_ += "&" + escaped(name) + "=" + escaped(value);
    text_ += "\n" + request.body;
    if (!request.read_body) return;
    read_ = std::move(request.read_body);
    request.read_body = [this] { return next(); };
  }
  Fingerprint(const Fingerprint&) = delete;
  Fingerprint& operator=(const Fingerprint&) = delete;

  Result<std::string> text() {
    if (!read_) return text_;
    while (!is_over_) TRY(next());
    if (!body_hash_) body_hash_ = hex(hash_.finish());
    return text_ + *body_hash_;
  }

 private:
  Result<std::string_view> next() {
    if (is_over_) return std::string_view();
    const std::string_view piece = TRY(read_());
    hash_.add(piece);
    is_over_ = piece.empty();
    return piece;
  }

  std::string text_;
  std::function<Result<std::string_view>()> read_;
  Sha256 hash_;
  bool is_over_ = false;
  std::optional<std::string> body_hash_;
};

}  // namespace

Result<http::Response> run_idempotent(ServiceContext& context,
                                      const http::Request& request,
                                      const http::Handler& handler) {
  http::Request taken = request;
  Fingerprint fingerprint(taken);
  const OnceRequest once{request.viewer.user_id, std::string(request.header("idempotency-key")), [&] {
                           return fingerprint.text();
                         }};
  http::Response first;
  const auto run_first = [&]() -> Result<KeptAnswer> {
    first = TRY(handler(taken));
    return kept_from_response(first);
  };
  OnceAnswer result = TRY(run_once(context, once, run_first));
  return result.is_repeat ? response_from_kept(std::move(result.answer)) : std::move(first);
}

}  // namespace dits
