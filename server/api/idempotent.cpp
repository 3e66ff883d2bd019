#include "server/api/idempotent.hpp"

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

// The same key for another address, query or body is another request.
std::string fingerprint_of(const http::Request& request) {
  std::string text = std::string(name_of(request.method)) + " " + request.path;
  for (const auto& [name, value] : request.query_params) text += "&" + name + "=" + value;
  return text + "\n" + request.body;
}

}  // namespace

Result<http::Response> run_idempotent(ServiceContext& context,
                                      const http::Request& request,
                                      const http::Handler& handler) {
  const OnceRequest once{
      request.viewer.user_id, std::string(request.header("idempotency-key")), fingerprint_of(request)};
  http::Response first;
  const auto run_first = [&]() -> Result<KeptAnswer> {
    first = TRY(handler(request));
    return kept_from_response(first);
  };
  OnceAnswer result = TRY(run_once(context, once, run_first));
  return result.is_repeat ? response_from_kept(std::move(result.answer)) : std::move(first);
}

}  // namespace dits
