// Who sends or takes slowly is still at it as long as enough comes through: a deadline by progress, so that a
// large file over a thin line needs no deadline of its own.
#pragma once

#include <chrono>
#include <cstddef>

namespace dits::http {

using SteadyTime = std::chrono::steady_clock::time_point;

// At least so many bytes in each stretch of time.
struct PaceRule {
  std::size_t bytes = 60'000;
  std::chrono::milliseconds stretch{15'000};  // with the above: 4 KB a second
};

class Pace {
 public:
  explicit Pace(const PaceRule& rule) : rule_(rule) {}

  void begin(SteadyTime now) {
    began_at_ = now;
    bytes_ = 0;
  }
  // `bytes` more came through.
  void add(std::size_t bytes, SteadyTime now) {
    bytes_ += bytes;
    if (bytes_ >= rule_.bytes) begin(now);
  }
  bool has_begun() const { return began_at_ != SteadyTime{}; }
  // When it is too slow unless more comes through before.
  SteadyTime deadline() const { return began_at_ + rule_.stretch; }
  void end() { began_at_ = {}; }

 private:
  PaceRule rule_;
  SteadyTime began_at_{};
  std::size_t bytes_ = 0;
};

}  // namespace dits::http
