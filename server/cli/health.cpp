// `dits health`: does the server of this configuration serve? For a container's or a service's health check,
// which needs neither curl nor a shell then.
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "server/cli/commands.hpp"
#include "server/cli/table.hpp"
#include "server/http/outgoing.hpp"
#include "shared/json/value.hpp"

namespace dits::cli {

namespace {

constexpr int ready = 200;
constexpr int not_ready = 503;

// Shorter than a container's own limit, so that the reason is said before that ends the program.
constexpr std::chrono::seconds time_limit{3};

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

}  // namespace

Result<void> health(const CommandLine& line, const Config& config) {
  if (config.port == 0)
    return invalid("--port",
                   "PORT is 0 here, and only the server knows which port it took: say it with --port.");
  const http::ServerAddress server{config.host, config.port, !config.tls_cert.empty()};
  const http::OwnAnswer answer = TRY(http::get_from(server, "/readyz", time_limit));
  const Result<Json> state = parse_json(answer.body);
  const bool is_answer = state && (answer.status == ready || answer.status == not_ready);
  const std::optional<std::string> problems = is_answer ? problems_in(*state) : std::nullopt;
  if (!problems) return unavailable("What answers at " + server.url() + " is no DITS.");
  if (line.has("--json")) print_json(*state);
  if (answer.status == not_ready) return unavailable("It does not serve. " + *problems);
  if (!line.has("--json"))
    std::printf("%s\n", problems->empty() ? "ok" : ("it serves, but " + *problems).c_str());
  return {};
}

}  // namespace dits::cli
