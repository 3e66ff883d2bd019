// How often a cache knew the answer.
#pragma once

#include <atomic>
#include <cstdint>

namespace dits {

struct HitFigures {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;

  // Of 1; 0 when nothing was asked yet.
  double rate() const {
    const std::uint64_t all = hits + misses;
    return all == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(all);
  }
};

class HitCounter {
 public:
  void count(bool is_hit) { ++(is_hit ? hits_ : misses_); }
  HitFigures figures() const { return {hits_.load(), misses_.load()}; }

 private:
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
};

}  // namespace dits
