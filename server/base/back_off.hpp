// How long to wait before trying again: twice as long each time, up to a limit, and never quite as long as
// others wait who lost the same thing at the same moment.
#pragma once

#include <chrono>

namespace dits {

class BackOff {
 public:
  BackOff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : first_(first), longest_(longest), next_(first) {}

  // Between half of the present pause and all of it; the next one is twice as long.
  std::chrono::milliseconds next();
  void reset() { next_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_;
};

}  // namespace dits
