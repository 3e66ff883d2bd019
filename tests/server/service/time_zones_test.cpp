// Whose days a list means: zones by name against PostgreSQL's own answers, the account's preference, the one
// that a call names.
#include "server/service/time_zones.hpp"

#include <set>

#include <doctest/doctest.h>

#include "server/service/accounts.hpp"
#include "server/service/auth.hpp"
#include "server/service/issues.hpp"
#include "shared/json/user_json.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

void prefer(test::ServiceWorld& world, const Viewer& viewer, const char* zone) {
  UserPatch patch;
  patch.preferences = preferences_with_time_zone("{}", zone);
  world.must(update_me(world.context(), viewer, patch));
}

std::size_t found(test::ServiceWorld& world,
                  const Viewer& viewer,
                  std::string_view query,
                  AskedZone zone = {}) {
  IssueListQuestion question;
  question.query = query;
  question.zone = zone;
  return world.must(list_issues(world.context(), viewer, question)).issues.size();
}

}  // namespace

TEST_CASE("a zone by its name has the offsets that PostgreSQL has, moment by moment") {
  test::ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  for (const char* name : {"Europe/Vienna",
                           "America/St_Johns",
                           "America/Santiago",
                           "Asia/Kolkata",
                           "Australia/Lord_Howe",
                           "Pacific/Apia",
                           "Africa/Casablanca",
                           "Africa/Cairo",
                           "Asia/Gaza",
                           "America/Argentina/San_Luis",
                           "America/Port-au-Prince",
                           "Etc/GMT+5"}) {
    CAPTURE(std::string(name));
    const TimeZone zone = world.must(time_zone_of(world.context(), viewer, name));
    // Some 2,900 moments in the fifty years around the clock's, the minutes at and before each step among
    // them.
    const std::string differing = [&] {
      std::string values;
      const auto add = [&](std::int64_t unix_ms) {
        const int minutes = zone.offset_minutes_at(Timestamp{unix_ms});
        values += (values.empty() ? "(" : ",(") + std::to_string(unix_ms / 1000) + "," +
                  std::to_string(minutes) + ")";
      };
      const std::int64_t middle = world.clock().now().unix_ms / 60'000 * 60'000;
      for (std::int64_t at = middle - 9000 * ms_per_day; at < middle + 9000 * ms_per_day;
           at += 6 * ms_per_day + 3'540'000) {
        add(at);
        const Timestamp next = {at + 6 * ms_per_day};
        if (zone.offset_minutes_at({at}) == zone.offset_minutes_at(next)) continue;
        std::int64_t low = at;
        std::int64_t high = next.unix_ms;
        while (high - low > 60'000) {
          const std::int64_t half = low + (high - low) / 120'000 * 60'000;
          (zone.offset_minutes_at({half}) == zone.offset_minutes_at(next) ? high : low) = half;
        }
        add(low);
        add(high);
      }
      return world.database().ask_as_owner(
          "SELECT count(*) || ' of ' || (SELECT count(*) FROM (VALUES " + values + ") v) FROM (VALUES " +
          values + ") v(at, minutes) WHERE extract(epoch FROM (to_timestamp(at) AT TIME ZONE '" + name +
          "') - (to_timestamp(at) AT TIME ZONE 'UTC')) / 60 <> minutes");
    }();
    CAPTURE(differing);
    CHECK(differing.starts_with("0 of "));
  }
}

