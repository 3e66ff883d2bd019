// A token bucket for each key, within this process.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "shared/core/result.hpp"

namespace dits {

class RateLimit {
 public:
  // `burst` calls at once, `per_second` in the long run.
  RateLimit(double burst, double per_second) : burst_(burst), per_second_(per_second) {}

  // Takes one call off `key`'s account. Errors: unavailable, kind "rate_limited", with the seconds to wait.
  Result<void> take(const std::string& key,
                    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

 private:
  struct Bucket {
    double level = 0;
    std::chrono::steady_clock::time_point last;
  };

  const double burst_;
  const double per_second_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace dits
