#include "tests/support/postgres15.hpp"

#include <chrono>
#include <csignal>
#include <thread>

#include <doctest/doctest.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/config.hpp"
#include "server/embedded/subprocess.hpp"

namespace dits::test {

using namespace std::chrono_literals;

std::string postgres15_directory() {
  std::string directory = environment_variable("DITS_POSTGRES15_BIN").value_or("/usr/lib/postgresql/15/bin");
  return ::access((directory + "/pg_basebackup").c_str(), X_OK) == 0 ? directory : std::string{};
}

namespace {

// PostgreSQL refuses root, and its initdb a user without a name.
embedded::ClusterUser user_for_postgres() {
  if (::geteuid() != 0) return {};
  const passwd* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  return {nobody->pw_uid, nobody->pw_gid, true};
}

}  // namespace

Postgres15Host::Postgres15Host() : user_(user_for_postgres()) {
  if (user_.is_switched) REQUIRE(::chown(directory_.path().c_str(), user_.uid, user_.gid) == 0);
}

void Postgres15Host::make_cluster(const std::string& name, std::vector<std::string> options) const {
  std::vector<std::string> arguments = {
      "-D", path() + "/" + name, "-U", "dits", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  run("initdb", std::move(arguments));
}

Secret Postgres15Host::url(int port, std::string_view user, std::string_view database) const {
  return Secret("host=" + path() + " port=" + std::to_string(port) + " user=" + std::string(user) +
                " dbname=" + std::string(database));
}

void Postgres15Host::run(const std::string& program, std::vector<std::string> arguments) const {
  embedded::Program running;
  running.path = postgres15_directory() + "/" + program;
  running.arguments = std::move(arguments);
  running.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  running.user = user_;
  const auto done = embedded::run_program(running, [](std::string_view) -> Result<void> { return {}; });
  if (!done) FAIL(done.error().message);
}

pid_t Postgres15Host::start(const std::string& name, int port) const {
  embedded::Program server;
  server.path = postgres15_directory() + "/postgres";
  server.arguments = {"-D", path() + "/" + name, "-k", path(), "-p", std::to_string(port)};
  for (const char* setting : {"listen_addresses=",
                              "fsync=off",
                              "hot_standby=on",
                              "wal_level=replica",
                              "max_standby_streaming_delay=100ms",
                              "logging_collector=off",
                              "log_min_messages=panic"}) {
    server.arguments.emplace_back("-c");
    server.arguments.emplace_back(setting);
  }
  server.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  server.user = user_;
  server.parent_death_signal = SIGQUIT;
  return embedded::start_program(server).value();
}

pid_t Postgres15Host::start_until_ready(const std::string& name, int port) const {
  ConnectionOptions options;
  options.url = url(port);
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  pid_t process = start(name, port);
  while (!Connection::open(options)) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(10ms);
    // It refuses to start while children of a killed one still hold the shared memory.
    if (::waitpid(process, nullptr, WNOHANG) == process) process = start(name, port);
  }
  return process;
}

std::unique_ptr<Connection> connect_to(const Secret& url) {
  ConnectionOptions options;
  options.url = url;
  auto opened = Connection::open(options);
  REQUIRE(opened);
  return std::move(*opened);
}

Postgres15::Postgres15() {
  host_.make_cluster("single");
  process_ = host_.start_until_ready("single", port);
  REQUIRE(connect_to(superuser_url("postgres"))->run_script("CREATE ROLE plain LOGIN"));
}

Postgres15::~Postgres15() {
  if (process_ <= 0) return;
  ::kill(process_, SIGQUIT);
  ::waitpid(process_, nullptr, 0);
}

Secret Postgres15::make_database(const std::string& name, const std::string& options) const {
  REQUIRE(connect_to(superuser_url("postgres"))
              ->run_script("CREATE DATABASE " + name + " OWNER plain TEMPLATE template0 " + options));
  return host_.url(port, "plain", name);
}

}  // namespace dits::test
