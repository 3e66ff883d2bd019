// A small balancer: each connection goes to the next of several servers.
#pragma once

#include <thread>
#include <vector>

namespace dits::test {

class RoundRobin {
 public:
  // Ports on 127.0.0.1.
  explicit RoundRobin(std::vector<int> servers);
  ~RoundRobin();
  RoundRobin(const RoundRobin&) = delete;
  RoundRobin& operator=(const RoundRobin&) = delete;

  int port() const { return port_; }

 private:
  void run(const std::stop_token& stop);

  const std::vector<int> servers_;
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace dits::test
