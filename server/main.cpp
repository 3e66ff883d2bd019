// From the command line to the command: flags -> Config -> command or App -> exit code.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <new>
#include <system_error>
#include <thread>

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/app.hpp"
#include "server/base/files.hpp"
#include "server/base/version.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/doctor_database.hpp"
#include "server/embedded/subprocess.hpp"

namespace dits {
namespace {

constexpr const char* studio_port = "5555";

// In the browser of whoever sits at this machine; elsewhere the printed address has to do.
void open_in_browser(const std::string& url) {
  constexpr const char* opener = "/usr/bin/xdg-open";
  const auto display = environment_variable("DISPLAY");
  const auto wayland = environment_variable("WAYLAND_DISPLAY");
  if ((!display && !wayland) || ::access(opener, X_OK) != 0) return;
  embedded::Program program{opener, {url}, {"PATH=/usr/bin:/bin"}};
  for (const char* name :
       {"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XAUTHORITY", "HOME", "DBUS_SESSION_BUS_ADDRESS"}) {
    if (const auto value = environment_variable(name))
      program.environment.push_back(std::string(name) + "=" + *value);
  }
  if (const auto process = embedded::start_program(program); process) embedded::wait_for_program(*process);
}

// The whole server on a port of its own: it joins the database of a running one.
Result<void> serve_studio(const Config& config) {
  const std::unique_ptr<App> app = TRY(App::create(config, OpenedBy::command));
  const std::string url =
      app->setup_token().empty() ? app->url() + "/studio" : app->url() + "/setup/" + app->setup_token();
  std::printf("Studio is at %s\n", url.c_str());
  std::fflush(stdout);
  std::thread([url] { open_in_browser(url); }).detach();
  return app->run();
}

Result<void> serve(const Config& config) {
  const std::unique_ptr<App> app = TRY(App::create(config));
  if (config.exit_when_ready) return {};
  if (app->setup_token().empty()) {
    std::printf("DITS serves %s\n", app->url().c_str());
  } else {
    std::printf("DITS serves %s - make the first account: %s/setup/%s\n",
                app->url().c_str(),
                app->url().c_str(),
                app->setup_token().c_str());
  }
  std::fflush(stdout);
  return app->run();
}

Result<Config> read_configuration(const cli::CommandLine& line) {
  ConfigSources sources;
  sources.flags = line.settings;
  // PORT is the other server's.
  if (line.command == "studio") sources.flags.try_emplace("--port", studio_port);
  sources.environment = environment_variable;
  sources.dotenv = TRY(read_dotenv(".env"));
  return read_config(sources);
}

// Where the database refuses us it is not enough to say so.
cli::ExitCode report_with_advice(const Error& error, const Config& config) {
  const cli::ExitCode code = cli::report(error);
  if (error.message.starts_with("cannot connect to the database"))
    std::fprintf(stderr, "  %s\n", cli::advice_for_connection(error, config).c_str());
  return code;
}

cli::ExitCode run(int argc, char** argv) {
  const auto parsed = cli::parse_command_line(argc, argv);
  if (const auto* code = std::get_if<cli::ExitCode>(&parsed)) return *code;
  cli::hide_secrets(argc, argv);
  const auto& line = std::get<cli::CommandLine>(parsed);
  if (line.command == "version") return cli::version(line);
  const Result<Config> config = read_configuration(line);
  if (!config) return cli::report(config.error());
  const cli::Command command = cli::find_command(line.command);
  if (line.command == "studio") {
    log::set_level(line.settings.contains("--log-level") ? config->log_level : log::Level::warn);
    const Result<void> served = serve_studio(*config);
    return served ? cli::ExitCode::ok : report_with_advice(served.error(), *config);
  }
  // A command tells its own story; of the log only what went wrong is of interest.
  log::set_level(command != nullptr && !line.settings.contains("--log-level") ? log::Level::warn
                                                                              : config->log_level);
  const Result<void> done = command != nullptr ? command(line, *config) : serve(*config);
  return done ? cli::ExitCode::ok : report_with_advice(done.error(), *config);
}

// What is left to libraries: threads that the machine does not give, memory that it does not have.
cli::ExitCode run_safely(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::system_error& error) {
    return cli::report(system_error("DITS can't go on", error.code().value()));
  } catch (const std::bad_alloc&) {
    return cli::report(system_error("DITS can't go on", ENOMEM));
  }
}

}  // namespace
}  // namespace dits

int main(int argc, char** argv) {
  ::umask(077);
  std::signal(SIGPIPE, SIG_IGN);
  ::mallopt(M_ARENA_MAX, 4);  // an arena for each thread would keep megabytes that nobody uses
  return static_cast<int>(dits::run_safely(argc, argv));
}
