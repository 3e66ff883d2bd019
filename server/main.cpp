// From the command line to the command: flags -> Config -> command or App -> exit code.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <new>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/app.hpp"
#include "server/base/clock.hpp"
#include "server/base/files.hpp"
#include "server/base/version.hpp"
#include "server/cli/command_line.hpp"
#include "server/cli/command_table.hpp"
#include "server/cli/doctor_database.hpp"
#include "server/cli/port_holder.hpp"
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
  TRY(cli::check_before_start(config));
  const std::unique_ptr<App> app = TRY(App::create(config, OpenedBy::command));
  const std::string url =
      app->setup_token().empty() ? app->url() + "/studio" : app->url() + "/setup/" + app->setup_token();
  std::printf("Studio is at %s\n", url.c_str());
  std::fflush(stdout);
  std::thread([url] { open_in_browser(url); }).detach();
  return app->run();
}

Result<void> serve(const Config& config) {
  // Without listening (--exit) it may work beside a server.
  if (!config.exit_when_ready) TRY(cli::check_before_start(config));
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

ConfigSources configuration_sources(const cli::CommandLine& line) {
  ConfigSources sources;
  sources.flags = line.settings;
  // PORT is the other server's.
  if (line.command == "studio") sources.flags.try_emplace("--port", studio_port);
  sources.environment = environment_variable;
  sources.environment_names = environment_variable_names();
  Result<DotenvFile> dotenv = read_dotenv(".env");
  if (!dotenv) {
    sources.dotenv_problem = dotenv.error().message;
  } else {
    sources.dotenv = std::move(dotenv).value();
  }
  return sources;
}

// Where the database refuses us it is not enough to say so.
cli::ExitCode report_with_advice(const Error& error, const Config& config, const cli::CommandRow* row) {
  const cli::ExitCode code = cli::report(error, row);
  if (error.message.starts_with("cannot connect to the database"))
    std::fprintf(stderr, "  %s\n", cli::advice_for_connection(error, config).c_str());
  return code;
}

// Backups are made at hours of this machine's day.
void warn_about_time_zone() {
  const auto zone = environment_variable("TZ");
  if (!zone || is_known_time_zone(*zone)) return;
  log::warn("the time zone in TZ is not known: the hours of this machine are those of UTC", {{"tz", *zone}});
}

// One of the two that go on until they are told to end. What they print is a word on the side.
cli::ExitCode run_server(const cli::CommandLine& line, const Config& config) {
  const bool is_studio = line.command == "studio";
  const bool is_quiet = is_studio && !line.settings.contains("--log-level");
  log::set_level(is_quiet ? log::Level::warn : config.log_level);
  for (const FieldError& doubt : config.doubts)
    log::warn("not a setting", {{"name", doubt.field}, {"reason", doubt.message}});
  warn_about_time_zone();
  const Result<void> served = is_studio ? serve_studio(config) : serve(config);
  return served ? cli::ExitCode::ok : report_with_advice(served.error(), config, nullptr);
}

cli::ExitCode run(int argc, char** argv) {
  const auto parsed = cli::parse_command_line(argc, argv);
  if (const auto* code = std::get_if<cli::ExitCode>(&parsed)) return cli::end_output(*code);
  cli::hide_secrets(argc, argv);
  const auto& line = std::get<cli::CommandLine>(parsed);
  const cli::CommandRow* row = cli::find_command(line.command);
  const ConfigSources sources = configuration_sources(line);
  if (row != nullptr && row->run_with != nullptr) {
    const Result<void> done = row->run_with(line, sources);
    return cli::end_output(done ? cli::ExitCode::ok : cli::report(done.error(), row));
  }
  const Result<Config> config = read_config(sources);
  if (!config) return cli::report(config.error());
  if (row == nullptr || row->run == nullptr) return run_server(line, *config);
  // A command tells its own story; of the log only what went wrong is of interest.
  log::set_level(line.settings.contains("--log-level") ? config->log_level : log::Level::warn);
  const Result<void> done = row->run(line, *config);
  return cli::end_output(done ? cli::ExitCode::ok : report_with_advice(done.error(), *config, row));
}

// A command must not take a file that it opens for the standard output that is closed; what is printed then
// is lost, and told.
void hold_standard_files() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(file, F_GETFD) < 0) static_cast<void>(::open("/dev/null", O_RDONLY));
  }
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
  dits::hold_standard_files();
  std::signal(SIGPIPE, SIG_IGN);
  ::mallopt(M_ARENA_MAX, 4);  // an arena for each thread would keep megabytes that nobody uses
  return static_cast<int>(dits::run_safely(argc, argv));
}
