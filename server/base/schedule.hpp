// When something is due again and again: "daily", "hourly", "weekly", "off", or the five fields of cron, in
// the machine's own time.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

class Schedule {
 public:
  // Never.
  Schedule() = default;

  // "off"; "hourly" (at the full hour); "daily" (at 03:00); "weekly" (Sunday, 03:00); "M H D M W" with *,
  // lists, ranges and steps, as "30 2 * * 1-5". A day is due when both its date and its weekday fit; when
  // both are restricted, when one of them fits. Errors: invalid.
  static Result<Schedule> parse(std::string_view text);

  bool is_off() const { return is_off_; }
  // As it was written.
  const std::string& text() const { return text_; }
  // The first due minute after `time`; nullopt when there is none within five years.
  std::optional<Timestamp> next_after(Timestamp time) const;

 private:
  bool is_due_day(int month, int day, int weekday) const;

  std::string text_ = "off";
  bool is_off_ = true;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool has_all_days_ = true;
  bool has_all_weekdays_ = true;
};

}  // namespace dits
