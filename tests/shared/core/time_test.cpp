#include "shared/core/time.hpp"

#include <string>

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("every day from year 1 to 9999 is itself after printing and reading") {
  std::int32_t previous = -719163;
  for (std::int32_t days = -719162; days <= 2932896; days += days % 97 == 0 ? 1 : 13) {
    const Result<Date> read = parse_date(to_string(Date{days}));
    REQUIRE(read);
    REQUIRE(read->days == days);
    REQUIRE(days > previous);
    previous = days;
  }
}

TEST_CASE("leap days exist in leap years only") {
  CHECK(parse_date("2024-02-29"));
  CHECK(parse_date("2000-02-29"));
  CHECK(!parse_date("1900-02-29"));
  CHECK(!parse_date("2026-02-29"));
  CHECK(date_from_civil({2024, 3, 1}).days - date_from_civil({2024, 2, 28}).days == 2);
  CHECK(days_in_month(1900, 2) == 28);
  CHECK(days_in_month(2000, 2) == 29);
}

TEST_CASE("weekdays count from Monday, before 1970 too") {
  CHECK(weekday_of(*parse_date("1970-01-01")) == 3);
  CHECK(weekday_of(*parse_date("2026-11-23")) == 0);
  CHECK(weekday_of(*parse_date("1969-12-28")) == 6);
}

TEST_CASE("an instant is read with its offset and printed in UTC") {
  struct Case {
    const char* text;
    const char* printed;
  };
  constexpr Case cases[] = {
      {"2026-02-01T13:45:07Z", "2026-02-01T13:45:07.000Z"},
      {"2026-02-01 13:45:07.1239+02", "2026-02-01T11:45:07.123Z"},
      {"2026-02-01t13:45:07.5-05:30", "2026-02-01T19:15:07.500Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.000Z"},
  };
  for (const Case& each : cases) {
    CAPTURE(std::string(each.text));
    const Result<Timestamp> time = parse_timestamp(each.text);
    REQUIRE(time);
    CHECK(to_string(*time) == each.printed);
  }
  for (const char* bad : {"",
                          "2026-02-01",
                          "2026-02-01T13:45",
                          "2026-02-01T13:45:07",
                          "2026-02-01T24:00:00Z",
                          "2026-02-30T00:00:00Z",
                          "2026-02-01T13:45:07.Z",
                          "2026-02-01T13:45:07+1",
                          "2026-02-01T13:45:07Zx"}) {
    CAPTURE(std::string(bad));
    CHECK(!parse_timestamp(bad));
  }
}

TEST_CASE("the day of an instant in UTC") {
  const Timestamp late = *parse_timestamp("2026-03-01T23:30:00Z");
  CHECK(to_string(date_of(late)) == "2026-03-01");
  CHECK(date_of({-1}).days == -1);
  CHECK(midnight_of(*parse_date("2026-03-02")) == *parse_timestamp("2026-03-02T00:00:00Z"));
}

}  // namespace dits
