// The cache against a real Redis that comes and goes. Skipped where there is none.
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/cache/key_value.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

std::string redis_program() {
  const char* path = std::getenv("DITS_REDIS_SERVER");
  return path != nullptr ? path : "/usr/bin/redis-server";
}

// On a socket in a directory of its own; keeps its data over a restart.
class Redis {
 public:
  Redis() {
    ::signal(SIGPIPE, SIG_IGN);  // as the server does: hiredis writes to a connection that may be gone
    start();
  }
  ~Redis() { stop(SIGKILL); }
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  std::string url() const { return "unix://" + socket(); }
  void start() {
    const std::string program = redis_program();
    const std::string directory = directory_.path();
    process_id_ = ::fork();
    if (process_id_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execl(program.c_str(),
              program.c_str(),
              "--port",
              "0",
              "--unixsocket",
              "redis.sock",
              "--dir",
              directory.c_str(),
              "--appendonly",
              "yes",
              "--appendfsync",
              "always",
              "--logfile",
              "redis.log",
              static_cast<char*>(nullptr));
      ::_exit(127);
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!std::filesystem::exists(socket()) && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  void stop(int signal) {
    if (process_id_ <= 0) return;
    ::kill(process_id_, signal);
    ::waitpid(process_id_, nullptr, 0);
    process_id_ = -1;
    std::filesystem::remove(socket());
  }

 private:
  std::string socket() const { return directory_.path() + "/redis.sock"; }

  test::TemporaryDirectory directory_;
  pid_t process_id_ = -1;
};

bool becomes_available(KeyValue& store) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!store.is_available()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace

TEST_CASE("values go to Redis and come back, end with their life, and go by pattern") {
  if (!std::filesystem::exists(redis_program())) return;
  const Redis redis;
  const Result<std::unique_ptr<KeyValue>> made = make_redis_key_value(Secret(redis.url()));
  REQUIRE(made);
  KeyValue& store = **made;
  REQUIRE(becomes_available(store));
  const std::string binary("a\0b\r\n", 5);
  store.set("bytes", binary, std::chrono::hours(1));
  CHECK(store.get("bytes") == binary);
  store.set("short", "1", std::chrono::milliseconds(1));
  store.set("refreshed", "1", std::chrono::milliseconds(200));
  store.refresh("refreshed", std::chrono::hours(1));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (store.get("short") && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(!store.get("short"));
  for (int i = 0; i < 1200; ++i) store.set("many:" + std::to_string(i), "x", std::chrono::hours(1));
  store.remove_matching("many:*");
  CHECK(!store.get("many:0"));
  CHECK(!store.get("many:1199"));
  CHECK(store.get("refreshed") == "1");
}

TEST_CASE("a removal that Redis missed is made up for before anything is read from it again") {
  if (!std::filesystem::exists(redis_program())) return;
  Redis redis;
  const Result<std::unique_ptr<KeyValue>> made = make_redis_key_value(Secret(redis.url()));
  REQUIRE(made);
  KeyValue& store = **made;
  REQUIRE(becomes_available(store));
  store.set("revoked", "session", std::chrono::hours(1));
  store.set("group:1", "x", std::chrono::hours(1));
  store.set("kept", "y", std::chrono::hours(1));
  redis.stop(SIGKILL);
  store.remove("revoked");
  store.remove_matching("group:*");
  CHECK(!store.get("kept"));
  redis.start();
  REQUIRE(becomes_available(store));
  CHECK(!store.get("revoked"));
  CHECK(!store.get("group:1"));
  CHECK(store.get("kept") == "y");
}

}  // namespace dits
