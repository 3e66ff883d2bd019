// A door before PostgreSQL that lets in slowly, and may be shut.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/base/files.hpp"

namespace dits::test {

// Listens on a Unix socket as PostgreSQL would, in a directory of its own, and passes everything on.
class SlowDoor {
 public:
  // `upstream`: the path of the server's socket. A new connection is passed on after `delay`.
  SlowDoor(std::string directory, std::string upstream, std::chrono::milliseconds delay);
  ~SlowDoor();
  SlowDoor(const SlowDoor&) = delete;
  SlowDoor& operator=(const SlowDoor&) = delete;

  // Ends every connection. Until it is opened, new ones are ended as well.
  void shut();
  void open() { is_shut_ = false; }

 private:
  void listen();
  void pass(int client);

  const std::string upstream_;
  const std::chrono::milliseconds delay_;
  std::atomic<bool> is_shut_ = false;
  std::atomic<bool> is_over_ = false;
  FileDescriptor listening_;
  std::mutex mutex_;
  std::vector<int> open_;  // both ends of each connection
  std::vector<std::thread> passing_;
  std::thread listener_;
};

}  // namespace dits::test