TEST_CASE("a zone is named, or written as a distance; what is neither is refused") {
  test::ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const auto offset = [&](const char* name) {
    return world.must(time_zone_of(world.context(), viewer, name)).offset_minutes_at(world.clock().now());
  };
  CHECK(offset("") == 0);
  CHECK(offset("UTC") == 0);
  CHECK(offset("+05:30") == 330);
  CHECK(offset("-03:00") == -180);
  CHECK(offset("Europe/Vienna") == 60);
  CHECK(offset("Etc/GMT+5") == -300);
  // Names of old, which PostgreSQL's pg_timezone_names has: with their summers.
  for (const char* name : {"GMT", "gmt", "Etc/GMT", "GMT0", "Etc/GMT-0", "Zulu", "utc"}) {
    CAPTURE(std::string(name));
    CHECK(offset(name) == 0);
  }
  const Timestamp summer = midnight_of(*parse_date("2026-07-01"));
  const auto in_summer = [&](const char* name) {
    return world.must(time_zone_of(world.context(), viewer, name)).offset_minutes_at(summer);
  };
  CHECK(in_summer("CET") == 120);
  CHECK(in_summer("EST5EDT") == -240);
  CHECK(in_summer("EST") == -300);
  CHECK(in_summer("Japan") == 540);
  for (const char* name : {"Europe/Viena",
                           "vienna",
                           "CEST",
                           "+5",
                           "+05:60",
                           "UTC+2",
                           "FOO+3BAR/2",
                           "Europe/Viena2",
                           "Etc/UTC+2",
                           "A/b3C",
                           "Etc/GMT+15",
                           "Mars/Olympus",
                           "../etc/passwd",
                           "Europe/Vienna'; --",
                           "/"}) {
    CAPTURE(std::string(name));
    const Result<TimeZone> zone = time_zone_of(world.context(), viewer, name);
    REQUIRE_FALSE(zone);
    CHECK(zone.error().code == ErrorCode::invalid);
    CHECK(zone.error().field == "Time-Zone");
  }
}

TEST_CASE("the days of a list are those of the zone that is named, else of the account's, else of UTC") {
  test::ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  world.clock().move_by(std::chrono::hours(14) + std::chrono::minutes(30));  // half past eleven at night, UTC
  Issue draft;
  draft.title = "Late";
  draft.due_date = *parse_date("2026-02-03");
  world.must(create_issue(world.context(), viewer, draft));
  CHECK(found(world, viewer, "created:2026-02-02") == 1);
  CHECK(found(world, viewer, "due:tomorrow") == 1);
  CHECK(found(world, viewer, "created:2026-02-03", std::string_view("Europe/Vienna")) == 1);
  CHECK(found(world, viewer, "due:today", TimeZone::fixed(60)) == 1);
  prefer(world, viewer, "Europe/Vienna");
  CHECK(found(world, viewer, "created:2026-02-02") == 0);
  CHECK(found(world, viewer, "due:today") == 1);
  CHECK(found(world, viewer, "due:today", std::string_view("UTC")) == 0);
  const Issue typed = world.must(create_typed_issue(
      world.context(),
      viewer,
      [] {
        Issue wanted;
        wanted.title = "Typed due:today";
        return wanted;
      }(),
      std::nullopt));
  CHECK(typed.due_date == *parse_date("2026-02-03"));
  // Summer's moments by summer's clock, though it is winter.
  world.database().run_as_owner("UPDATE issues SET created_at = '2025-07-01T22:30:00Z' WHERE title = 'Late'");
  CHECK(found(world, viewer, "created:2025-07-02") == 1);
  // What no PostgreSQL knows is not written there any more; what is there is no reason to refuse a list.
  UserPatch patch;
  patch.preferences = preferences_with_time_zone("{}", "Nowhere/At_All");
  const Result<User> refused = update_me(world.context(), viewer, patch);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().field == "preferences");
  CHECK(refused.error().message.starts_with("timeZone: There is no such time zone"));
  world.database().run_as_owner("UPDATE users SET preferences = '{\"timeZone\": \"Nowhere/At_All\"}'");
  patch.preferences = R"({"theme": "dark", "timeZone": "Nowhere/At_All"})";
  CHECK(update_me(world.context(), viewer, patch));
  CHECK(found(world, viewer, "due:tomorrow") == 2);
  IssueListQuestion question;
  question.query = "due:today";
  question.zone = std::string_view("Nowhere/At_All");
  CHECK(list_issues(world.context(), viewer, question).error().field == "Time-Zone");
}

}  // namespace dits
