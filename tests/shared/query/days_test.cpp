#include "shared/query/days.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits::query {

namespace {

struct Case {
  Comparison comparison;
  const char* first;
  const char* last;  // of a range
  bool counts_back;
  const char* expected;  // "first..last" in days
};

std::string text_of(const DayBounds& bounds) {
  return (bounds.first ? dits::to_string(*bounds.first) : "") + ".." +
         (bounds.last ? dits::to_string(*bounds.last) : "");
}

}  // namespace

TEST_CASE("days, distances and comparisons mean the stretch of days that docs/query.md says") {
  const Date today = *parse_date("2024-02-29");  // a leap day
  constexpr Case cases[] = {
      {Comparison::equal, "today", nullptr, false, "2024-02-29..2024-02-29"},
      {Comparison::equal, "2024-02", nullptr, false, "2024-02-01..2024-02-29"},
      {Comparison::equal, "2023-02", nullptr, false, "2023-02-01..2023-02-28"},
      {Comparison::equal, "2024", nullptr, false, "2024-01-01..2024-12-31"},
      {Comparison::less, "2024-02", nullptr, false, "..2024-01-31"},
      {Comparison::less_or_equal, "2024-02", nullptr, false, "..2024-02-29"},
      {Comparison::greater, "2024-02", nullptr, false, "2024-03-01.."},
      {Comparison::greater_or_equal, "2024-02", nullptr, false, "2024-02-01.."},
      {Comparison::equal, "+1y", nullptr, false, "2025-02-28..2025-02-28"},
      {Comparison::equal, "-1m", nullptr, false, "2024-01-29..2024-01-29"},
      {Comparison::equal, "+12m", nullptr, false, "2025-02-28..2025-02-28"},
      {Comparison::equal, "yesterday", nullptr, false, "2024-02-28..2024-02-28"},
      {Comparison::less, "7d", nullptr, false, "..2024-03-06"},
      {Comparison::less_or_equal, "7d", nullptr, false, "..2024-03-07"},
      {Comparison::greater, "7d", nullptr, false, "2024-03-08.."},
      {Comparison::less, "7d", nullptr, true, "2024-02-23.."},
      {Comparison::less_or_equal, "7d", nullptr, true, "2024-02-22.."},
      {Comparison::greater, "7d", nullptr, true, "..2024-02-21"},
      {Comparison::greater_or_equal, "2w", nullptr, true, "..2024-02-15"},
      {Comparison::equal, "7d", nullptr, true, "2024-02-22..2024-02-22"},
      {Comparison::less, "-7d", nullptr, true, "..2024-02-21"},
      {Comparison::range, "2024-01", "2024-02", false, "2024-01-01..2024-02-29"},
      {Comparison::range, "7d", "30d", true, "2024-01-30..2024-02-22"},
      {Comparison::range, "7d", "30d", false, "2024-03-07..2024-03-30"},
      {Comparison::range, "7d", nullptr, true, "..2024-02-22"},
      {Comparison::less, "0001-01-01", nullptr, false, "9999-12-31..0001-01-01"},
      {Comparison::greater, "9999", nullptr, false, "9999-12-31..0001-01-01"},
      {Comparison::equal, "+99999y", nullptr, false, "9999-12-31..9999-12-31"},
      {Comparison::equal, "-99999m", nullptr, false, "0001-01-01..0001-01-01"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.first));
    CAPTURE(std::string(each.expected));
    Value value;
    value.comparison = each.comparison;
    value.operand = *day_value_from(each.first);
    if (each.last != nullptr) value.last = *day_value_from(each.last);
    CHECK(text_of(bounds_of(value, today, each.counts_back)) == each.expected);
  }
}

TEST_CASE("what is no day is refused") {
  for (const char* text : {"",
                           "d",
                           "+",
                           "+d",
                           "7",
                           "7x",
                           "2026-13",
                           "2026-00-01",
                           "2026-02-30",
                           "0000",
                           "+123456d",
                           "26-01-01",
                           "+-7d",
                           "todays"}) {
    CAPTURE(std::string(text));
    CHECK(!day_value_from(text));
  }
}

}  // namespace dits::query
