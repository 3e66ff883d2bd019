// The outside world's time and chance, as a parameter.
#pragma once

#include <cstdint>
#include <string>

#include "shared/core/id.hpp"
#include "shared/core/time_zone.hpp"

namespace dits {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() = 0;
  virtual std::uint64_t random_bits() = 0;  // from the kernel's generator
  virtual std::string random_bytes(std::size_t count) = 0;

  template <typename IdType>
  IdType new_id() {
    return IdType{make_uuid_v7(now().unix_ms, random_bits(), random_bits())};
  }
};

// The machine's clock and getrandom(2).
Clock& system_clock();

// Where this machine stands, as the C library has it; some decades around now.
TimeZone time_zone_here();

// Does the C library know the time zone that the variable TZ names? It says nothing itself, and takes UTC.
bool is_known_time_zone(const std::string& name);

}  // namespace dits
