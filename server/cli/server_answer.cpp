#include "server/cli/server_answer.hpp"

#include <algorithm>
#include <optional>

namespace dits::cli {

namespace {

constexpr int ready = 200;
constexpr int not_ready = 503;
constexpr std::chrono::milliseconds second_try{1000};

std::string text_of(const Json& part, const char* member) {
  const auto found = part.find(member);
  const auto* text = found == part.end() ? nullptr : found->get_ptr<const std::string*>();
  return text == nullptr ? std::string() : *text;
}

// "redis: Redis cannot be reached …": the parts that are not as they should be. Nothing when that is no
// answer of ours.
std::optional<std::string> problems_in(const Json& answer) {
  const auto checks = answer.find("checks");
  if (!answer.is_object() || checks == answer.end() || !checks->is_object()) return std::nullopt;
  std::string problems;
  for (const auto& [name, part] : checks->items()) {
    const std::string state = text_of(part, "state");
    if (state.empty()) return std::nullopt;
    if (state != "ok") problems += (problems.empty() ? "" : "; ") + name + ": " + text_of(part, "message");
  }
  return problems;
}

ServerAnswer without_state(ServerAnswer::Kind kind, std::string message) {
  ServerAnswer answer{kind, std::move(message), Json::object()};
  answer.state["status"] = kind == ServerAnswer::Kind::silent ? "silent" : "unreachable";
  answer.state["message"] = answer.message;
  return answer;
}

ServerAnswer ask_by_this_scheme(const http::ServerAddress& server, std::chrono::milliseconds time_limit) {
  using Kind = ServerAnswer::Kind;
  const Result<http::OwnAnswer> came = http::get_from(server, "/readyz", time_limit);
  if (!came) {
    const std::string& kind = came.error().kind;
    return without_state(kind == http::no_answer_in_time ? Kind::silent
                         : kind == http::nobody_listens  ? Kind::nobody
                                                         : Kind::stranger,
                         came.error().message);
  }
  const Result<Json> state = parse_json(came->body);
  const bool is_answer = state && (came->status == ready || came->status == not_ready);
  const std::optional<std::string> problems = is_answer ? problems_in(*state) : std::nullopt;
  if (!problems) return without_state(Kind::stranger, "What answers at " + server.url() + " is no DITS.");
  if (came->status == ready) return {Kind::serves, *problems, *state};
  return {Kind::not_ready, "It does not serve. " + *problems, *state};
}

}  // namespace

ServerAnswer ask_server(const http::ServerAddress& server, std::chrono::milliseconds time_limit) {
  // A server that speaks plain HTTP waits for the end of what it takes for a request; one that speaks TLS
  // says so at once.
  const auto first_try = server.is_tls ? std::max(time_limit - second_try, second_try) : time_limit;
  ServerAnswer answer = ask_by_this_scheme(server, first_try);
  const bool may_be_other = answer.kind == ServerAnswer::Kind::stranger ||
                            (server.is_tls && answer.kind == ServerAnswer::Kind::silent);
  if (!may_be_other) return answer;
  http::ServerAddress other = server;
  other.is_tls = !server.is_tls;
  if (!ask_by_this_scheme(other, std::min(time_limit, second_try)).is_dits()) return answer;
  return without_state(ServerAnswer::Kind::other_scheme,
                       "A DITS answers at " + other.url() + ", and this configuration says " +
                           (server.is_tls ? "https: TLS_CERT and TLS_KEY are set here, and not there."
                                          : "http: set TLS_CERT and TLS_KEY here as they are there."));
}

http::ServerAddress address_of(const Config& config) { return {config.host, config.port, config.is_tls()}; }

}  // namespace dits::cli
