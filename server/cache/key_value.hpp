// A cache of texts with an end of life: in this process, or in Redis. It never fails: what can't be had is
// simply not there, and nothing may depend on a value being kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "server/base/secret.hpp"
#include "shared/core/result.hpp"

namespace dits {

class KeyValue {
 public:
  virtual ~KeyValue() = default;

  virtual std::optional<std::string> get(const std::string& key) = 0;
  virtual void set(const std::string& key, const std::string& value, std::chrono::milliseconds life) = 0;
  // After it returns, get() by anybody in this process does not see the old value again, even when the store
  // was away meanwhile.
  virtual void remove(const std::string& key) = 0;
  // "stats:*": '*' stands for any run of characters.
  virtual void remove_matching(const std::string& pattern) = 0;
  // Gives `key` a new life; nothing when it is not there.
  virtual void refresh(const std::string& key, std::chrono::milliseconds life) = 0;

  virtual bool is_available() = 0;  // for /readyz
};

// At most `max_entries`; the ones that end first make room.
std::unique_ptr<KeyValue> make_memory_key_value(std::size_t max_entries = 100'000);

// "redis://[user:password@]host[:port][/database]" or "unix:///path". Connects when it is first used,
// reconnects with exponential back-off and jitter. Errors: invalid, for a URL that can't be read; an absent
// server is none.
Result<std::unique_ptr<KeyValue>> make_redis_key_value(const Secret& url);

}  // namespace dits
