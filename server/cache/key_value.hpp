// A cache of texts with an end of life: in this process, or in Redis. It never fails: what can't be had is
// simply not there, and nothing may depend on a value being kept. The texts are JSON wherever they are more
// than a number.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dits {

class RedisPool;

// So many calls at once, and in the long run.
struct CallRate {
  double burst = 0;
  double per_second = 0;
};

class KeyValue {
 public:
  virtual ~KeyValue() = default;

  virtual std::optional<std::string> get(const std::string& key) = 0;
  // All at one moment.
  virtual std::vector<std::optional<std::string>> get_all(const std::vector<std::string>& keys) = 0;
  virtual void set(const std::string& key, const std::string& value, std::chrono::milliseconds life) = 0;
  // After it returns, get() by anybody in this process does not see the old value again, even when the store
  // was away meanwhile.
  virtual void remove(const std::string& key) = 0;
  // "stats:*": '*' stands for any run of characters.
  virtual void remove_matching(const std::string& pattern) = 0;
  // Gives `key` a new life; nothing when it is not there.
  virtual void refresh(const std::string& key, std::chrono::milliseconds life) = 0;

  // The store's own clock; nothing when it can't be reached.
  virtual std::optional<std::chrono::milliseconds> now() = 0;
  // Sets `key` to a number, but not when a higher one was set within the last day, by anybody, and not after
  // `until` by the store's clock: an outdated writer changes nothing, however late his words arrive. False
  // when the store could not be reached, or it was too late.
  virtual bool raise(const std::string& key,
                     std::int64_t number,
                     std::chrono::milliseconds life,
                     std::chrono::milliseconds until) = 0;

  // Sets `key` to a number, unless a higher one is there: of several writers the last one to arrive takes
  // nothing back.
  virtual void advance(const std::string& key, std::int64_t number, std::chrono::milliseconds life) = 0;

  // Takes one call off `key`'s account: how long to wait before it may be made, 0 for now. Nothing when calls
  // are not counted here, or can't be at the moment.
  virtual std::optional<std::chrono::milliseconds> take_call(const std::string& key, CallRate rate) = 0;
};

// At most `max_entries`; the ones that end first make room. Counts no calls.
std::unique_ptr<KeyValue> make_memory_key_value(std::size_t max_entries = 100'000);

// Shared by all instances that use the same Redis. `redis` outlives it.
std::unique_ptr<KeyValue> make_redis_key_value(RedisPool& redis);
// Under which name a key is in Redis: "dits:" and the key.
std::string name_in_redis(const std::string& key);

}  // namespace dits
