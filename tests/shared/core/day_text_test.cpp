#include "shared/core/day_text.hpp"

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("Days are read as people write them") {
  const Date tuesday = *parse_date("2026-07-14");
  struct Row {
    const char* text;
    const char* day;
  };
  for (const Row& row :
       {Row{"today", "2026-07-14"},      Row{"tom", "2026-07-15"},         Row{"fri", "2026-07-17"},
        Row{"tue", "2026-07-21"},        Row{"+3d", "2026-07-17"},         Row{"+2w", "2026-07-28"},
        Row{"-1d", "2026-07-13"},        Row{"31 jul", "2026-07-31"},      Row{"jul 31", "2026-07-31"},
        Row{"3 jan", "2027-01-03"},      Row{"31 jul 2028", "2028-07-31"}, Row{"next week", "2026-07-20"},
        Row{"next month", "2026-08-01"}, Row{"in 2 weeks", "2026-07-28"},  Row{"2026-12-24", "2026-12-24"},
        Row{"eom", "2026-07-31"},        Row{"20", "2026-07-20"},          Row{"3", "2026-08-03"},
        Row{"1m", "2026-08-14"},         Row{"Next Friday", "2026-07-24"}, Row{"may 5", "2027-05-05"}}) {
    CAPTURE(row.text);
    const auto day = parse_day(row.text, tuesday);
    REQUIRE(day.has_value());
    CHECK(to_string(*day) == row.day);
  }
  for (const char* text : {"", "soon", "32 jul", "+", "99", "30 feb 2027", "a b c d", "next"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day(text, tuesday).has_value());
  }
}

TEST_CASE("A day beyond those that can be written as a date is none") {
  const Date tuesday = *parse_date("2026-07-14");
  for (const char* text : {"+9999y", "-9999y", "in 9999 years", "31 jul 9999 9"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_day(text, tuesday).has_value());
  }
  CHECK(to_string(*parse_day("31 dec 9999", tuesday)) == "9999-12-31");
}

}  // namespace dits
