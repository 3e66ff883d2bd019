// Days as the query language tells them: reading, printing, and what they mean on a given day.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/query/ast.hpp"

namespace dits::query {

// 2026-02-01, 2026-02, 2026, today, tomorrow, yesterday, +7d, -2w, +1m, -1y, 7d. Nothing when it is none of
// them.
std::optional<DayValue> day_value_from(std::string_view text);
std::string to_string(const DayValue& day);

// Days from `first` to `last`, both included; a side that is not set is open.
struct DayBounds {
  std::optional<Date> first;
  std::optional<Date> last;

  bool contains(Date date) const { return (!first || *first <= date) && (!last || date <= *last); }
};

// What a comparison with a day means when it is `today`. `counts_back`: distances without a sign go back in
// time, so that updated:<7d is "less than seven days ago".
DayBounds bounds_of(const Value& value, Date today, bool counts_back);

}  // namespace dits::query
