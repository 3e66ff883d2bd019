// Buckets that fill with time; full ones are forgotten.
#include "server/cache/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace dits {

Result<void> RateLimit::take(const std::string& key, std::chrono::steady_clock::time_point now) {
  constexpr std::size_t max_buckets = 10'000;
  const auto level_at = [&](const Bucket& bucket) {
    const double seconds = std::chrono::duration<double>(now - bucket.last).count();
    return std::min(burst_, bucket.level + seconds * per_second_);
  };
  const std::lock_guard lock(mutex_);
  if (buckets_.size() > max_buckets)
    std::erase_if(buckets_, [&](const auto& row) { return level_at(row.second) >= burst_; });
  Bucket& bucket = buckets_.try_emplace(key, Bucket{burst_, now}).first->second;
  bucket.level = level_at(bucket);
  bucket.last = now;
  if (bucket.level < 1.0) {
    Error error = unavailable("Too many calls of this kind; please wait a moment.",
                              static_cast<int>(std::ceil((1.0 - bucket.level) / per_second_)));
    error.kind = "rate_limited";
    return error;
  }
  bucket.level -= 1.0;
  return {};
}

}  // namespace dits
