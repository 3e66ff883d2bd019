// `dits health`: does the server of this configuration serve? For a container's or a service's health check,
// which needs neither curl nor a shell then.
#include <cstdio>

#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/http/outgoing.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

namespace {

constexpr int ready = 200;
constexpr int not_ready = 503;

// "redis: Redis cannot be reached …": the parts that are not as they should be.
std::string problems_of(const Json& checks) {
  std::string problems;
  for (const auto& [name, part] : checks.items()) {
    if (part.value("state", std::string("ok")) == "ok") continue;
    problems += (problems.empty() ? "" : "; ") + name + ": " + part.value("message", std::string("not ok"));
  }
  return problems;
}

}  // namespace

Result<void> health(const CommandLine& line, const Config& config) {
  if (config.port == 0)
    return invalid("--port",
                   "PORT is 0 here, and only the server knows which port it took: say it with --port.");
  const http::ServerAddress server{config.host, config.port, !config.tls_cert.empty()};
  const http::OwnAnswer answer = TRY(http::get_from(server, "/readyz"));
  const Result<Json> state = parse_json(answer.body);
  const bool is_dits = state && state->is_object() && state->contains("checks") &&
                       (*state)["checks"].is_object() &&
                       (answer.status == ready || answer.status == not_ready);
  if (!is_dits) return unavailable("What answers at " + server.url() + " is no DITS.");
  if (line.has("--json")) print_json(*state);
  const std::string problems = problems_of((*state)["checks"]);
  if (answer.status == not_ready) return unavailable("It does not serve. " + problems);
  if (!line.has("--json"))
    std::printf("%s\n", problems.empty() ? "ok" : ("it serves, but " + problems).c_str());
  return {};
}

}  // namespace dits::cli
