// A real Redis for tests, on a socket in a directory of its own, that can be stopped, frozen and started
// again.
#pragma once

#include <string>

#include <sys/types.h>

#include "tests/support/test_database.hpp"

namespace dits::test {

// $DITS_REDIS_SERVER, else where Debian has it; tests are skipped where there is none.
bool has_redis();

class RedisServer {
 public:
  RedisServer();  // started, and it answers
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string url() const { return "unix://" + socket(); }
  void start();               // with the data that it had
  void stop(int signal = 9);  // by SIGKILL
  void freeze();              // takes connections, answers nothing
  void thaw();

 private:
  std::string socket() const { return directory_.path() + "/redis.sock"; }

  TemporaryDirectory directory_;
  pid_t process_id_ = -1;
};

}  // namespace dits::test
