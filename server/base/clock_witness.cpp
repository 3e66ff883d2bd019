#include "server/base/clock_witness.hpp"

#include <algorithm>
#include <ctime>

namespace dits {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t ms_of(std::chrono::milliseconds time) { return time.count(); }

constexpr std::int64_t drift_ms = ms_of(10min);
constexpr std::int64_t longest_rest_ms = ms_of(4 * 24h);
constexpr std::int64_t doubt_ms = ms_of(7 * 24h);

}  // namespace

ClockWitness look_at(const ClockWitness& before,
                     Timestamp now,
                     std::optional<std::chrono::milliseconds> ran) {
  ClockWitness after = before;
  after.seen_at = now;
  if (!before.seen_at) return after;
  const std::int64_t step = now.unix_ms - before.seen_at->unix_ms;
  const std::int64_t credible = ran ? ran->count() + drift_ms : longest_rest_ms;
  if (step > credible) {
    // Of a rest that is too long nothing is believed; of a jump, what the machine has run.
    after.hidden_ms += ran ? step - ran->count() : step;
    after.doubted_until = Timestamp{now.unix_ms + doubt_ms};
    return after;
  }
  if (step < 0)
    after.hidden_ms = std::max<std::int64_t>(0, before.hidden_ms + step - (ran ? ran->count() : 0));
  if (after.hidden_ms == 0 || now >= after.doubted_until) {
    after.hidden_ms = 0;
    after.doubted_until.reset();
  }
  return after;
}

Timestamp trusted_time(const ClockWitness& witness, Timestamp now) {
  return Timestamp{now.unix_ms - witness.hidden_ms};
}

std::chrono::milliseconds machine_running_time() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(time.tv_sec) +
                                                               std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace dits
