#include "tests/support/redis_server.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/cache/redis_link.hpp"

namespace dits::test {
namespace {

std::string redis_program() {
  const char* path = std::getenv("DITS_REDIS_SERVER");
  return path != nullptr && *path != '\0' ? path : "/usr/bin/redis-server";
}

}  // namespace

bool has_redis() { return std::filesystem::exists(redis_program()); }

RedisServer::RedisServer() {
  ::signal(SIGPIPE, SIG_IGN);  // as the server does: a connection that is written to may be gone
  start();
}

RedisServer::~RedisServer() { stop(); }

void RedisServer::start() {
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
  const RedisUrl url = parse_redis_url(this->url()).value();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!RedisLink::open(url, std::chrono::milliseconds(200))) {
    if (std::chrono::steady_clock::now() > deadline) {
      std::fprintf(stderr, "tests/support: Redis does not start\n");
      std::exit(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void RedisServer::stop(int signal) {
  if (process_id_ <= 0) return;
  ::kill(process_id_, signal);
  ::waitpid(process_id_, nullptr, 0);
  process_id_ = -1;
  std::filesystem::remove(socket());
}

void RedisServer::freeze() { ::kill(process_id_, SIGSTOP); }
void RedisServer::thaw() { ::kill(process_id_, SIGCONT); }

}  // namespace dits::test
