// Buckets that fill with time; full ones are forgotten.
#include "server/cache/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace dits {

// The seconds to wait; 0: go on.
double RateLimit::take_here(const std::string& key, std::chrono::steady_clock::time_point now) {
  constexpr std::size_t max_buckets = 10'000;
  const auto level_at = [&](const Bucket& bucket) {
    const double seconds = std::chrono::duration<double>(now - bucket.last).count();
    return std::min(rate_.burst, bucket.level + seconds * rate_.per_second);
  };
  const std::lock_guard lock(mutex_);
  if (buckets_.size() > max_buckets)
    std::erase_if(buckets_, [&](const auto& row) { return level_at(row.second) >= rate_.burst; });
  Bucket& bucket = buckets_.try_emplace(key, Bucket{rate_.burst, now}).first->second;
  bucket.level = level_at(bucket);
  bucket.last = now;
  if (bucket.level < 1.0) return (1.0 - bucket.level) / rate_.per_second;
  bucket.level -= 1.0;
  return 0;
}

Result<void> RateLimit::take(const std::string& key, std::chrono::steady_clock::time_point now) {
  std::optional<std::chrono::milliseconds> shared;
  if (store_ != nullptr) shared = store_->take_call("rate:" + name_ + ":" + key, rate_);
  const double wait = shared ? std::chrono::duration<double>(*shared).count() : take_here(key, now);
  if (wait <= 0) return {};
  Error error = unavailable("Too many calls of this kind; please wait a moment.",
                            std::max(1, static_cast<int>(std::ceil(wait))));
  error.kind = "rate_limited";
  return error;
}

}  // namespace dits
