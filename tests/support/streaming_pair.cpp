#include "tests/support/streaming_pair.hpp"

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

StreamingPair::StreamingPair() : user_(user_for_postgres()) {
  if (user_.is_switched) REQUIRE(::chown(directory_.path().c_str(), user_.uid, user_.gid) == 0);
  const std::string primary = directory_.path() + "/primary";
  run("initdb", {"-D", primary, "-U", "dits", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"});
  primary_ = start_until_ready("primary", primary_port);
  run("pg_basebackup",
      {"-D",
       directory_.path() + "/replica",
       "-R",
       "-X",
       "stream",
       "-c",
       "fast",
       "--no-sync",
       "-d",
       "host=" + directory_.path() + " port=5432 user=dits dbname=postgres"});
  start_replica();
}

StreamingPair::~StreamingPair() {
  for (const pid_t process : {replica_, primary_}) {
    if (process <= 0) continue;
    ::kill(process, SIGQUIT);
    ::kill(process, SIGCONT);
    ::waitpid(process, nullptr, 0);
  }
}

Secret StreamingPair::url(int port) const {
  return Secret("host=" + directory_.path() + " port=" + std::to_string(port) + " user=dits dbname=postgres");
}

std::unique_ptr<Connection> StreamingPair::connect(const Secret& url) const {
  ConnectionOptions options;
  options.url = url;
  auto opened = Connection::open(options);
  REQUIRE(opened);
  return std::move(*opened);
}

void StreamingPair::run(const std::string& program, std::vector<std::string> arguments) const {
  embedded::Program running;
  running.path = postgres15_directory() + "/" + program;
  running.arguments = std::move(arguments);
  running.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  running.user = user_;
  const auto done = embedded::run_program(running, [](std::string_view) -> Result<void> { return {}; });
  if (!done) FAIL(done.error().message);
}

pid_t StreamingPair::start(const std::string& name, int port) const {
  embedded::Program server;
  server.path = postgres15_directory() + "/postgres";
  server.arguments = {
      "-D", directory_.path() + "/" + name, "-k", directory_.path(), "-p", std::to_string(port)};
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

pid_t StreamingPair::start_until_ready(const std::string& name, int port) const {
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

void StreamingPair::start_replica() { replica_ = start_until_ready("replica", replica_port); }

void StreamingPair::signal_replica(int signal) const { REQUIRE(::kill(replica_, signal) == 0); }

void StreamingPair::kill_replica() {
  ::kill(replica_, SIGKILL);
  ::waitpid(replica_, nullptr, 0);
  replica_ = -1;
}

}  // namespace dits::test
