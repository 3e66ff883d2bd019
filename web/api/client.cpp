// One request to the server.
#include "web/api/client.hpp"

#include <utility>

#include "shared/json/problem_json.hpp"

namespace dits::web {

namespace {

constexpr int snapshot_timeout_ms = 120'000;
constexpr int file_timeout_ms = 30 * 60'000;

int seconds_in(std::string_view text) {
  int seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || seconds > 3600) break;
    seconds = seconds * 10 + (c - '0');
  }
  return seconds;
}

Error error_of(const FetchResponse& response) {
  if (response.status == 0) return unavailable("The server cannot be reached");
  const Result<Problem> problem = problem_from_text(response.body);
  Error error =
      problem ? error_from_problem(*problem)
              : Error{ErrorCode::unavailable, "The server answered " + std::to_string(response.status), {}};
  const int wait = seconds_in(response.header("retry-after"));
  if (wait > 0) error.retry_after_seconds = wait;
  return error;
}

}  // namespace

void Client::send(const Call& call, Done done) {
  FetchRequest request;
  request.method = call.method;
  request.url = call.path;
  request.body = call.body;
  request.timeout_ms = snapshot_timeout_ms;
  request.headers.emplace_back("accept", "application/json");
  if (call.is_file) {
    request.timeout_ms = file_timeout_ms;
    request.headers.emplace_back("content-type", "application/octet-stream");
  } else if (!call.body.empty()) {
    request.headers.emplace_back("content-type", "application/json");
  }
  if (!call.idempotency_key.empty()) request.headers.emplace_back("idempotency-key", call.idempotency_key);
  if (call.if_match) request.headers.emplace_back("if-match", "\"" + std::to_string(*call.if_match) + "\"");
  platform_.fetch(std::move(request), [done = std::move(done)](FetchResponse response) {
    Answer answer;
    answer.status = response.status;
    if (response.status < 200 || response.status > 299) answer.error = error_of(response);
    answer.body = std::move(response.body);
    done(answer);
  });
}

Json items_of(std::string_view body) {
  Result<Json> json = parse_json(body);
  if (!json) return Json::array();
  if (json->is_array()) return std::move(*json);
  if (!json->is_object()) return Json::array();
  const auto items = json->find("items");
  return items != json->end() && items->is_array() ? *items : Json::array();
}

}  // namespace dits::web
