#include "server/base/schedule.hpp"

#include <cstdlib>
#include <ctime>
#include <string>

#include <doctest/doctest.h>

namespace dits {
namespace {

// The machine's own time, for one test.
class TimeZone {
 public:
  explicit TimeZone(const char* name) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  ~TimeZone() {
    if (before_.empty()) {
      ::unsetenv("TZ");
    } else {
      ::setenv("TZ", before_.c_str(), 1);
    }
    ::tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

 private:
  std::string before_;
};

std::string next(const char* schedule, const char* time) {
  const auto due = Schedule::parse(schedule).value().next_after(parse_timestamp(time).value());
  return due ? to_string(*due) : "never";
}

TEST_CASE("a schedule names the next due minute") {
  const TimeZone utc("UTC0");
  CHECK(next("daily", "2026-03-10T02:59:59Z") == "2026-03-10T03:00:00.000Z");
  CHECK(next("daily", "2026-03-10T03:00:00Z") == "2026-03-11T03:00:00.000Z");
  CHECK(next("hourly", "2026-12-31T23:10:00Z") == "2027-01-01T00:00:00.000Z");
  CHECK(next("weekly", "2026-03-10T00:00:00Z") == "2026-03-15T03:00:00.000Z");
  CHECK(next("off", "2026-03-10T00:00:00Z") == "never");
  CHECK(next("*/15 8-18 * * 1-5", "2026-03-13T18:45:00Z") == "2026-03-16T08:00:00.000Z");
  CHECK(next("30 2 29 2 *", "2026-03-10T00:00:00Z") == "2028-02-29T02:30:00.000Z");
  CHECK(next("0 0 1 * 7", "2026-03-10T00:00:00Z") == "2026-03-15T00:00:00.000Z");
  CHECK(next("5,10 4 * * *", "2026-03-10T04:05:30Z") == "2026-03-10T04:10:00.000Z");
}

TEST_CASE("a schedule follows the machine's own time, and skips no day when the clock changes") {
  const TimeZone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(next("daily", "2026-01-10T12:00:00Z") == "2026-01-11T02:00:00.000Z");
  CHECK(next("daily", "2026-07-10T12:00:00Z") == "2026-07-11T01:00:00.000Z");
  CHECK(next("30 2 * * *", "2026-03-28T12:00:00Z").starts_with("2026-03-29T"));
}

TEST_CASE("what is no schedule is refused") {
  for (const char* text : {"",
                           "nightly",
                           "* * * *",
                           "* * * * * *",
                           "60 * * * *",
                           "* 24 * * *",
                           "* * 0 * *",
                           "* * * 13 *",
                           "* * * * 8",
                           "5-1 * * * *",
                           "*/0 * * * *",
                           "a * * * *",
                           "1, * * * *",
                           "1- * * * *",
                           "*/2147483647 * * * *",
                           "0 3 31 4 *",
                           "0 3 30,31 2 *"}) {
    CAPTURE(text);
    CHECK_FALSE(Schedule::parse(text));
  }
  CHECK(Schedule::parse("0 3 29 2 *"));
}

}  // namespace
}  // namespace dits
