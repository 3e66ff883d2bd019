#include "server/base/clock.hpp"

#include <chrono>
#include <cstring>

#include "server/base/crypto.hpp"

namespace dits {

namespace {

class SystemClock : public Clock {
 public:
  Timestamp now() override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
  }
  std::uint64_t random_bits() override {
    std::uint64_t bits = 0;
    const std::string bytes = dits::random_bytes(sizeof bits);
    std::memcpy(&bits, bytes.data(), sizeof bits);
    return bits;
  }
  std::string random_bytes(std::size_t count) override { return dits::random_bytes(count); }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

}  // namespace dits
