// `dits health`: does the server of this configuration serve? For a container's or a service's health check,
// which needs neither curl nor a shell then.
#include <chrono>
#include <cstdio>

#include "server/cli/commands.hpp"
#include "server/cli/server_answer.hpp"
#include "server/cli/table.hpp"

namespace dits::cli {

// Shorter than a container's own limit, so that the reason is said before that ends the program.
constexpr std::chrono::seconds time_limit{3};

Result<void> health(const CommandLine& line, const Config& config) {
  if (config.port == 0)
    return invalid("--port",
                   "PORT is 0 here, and only the server knows which port it took: say it with --port.");
  const http::ServerAddress server = address_of(config);
  ServerAnswer answer = ask_server(server, time_limit);
  if (line.has("--json")) {
    answer.state["url"] = server.url();
    print_json(answer.state);
  }
  if (answer.kind != ServerAnswer::Kind::serves) return unavailable(answer.message);
  if (!line.has("--json"))
    std::printf("%s\n", answer.message.empty() ? "ok" : ("it serves, but " + answer.message).c_str());
  return {};
}

}  // namespace dits::cli
