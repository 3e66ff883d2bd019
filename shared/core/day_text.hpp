// Days as people type them.
#pragma once

#include <optional>
#include <string_view>

#include "shared/core/time.hpp"

namespace dits {

// "fri", "+3d", "31 jul", "tomorrow", "next week", "2026-07-31", "in 2 weeks", "eom", in any case. Weekdays
// are the next one after today, days of a month without a year the next one that is not past. Nothing for
// what is no day between 0001 and 9999.
std::optional<Date> parse_day(std::string_view text, Date today);

// "jul" or "july", in lower case, is 7; at least three letters. Nothing for any other word.
std::optional<unsigned> month_from_name(std::string_view word);

}  // namespace dits
