#include "shared/core/time_zone.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace dits {

namespace {

constexpr std::int64_t ms_per_minute = 60'000;
// Clocks that go back for a fasting month and on again do so within three weeks, at times within one.
constexpr std::int64_t ms_between_probes = 7 * ms_per_day;

std::int64_t local_ms(Timestamp time, int offset_minutes) {
  return time.unix_ms + offset_minutes * ms_per_minute;
}

// The minute between two moments with which the later one's offset begins.
Timestamp step_between(Timestamp before, Timestamp after, const std::function<int(Timestamp)>& offset_at) {
  const int offset_after = offset_at(after);
  std::int64_t low = before.unix_ms / ms_per_minute;
  std::int64_t high = after.unix_ms / ms_per_minute;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (offset_at({middle * ms_per_minute}) == offset_after ? high : low) = middle;
  }
  return {high * ms_per_minute};
}

}  // namespace

TimeZone::TimeZone(int offset_minutes_before, std::vector<Step> steps)
    : offset_before_(offset_minutes_before) {
  if (!steps.empty()) steps_ = std::make_shared<const std::vector<Step>>(std::move(steps));
}

TimeZone TimeZone::observed(Timestamp from,
                            Timestamp to,
                            const std::function<int(Timestamp)>& offset_minutes_at) {
  std::vector<Step> steps;
  const int first = offset_minutes_at(from);
  int known = first;
  Timestamp before = from;
  while (before < to) {
    const Timestamp probe = {std::min(before.unix_ms + ms_between_probes, to.unix_ms)};
    if (const int offset = offset_minutes_at(probe); offset != known) {
      steps.push_back({step_between(before, probe, offset_minutes_at), offset});
      known = offset;
    }
    before = probe;
  }
  return {first, std::move(steps)};
}

int TimeZone::offset_minutes_at(Timestamp time) const {
  if (!steps_) return offset_before_;
  const auto later = std::upper_bound(
      steps_->begin(), steps_->end(), time, [](Timestamp at, const Step& step) { return at < step.from; });
  return later == steps_->begin() ? offset_before_ : std::prev(later)->offset_minutes;
}

Date TimeZone::date_of(Timestamp time) const {
  return dits::date_of(Timestamp{local_ms(time, offset_minutes_at(time))});
}

Timestamp TimeZone::begin_of(Date date) const {
  const std::int64_t local_midnight = midnight_of(date).unix_ms;
  int offset = offset_before_;
  if (steps_) {
    // Within each stretch of one offset the clock goes evenly: the first stretch that reaches the day has it.
    Timestamp begin = {local_midnight - 2 * ms_per_day};
    offset = offset_minutes_at(begin);
    for (const Step& step : *steps_) {
      if (step.from <= begin) continue;
      if (local_ms(step.from, offset) > local_midnight) break;
      begin = step.from;
      offset = step.offset_minutes;
      if (local_ms(begin, offset) >= local_midnight) return begin;
    }
  }
  return {local_midnight - offset * ms_per_minute};
}

bool operator==(const TimeZone& left, const TimeZone& right) {
  static const std::vector<TimeZone::Step> none;
  return left.offset_before_ == right.offset_before_ &&
         (left.steps_ == right.steps_ ||
          (left.steps_ ? *left.steps_ : none) == (right.steps_ ? *right.steps_ : none));
}

}  // namespace dits
