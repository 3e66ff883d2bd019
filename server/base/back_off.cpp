#include "server/base/back_off.hpp"

#include <algorithm>

#include "server/base/crypto.hpp"

namespace dits {

std::chrono::milliseconds BackOff::next() {
  const auto jitter = static_cast<unsigned char>(random_bytes(1).front());
  const std::chrono::milliseconds pause = next_ / 2 + next_ * jitter / 512;
  next_ = std::min(next_ * 2, longest_);
  return pause;
}

}  // namespace dits
