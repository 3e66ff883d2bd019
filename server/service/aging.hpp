// The time by which things are removed for their age.
#pragma once

#include <chrono>
#include <optional>

#include "server/service/context.hpp"
#include "shared/core/time.hpp"

namespace dits {

// A server looks at its clock, and hears what may be believed of it: see look_at() in
// server/base/clock_witness.hpp, also for `ran`. For a background job, every hour.
Result<Timestamp> look_at_clock(ServiceContext& context, std::optional<std::chrono::milliseconds> ran);

}  // namespace dits
