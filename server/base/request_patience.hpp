// When the request began that this thread works on. Each wait for something that others hold is bounded; by
// this their sum is as well, however many a request has.
#pragma once

#include <chrono>
#include <optional>

namespace dits {

class RequestPatience {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // From here to the end of the scope this thread works on a request that began now. Long work that nobody
  // waits for impatiently (files, jobs) has none.
  RequestPatience() : outer_(began_) { began_ = std::chrono::steady_clock::now(); }
  ~RequestPatience() { began_ = outer_; }
  RequestPatience(const RequestPatience&) = delete;
  RequestPatience& operator=(const RequestPatience&) = delete;

  // Nothing outside of a request.
  static std::optional<TimePoint> began() { return began_; }

 private:
  static inline thread_local std::optional<TimePoint> began_;
  const std::optional<TimePoint> outer_;
};

}  // namespace dits
