// Samples of the server's figures, kept in memory: one of every look for an hour, one of every minute for a
// day. At most 2,160 samples of 88 bytes, 190 KB in all.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "shared/model/system.hpp"

namespace dits {

// What is looked at: what grows since the server's start, and what is there now. An absent value is unknown.
struct SystemFigures {
  std::uint64_t requests = 0;
  std::uint64_t refused_requests = 0;  // of these with 4xx
  std::uint64_t failed_requests = 0;   // of these with 5xx
  std::vector<std::uint64_t> times;    // how many took how long, by bucket
  std::uint64_t statements = 0;
  std::uint64_t statement_us = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t cache_misses = 0;
  double cpu_seconds = 0;

  int pool_busy = 0;
  int pool_idle = 0;
  int pool_waiting = 0;
  std::int64_t streams = 0;
  std::int64_t memory_bytes = 0;
  std::optional<bool> is_redis_away;
  std::optional<std::int64_t> disk_free_bytes;
  std::optional<std::int64_t> database_bytes;
  std::optional<double> replica_lag_seconds;
  std::optional<double> backup_age_seconds;
};

// Thread-safe.
class SystemSamples {
 public:
  // `time_bounds_seconds`: upper bounds of the buckets of SystemFigures::times, which has one more.
  explicit SystemSamples(std::span<const double> time_bounds_seconds)
      : bounds_(time_bounds_seconds.begin(), time_bounds_seconds.end()) {}

  // Notes the figures of this moment. The first look only begins: rates need two.
  void look(const SystemFigures& figures, Timestamp now);

  struct Kept {
    std::vector<SystemSample> samples;  // oldest first
    std::vector<SystemSample> minutes;  // oldest first
  };
  // What is later than `since`; everything when that is later than the last look (a clock was set back).
  Kept later_than(Timestamp since) const;

 private:
  struct Look {
    SystemFigures figures;
    Timestamp at;
  };
  SystemSample between(const Look& before, const Look& now) const;
  std::array<float, 3> latencies(const SystemFigures& before, const SystemFigures& now) const;

  const std::vector<double> bounds_;
  mutable std::mutex mutex_;
  std::optional<Look> last_;
  std::optional<Look> minute_began_;
  std::array<float, 2> peaks_{};  // of the minute: pool_busy, pool_waiting
  std::deque<SystemSample> samples_;
  std::deque<SystemSample> minutes_;
};

// The time within which `share` (0 to 1) of the counted ones stayed, by linear interpolation within its
// bucket; the last bound for what lies above it; unknown when nothing was counted. In the bounds' unit.
float quantile(std::span<const double> bounds, std::span<const std::uint64_t> counts, double share);

}  // namespace dits
