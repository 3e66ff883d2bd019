// Zones against what the C library knows of them: summer and winter, days without a midnight, half hours.
#include "shared/core/time_zone.hpp"

#include <cstdlib>
#include <ctime>
#include <string>

#include <doctest/doctest.h>

namespace dits {
namespace {

// The C library in a zone of its own, as long as this lives. Its rules are written out: the machine needs no
// database of zones.
class InZone {
 public:
  explicit InZone(const char* rule) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", rule, 1);
    ::tzset();
  }
  ~InZone() {
    if (before_.empty()) {
      ::unsetenv("TZ");
    } else {
      ::setenv("TZ", before_.c_str(), 1);
    }
    ::tzset();
  }
  InZone(const InZone&) = delete;
  InZone& operator=(const InZone&) = delete;

  static int offset_minutes_at(Timestamp time) {
    const std::time_t seconds = static_cast<std::time_t>(time.unix_ms / 1000);
    std::tm local = {};
    ::localtime_r(&seconds, &local);
    return static_cast<int>(local.tm_gmtoff / 60);
  }

 private:
  std::string before_;
};

constexpr const char* vienna = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr const char* lord_howe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";  // half an hour of summer
constexpr const char* santiago = "<-04>4<-03>,M9.1.6/24,M4.1.6/24";        // leaps over midnight
constexpr const char* kolkata = "IST-5:30";

Timestamp at(const char* text) { return *parse_timestamp(text); }
Date day(const char* text) { return *parse_date(text); }
TimeZone zone_here() {
  return TimeZone::observed(
      at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"), &InZone::offset_minutes_at);
}

}  // namespace

TEST_CASE("a moment falls on the day of its own season, whatever the season is now") {
  const InZone here(vienna);
  const TimeZone zone = zone_here();
  CHECK(zone.offset_minutes_at(at("2026-01-15T12:00:00Z")) == 60);
  CHECK(zone.offset_minutes_at(at("2026-07-15T12:00:00Z")) == 120);
  // Half past ten in the evening UTC: past midnight in summer, not in winter.
  CHECK(zone.date_of(at("2026-07-15T22:30:00Z")) == day("2026-07-16"));
  CHECK(zone.date_of(at("2026-01-15T22:30:00Z")) == day("2026-01-15"));
  CHECK(zone.begin_of(day("2026-07-16")) == at("2026-07-15T22:00:00Z"));
  CHECK(zone.begin_of(day("2026-01-16")) == at("2026-01-15T23:00:00Z"));
  // The days of the steps have 23 and 25 hours.
  const auto hours_of = [&](Date date) {
    return (zone.begin_of({date.days + 1}).unix_ms - zone.begin_of(date).unix_ms) / 3'600'000;
  };
  CHECK(hours_of(day("2026-03-29")) == 23);
  CHECK(hours_of(day("2026-10-25")) == 25);
  CHECK(hours_of(day("2026-10-26")) == 24);
}

TEST_CASE("each day of ten years begins with its first moment, in zones of every kind") {
  for (const char* rule : {vienna, lord_howe, santiago, kolkata, "UTC0"}) {
    CAPTURE(rule);
    const InZone here(rule);
    const TimeZone zone = zone_here();
    for (Date date = day("2020-01-02"); date < day("2029-12-30"); ++date.days) {
      const Timestamp begin = zone.begin_of(date);
      const Timestamp just_before = {begin.unix_ms - 1};
      const bool is_right = zone.offset_minutes_at(begin) == InZone::offset_minutes_at(begin) &&
                            zone.date_of(begin) == date && zone.date_of(just_before).days == date.days - 1;
      if (is_right) continue;
      CAPTURE(to_string(date));
      CAPTURE(to_string(begin));
      CHECK(is_right);
    }
  }
  const InZone here(santiago);
  // On 6 September 2026 the clock goes from midnight to one o'clock.
  CHECK(zone_here().begin_of(day("2026-09-06")) == at("2026-09-06T04:00:00Z"));
}

TEST_CASE("without steps a zone is its offset, and UTC is none") {
  CHECK(TimeZone().begin_of(day("2026-01-01")) == at("2026-01-01T00:00:00Z"));
  CHECK(TimeZone::fixed(-600).date_of(at("2026-03-02T09:59:00Z")) == day("2026-03-01"));
  CHECK(TimeZone::fixed(60).begin_of(day("2026-03-02")) == at("2026-03-01T23:00:00Z"));
  CHECK(TimeZone() == TimeZone::fixed(0));
  const TimeZone one(60, {{at("2026-03-29T01:00:00Z"), 120}});
  CHECK(one == TimeZone(60, {{at("2026-03-29T01:00:00Z"), 120}}));
  CHECK_FALSE(one == TimeZone::fixed(60));
}

}  // namespace dits
