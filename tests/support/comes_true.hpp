// Waiting for what becomes true by itself: seen soon after it did, and given up at a deadline.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

namespace dits::test {

// Whether `condition` was true within `at_most`. It is asked every millisecond at first, then more seldom.
template <typename Condition>
[[nodiscard]] bool comes_true(Condition&& condition,
                              std::chrono::milliseconds at_most = std::chrono::seconds(20)) {
  using std::chrono::milliseconds;
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (milliseconds pause{1}; !condition(); pause = std::min(milliseconds(20), pause * 2)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(pause);
  }
  return true;
}

}  // namespace dits::test
