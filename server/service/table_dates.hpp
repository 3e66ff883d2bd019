// Days and moments as the cells of imported tables have them. What could mean two days is not guessed.
#pragma once

#include <string_view>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

// What comes first in a date such as 03/04/2025.
enum class DateOrder { unknown, day_first, month_first };

// "day-first", "month-first", or nothing. Errors: invalid at "dates".
Result<DateOrder> date_order_from_text(std::string_view text);

// The kind of the error for a date that can be read when its order is told.
constexpr const char* needs_date_order = "needs_date_order";

// "2026-02-28"; with the year in four digits and the month in (English) letters, "5 Oct 2026" and
// "Oct 5, 2026"; with an order also "28.2.2026", "12/Mar/25". A time behind it is passed over. Errors:
// invalid.
Result<Date> day_from_cell(std::string_view text, DateOrder order);
// The same with a time ("14:30", "3:14:07 PM"), in UTC unless it names its offset; a day is its beginning.
Result<Timestamp> moment_from_cell(std::string_view text, DateOrder order);

}  // namespace dits
