// Connections to Redis, opened when they are needed and kept. While Redis is away nobody waits for it: the
// first command that fails opens the circuit, and from then on everything answers "away" at once, until a
// thread of the pool's own has reached Redis again (exponential back-off with jitter) and made up for the
// removals that were missed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/base/back_off.hpp"
#include "server/cache/redis_link.hpp"

namespace dits {

struct RedisPoolOptions {
  std::size_t max = 4;
  std::chrono::milliseconds timeout{100};  // of connecting, of an answer, of waiting for a free connection
  std::chrono::milliseconds first_back_off{50};
  std::chrono::milliseconds longest_back_off{5'000};
  // Keys that must not outlive a loss of connection: a restarted Redis may have gone back by a second.
  // Removed over every new connection.
  std::vector<std::string> doubtful_keys = {};
};

struct RedisFigures {
  std::size_t connections = 0;
  std::size_t idle = 0;
  std::size_t max = 0;
  std::uint64_t commands = 0;
  std::uint64_t command_us = 0;  // all together
  std::uint64_t failures = 0;    // commands without an answer, not counting those refused while away
  std::uint64_t refused = 0;     // commands not even tried, because Redis was away
  std::uint64_t connects = 0;
  std::uint64_t outages = 0;
  bool is_away = false;
  std::chrono::milliseconds away_for{0};
  std::string reason;  // why it is away; empty when it is not
};

// Thread-safe.
class RedisPool {
 public:
  explicit RedisPool(RedisUrl url, RedisPoolOptions options = {});
  ~RedisPool();
  RedisPool(const RedisPool&) = delete;
  RedisPool& operator=(const RedisPool&) = delete;

  // The answer; nothing when Redis is away or refused the command. Never waits longer than three timeouts,
  // and not at all while Redis is known to be away.
  std::optional<RedisValue> run(const std::vector<std::string>& words);

  // A removal ("key" or "pattern*") that could not be made: Redis counts as away until it is made up for, so
  // that nobody here reads what should be gone.
  void owe_removal(std::string pattern);

  RedisFigures figures() const;
  const RedisUrl& url() const { return url_; }

 private:
  using SteadyClock = std::chrono::steady_clock;
  struct Lent {
    std::unique_ptr<RedisLink> link;
    bool was_kept = false;  // it has been used before, and Redis may have closed it since
  };

  Result<std::unique_ptr<RedisLink>> open_link() const;
  Lent take();
  void give_back(std::unique_ptr<RedisLink> link);
  void drop(std::unique_ptr<RedisLink> link);
  void open_circuit(const std::string& why);
  bool pay_debts(RedisLink& link);
  void keep_reconnecting(const std::stop_token& stop);

  const RedisUrl url_;
  const RedisPoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<RedisLink>> idle_;  // the back was used last
  std::size_t open_ = 0;
  std::set<std::string> owed_;
  SteadyClock::time_point away_since_;
  BackOff back_off_;
  RedisFigures figures_;
  std::jthread keeper_;  // last: it uses all of the above
};

// Removes every key that matches, by SCAN in steps, which never hold Redis up as KEYS does. False: `run` gave
// no answer.
using RedisRun = std::function<std::optional<RedisValue>(const std::vector<std::string>& words)>;
bool scan_and_remove(const RedisRun& run, const std::string& pattern);

// A pool for this URL; connects when it is first used, and an absent server is no error. Errors: invalid.
Result<std::unique_ptr<RedisPool>> open_redis(const Secret& url, RedisPoolOptions options = {});

}  // namespace dits
