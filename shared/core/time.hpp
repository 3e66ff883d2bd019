// Timestamp (UTC milliseconds) and Date (a day without a zone), and their RFC 3339 text forms. Nothing here
// reads a clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.hpp"

namespace dits {

struct Timestamp {
  std::int64_t unix_ms = 0;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar.
struct Date {
  std::int32_t days = 0;
  friend auto operator<=>(const Date&, const Date&) = default;
};

struct CivilDate {
  int year = 1970;
  unsigned month = 1;  // 1..12
  unsigned day = 1;    // 1..31
};

constexpr std::int64_t ms_per_day = 86'400'000;

CivilDate civil_from_date(Date date);
// The fields must be a real day; see parse_date for checked input.
Date date_from_civil(const CivilDate& civil);
unsigned days_in_month(int year, unsigned month);
// 0 = Monday … 6 = Sunday.
unsigned weekday_of(Date date);
// In UTC; of other zones see TimeZone.
Date date_of(Timestamp time);
Timestamp midnight_of(Date date);

// "2026-02-01".
std::string to_string(Date date);
// "2026-02-01T13:45:07.123Z".
std::string to_string(Timestamp time);

// Errors: invalid, for anything but an existing day written YYYY-MM-DD between 0001 and 9999.
Result<Date> parse_date(std::string_view text);
// RFC 3339 with "T" or a space, optional fraction (read to milliseconds), and Z or ±HH[:MM]. Errors: invalid.
Result<Timestamp> parse_timestamp(std::string_view text);

}  // namespace dits
