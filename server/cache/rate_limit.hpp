// A token bucket for each key: counted in Redis when there is one, so that all instances share it, and within
// this process while there is none.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "server/cache/key_value.hpp"
#include "shared/core/result.hpp"

namespace dits {

class RateLimit {
 public:
  // `name` tells this limit's keys from those of others. `store` may be null, and outlives it.
  RateLimit(std::string name, CallRate rate, KeyValue* store = nullptr)
      : name_(std::move(name)), rate_(rate), store_(store) {}

  // Takes one call off `key`'s account. Errors: unavailable, kind "rate_limited", with the seconds to wait.
  Result<void> take(const std::string& key,
                    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

 private:
  struct Bucket {
    double level = 0;
    std::chrono::steady_clock::time_point last;
  };

  double take_here(const std::string& key, std::chrono::steady_clock::time_point now);

  const std::string name_;
  const CallRate rate_;
  KeyValue* const store_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace dits
