// A time zone as the offsets that it has had and will have, so that each moment falls on the day of its own
// season. Nothing here knows zones by name: a browser, the C library or PostgreSQL is asked.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "shared/core/time.hpp"

namespace dits {

// Cheap to copy. Minutes count east of UTC.
class TimeZone {
 public:
  // From that moment on the offset is this.
  struct Step {
    Timestamp from;
    int offset_minutes = 0;
    friend bool operator==(const Step&, const Step&) = default;
  };

  TimeZone() = default;  // UTC
  static TimeZone fixed(int offset_minutes) { return {offset_minutes, {}}; }
  // `steps` in the order of time.
  TimeZone(int offset_minutes_before, std::vector<Step> steps);
  // What `offset_minutes_at` tells of the years between `from` and `to`, outside of which the offsets at both
  // ends go on. It is asked once for each week, and some fifteen times for each step.
  static TimeZone observed(Timestamp from,
                           Timestamp to,
                           const std::function<int(Timestamp)>& offset_minutes_at);

  int offset_minutes_at(Timestamp time) const;
  Date date_of(Timestamp time) const;
  // The first moment of the day, which is not midnight where the clock leaps over it.
  Timestamp begin_of(Date date) const;

  friend bool operator==(const TimeZone& left, const TimeZone& right);

 private:
  int offset_before_ = 0;
  std::shared_ptr<const std::vector<Step>> steps_;  // null: none
};

}  // namespace dits
