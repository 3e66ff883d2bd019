// Time as it was seen to pass: what is removed for its age is judged by it, so that a clock which jumps
// forward removes nothing at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "shared/core/time.hpp"

namespace dits {

// Kept in the database, for all servers on it.
struct ClockWitness {
  std::optional<Timestamp> seen_at;        // when a server last looked at its clock; absent: never
  std::int64_t hidden_ms = 0;              // how much of that nobody has seen pass
  std::optional<Timestamp> doubted_until;  // when it is believed; absent: there is no doubt

  friend bool operator==(const ClockWitness&, const ClockWitness&) = default;
};

// A server looks at its clock, which says `now`. `ran` is how long this machine has run since the same server
// last looked, sleep included; absent at a server's first look. Rules: a clock may get ahead of the running
// time by ten minutes; between two runs four days may lie (a long weekend). What is more is hidden, and
// believed when a week without a jump has followed. A clock that goes back takes away from what is hidden.
ClockWitness look_at(const ClockWitness& before, Timestamp now, std::optional<std::chrono::milliseconds> ran);

// The time by which ages are judged: `now` without what is hidden.
Timestamp trusted_time(const ClockWitness& witness, Timestamp now);

// For `ran`: how long this machine has run, sleep included.
std::chrono::milliseconds machine_running_time();

}  // namespace dits
