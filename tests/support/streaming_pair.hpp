// A PostgreSQL of this machine with a streaming replica, for tests that kill the one or the other.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "server/base/secret.hpp"
#include "server/db/connection.hpp"
#include "server/embedded/cluster_user.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

// The directory with the programs of PostgreSQL 15, or empty when this machine has none.
std::string postgres15_directory();

// All of it from the main thread.
class StreamingPair {
 public:
  StreamingPair();
  ~StreamingPair();
  StreamingPair(const StreamingPair&) = delete;
  StreamingPair& operator=(const StreamingPair&) = delete;

  Secret primary_url() const { return url(primary_port); }
  Secret replica_url() const { return url(replica_port); }
  std::unique_ptr<Connection> connect(const Secret& url) const;

  void start_replica();
  void signal_replica(int signal) const;  // to its main process
  void kill_replica();                    // and wait for its end

 private:
  static constexpr int primary_port = 5432;  // only names of sockets
  static constexpr int replica_port = 5433;

  Secret url(int port) const;
  void run(const std::string& program, std::vector<std::string> arguments) const;
  pid_t start(const std::string& name, int port) const;
  pid_t start_until_ready(const std::string& name, int port) const;

  TemporaryDirectory directory_;
  embedded::ClusterUser user_;
  pid_t primary_ = -1;
  pid_t replica_ = -1;
};

}  // namespace dits::test
