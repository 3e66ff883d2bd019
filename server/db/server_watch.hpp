// Is a PostgreSQL that says nothing busy with a slow statement, or is it frozen? The connections of one pool
// find out together: an answer to one of them is a sign of life for all, and one asks for all.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>

namespace dits {

// Thread-safe.
class ServerWatch {
 public:
  using SteadyClock = std::chrono::steady_clock;

  // Before somebody asks; and for a server to say anything at all: a new connection, a refusal. Together the
  // time after which a frozen server is known to be away.
  static constexpr std::chrono::milliseconds longest_silence{400};
  static constexpr std::chrono::milliseconds probe_limit{800};

  // `ask` answers within the probe limit whether the server is there; `on_silence` is told each time that it
  // is not, before anybody else is.
  ServerWatch(std::function<bool()> ask, std::function<void()> on_silence)
      : ask_(std::move(ask)), on_silence_(std::move(on_silence)) {}

  // The server has said something.
  void hear() { heard_at_.store(SteadyClock::now(), std::memory_order_relaxed); }

  SteadyClock::time_point heard_at() const { return heard_at_.load(std::memory_order_relaxed); }

  // When somebody who has waited for an answer since then has to ask is_there().
  SteadyClock::time_point doubt_due(SteadyClock::time_point waiting_since) const;

  // Waits at most for the probe limit, or for whoever is asking already.
  bool is_there();

 private:
  const std::function<bool()> ask_;
  const std::function<void()> on_silence_;
  std::atomic<SteadyClock::time_point> heard_at_{SteadyClock::time_point{}};
  std::mutex asking_;
  SteadyClock::time_point silent_at_{};  // when the last one who asked gave up
};

}  // namespace dits
