// Time zones that were asked for by name, as this process remembers them: their rules change with a new
// PostgreSQL, and that with a new start.
#pragma once

#include <string>

#include "server/cache/bounded_memory.hpp"
#include "shared/core/time_zone.hpp"

namespace dits {

using TimeZoneMemory = BoundedMemory<std::string, TimeZone>;
// About what one takes: two steps a year, for a century.
constexpr std::size_t bytes_of_zone = std::size_t{4} * 1024;
constexpr MemoryLimits time_zone_limits{std::size_t{1024} * 1024, 2 * bytes_of_zone};

}  // namespace dits
