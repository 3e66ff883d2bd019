// A PostgreSQL of this machine with a streaming replica, for tests that kill the one or the other.
#pragma once

#include <memory>

#include <sys/types.h>

#include "tests/support/postgres15.hpp"

namespace dits::test {

// All of it from the main thread.
class StreamingPair {
 public:
  StreamingPair();
  ~StreamingPair();
  StreamingPair(const StreamingPair&) = delete;
  StreamingPair& operator=(const StreamingPair&) = delete;

  Secret primary_url() const { return host_.url(primary_port); }
  Secret replica_url() const { return host_.url(replica_port); }
  std::unique_ptr<Connection> connect(const Secret& url) const { return connect_to(url); }

  void start_replica();
  void signal_replica(int signal) const;  // to its main process
  void kill_replica();                    // and wait for its end

 private:
  static constexpr int primary_port = 5432;  // only names of sockets
  static constexpr int replica_port = 5433;

  Postgres15Host host_;
  pid_t primary_ = -1;
  pid_t replica_ = -1;
};

}  // namespace dits::test
