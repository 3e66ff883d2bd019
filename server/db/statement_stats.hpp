// How often each named statement ran, how long it took, how many rows it brought: for /metrics and "slow
// queries".
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dits {

// Upper bounds of the histogram's buckets in microseconds; the last bucket is everything above.
inline constexpr std::array<std::int64_t, 11> bucket_bounds_us = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 2000000};

struct StatementFigures {
  std::string name;
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t rows = 0;
  std::uint64_t total_us = 0;
  std::uint64_t max_us = 0;
  std::array<std::uint64_t, bucket_bounds_us.size() + 1> buckets{};
};

// Thread-safe. Names beyond `most_names` are counted together as "(other)", so that the series that a watcher
// keeps stay bounded.
class StatementStats {
 public:
  static constexpr std::size_t most_names = 500;

  void record(std::string_view name, std::chrono::microseconds time, std::int64_t rows, bool is_error);
  std::vector<StatementFigures> all() const;  // in order of their names

 private:
  mutable std::mutex mutex_;
  std::map<std::string, StatementFigures, std::less<>> figures_;
};

}  // namespace dits
