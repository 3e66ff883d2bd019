// Issues on days: the index, weeks and their lanes, and the cursor.
#include "web/store/calendar.hpp"

#include <algorithm>
#include <chrono>

#include <doctest/doctest.h>

#include "tests/web/support/world.hpp"
#include "web/store/reduce.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

Date day(const char* text) { return *parse_date(text); }

// An issue from `start` to `due`; empty: without that date.
Issue dated(std::int64_t number, const char* start, const char* due, int status = 1) {
  Issue issue;
  issue.id = world_issue(number);
  issue.number = number;
  issue.title = "Issue " + std::to_string(number);
  issue.status_id = world_status(status);
  if (*start != '\0') issue.start_date = day(start);
  if (*due != '\0') issue.due_date = day(due);
  issue.position = static_cast<double>(number);
  issue.created_at = issue.updated_at = world_now;
  return issue;
}

// Signed in, on the calendar of all issues, which are these; today is Tuesday 14 July 2026.
State on_calendar(std::vector<Issue> issues, std::string_view url = "/issues?layout=calendar") {
  State state;
  reduce(state, Ticked{world_now, {}, 1, 1});
  const SnapshotBegan began = world_snapshot();
  reduce(state, Navigated{parse_route(url)});
  reduce(state, SignedIn{began.me});
  reduce(state, began);
  reduce(state, IssuesArrived{std::move(issues)});
  reduce(state, SnapshotEnded{10});
  reduce(state, SyncChanged{SyncPhase::synced, {}});
  return state;
}

// "3@1:0-2" is issue 3 in lane 1 from Monday to Wednesday; "(…)" is hidden, "<" and ">" go on in other weeks.
std::string describe(const State& state, const CalendarWeek& week) {
  std::string text;
  for (const CalendarPiece& piece : week.pieces) {
    std::string one = std::to_string(issue_at(state, piece.slot).number) + '@' + std::to_string(piece.lane) +
                      ':' + (piece.begins ? "" : "<") + std::to_string(piece.from);
    if (piece.is_bar) one += '-' + std::to_string(piece.to);
    if (!piece.ends) one += '>';
    if (piece.is_hidden) one = '(' + one + ')';
    text += (text.empty() ? "" : " ") + one;
  }
  return text;
}

std::string week(const State& state, const char* first, unsigned lanes = lane_limit) {
  CalendarWeek found = week_of(state.list.by_day, day(first));
  fit_lanes(found, lanes);
  return describe(state, found);
}

std::vector<std::int64_t> numbers(const State& state, const std::vector<Slot>& slots) {
  std::vector<std::int64_t> found;
  for (const Slot slot : slots) found.push_back(issue_at(state, slot).number);
  return found;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("An issue takes the days from its start to its due date, or the one that it has") {
  CHECK_FALSE(days_of(dated(1, "", "")).has_value());
  CHECK(days_of(dated(1, "2026-07-10", "2026-07-16")) == DaySpan{day("2026-07-10"), day("2026-07-16")});
  CHECK(days_of(dated(1, "", "2026-07-16")) == DaySpan{day("2026-07-16"), day("2026-07-16")});
  CHECK(days_of(dated(1, "2026-07-10", "")) == DaySpan{day("2026-07-10"), day("2026-07-10")});
}

TEST_CASE("Spans take the highest lanes, longer ones first, and what has one day fills the gaps") {
  const State state = on_calendar({dated(1, "", "2026-07-13"),
                                   dated(2, "2026-07-09", "2026-07-20"),
                                   dated(3, "2026-07-14", "2026-07-15"),
                                   dated(4, "2026-07-14", "2026-07-17"),
                                   dated(5, "", "2026-07-18"),
                                   dated(6, "2026-07-19", "")});
  CHECK(week(state, "2026-07-13") == "2@0:<0-6> 1@1:0 4@1:1-4 5@1:5 6@1:6 3@2:1-2");
  CHECK(week(state, "2026-07-06") == "2@0:3-6>");
  CHECK(week(state, "2026-07-20") == "2@0:<0-0");
  CHECK(week(state, "2026-07-27") == "");
  const CalendarWeek found = week_of(state.list.by_day, day("2026-07-13"));
  CHECK(found.counts == std::array<std::uint32_t, 7>{2, 3, 3, 2, 2, 2, 2});
}

TEST_CASE("What has no room is left out, and each of its days says how much that is") {
  const State state = on_calendar({dated(1, "2026-07-13", "2026-07-15"),
                                   dated(2, "2026-07-13", "2026-07-14"),
                                   dated(3, "", "2026-07-13"),
                                   dated(4, "", "2026-07-14"),
                                   dated(5, "", "2026-07-14")});
  CHECK(week(state, "2026-07-13", 4) == "1@0:0-2 2@1:0-1 3@2:0 4@2:1 5@3:1");
  // Three lanes: on Tuesday the last one tells that two are left out.
  CalendarWeek found = week_of(state.list.by_day, day("2026-07-13"));
  fit_lanes(found, 3);
  CHECK(describe(state, found) == "1@0:0-2 2@1:0-1 3@2:0 (4@2:1) (5@3:1)");
  CHECK(found.hidden == std::array<std::uint32_t, 7>{0, 2, 0, 0, 0, 0, 0});
  // Two: the span of two days goes with it, so that Monday tells it too.
  found = week_of(state.list.by_day, day("2026-07-13"));
  fit_lanes(found, 2);
  CHECK(found.hidden == std::array<std::uint32_t, 7>{2, 3, 0, 0, 0, 0, 0});
  CHECK(found.counts[1] == 4);
}

TEST_CASE("A thousand issues on one day are all counted, and found in their order") {
  std::vector<Issue> issues;
  for (int number = 1; number <= 1000; ++number) issues.push_back(dated(number, "", "2026-07-15"));
  const State state = on_calendar(std::move(issues));
  CalendarWeek found = week_of(state.list.by_day, day("2026-07-13"));
  fit_lanes(found, 4);
  CHECK(found.counts[2] == 1000);
  CHECK(found.hidden[2] == 997);
  const Numbers all = numbers(state, issues_on(state.list.by_day, day("2026-07-15"), 0));
  REQUIRE(all.size() == 1000);
  CHECK(std::is_sorted(all.begin(), all.end()));
}

TEST_CASE("A week holds what a look at every issue finds, whatever dates there are") {
  std::mt19937 random(5);
  const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  std::vector<Issue> issues;
  for (int number = 1; number <= 400; ++number) {
    Issue issue = dated(number, "", "", below(5));
    const Date due{day("2026-07-14").days + below(200) - 100};
    if (below(4) > 0) issue.due_date = due;
    if (below(3) == 0) issue.start_date = Date{due.days - below(below(10) == 0 ? 400 : 9)};
    issues.push_back(issue);
  }
  // One beyond what is sorted by counting.
  issues.push_back(dated(401, "0001-01-01", "9999-12-31"));
  const State state = on_calendar(issues);
  for (int at = -20; at < 20; ++at) {
    const Date first{day("2026-07-13").days + 7 * at};
    Numbers expected;
    for (const Issue& issue : issues) {
      const auto days = days_of(issue);
      if (days && days->first.days < first.days + 7 && days->last >= first) expected.push_back(issue.number);
    }
    Numbers found;
    for (const CalendarPiece& piece : week_of(state.list.by_day, first).pieces)
      found.push_back(issue_at(state, piece.slot).number);
    std::sort(found.begin(), found.end());
    CAPTURE(at);
    CHECK(found == expected);
  }
}

TEST_CASE("Changed one by one, the days hold what they hold when made anew") {
  std::mt19937 random(3);
  State state = make_world(80, 4);
  reduce(state, Navigated{parse_route("/issues?layout=calendar")});
  for (int round = 0; round < 200; ++round) {
    reduce(state, random_change(state, random));
    const CalendarIndex anew = index_by_day(state, state.list.ordered);
    REQUIRE(state.list.by_day.entries.size() == anew.entries.size());
    REQUIRE(state.list.by_day.overdue == anew.overdue);
    REQUIRE(state.list.by_day.undated == anew.undated);
    const Issue* under_cursor = cursor_issue(state);
    const std::vector<Slot> here = issues_on(state.list.by_day, state.calendar.day, 0);
    REQUIRE((under_cursor == nullptr) == here.empty());
    if (under_cursor != nullptr)
      REQUIRE(std::find(here.begin(), here.end(), cursor_slot(state)) != here.end());
  }
}

TEST_CASE("The query filters the days and the tray") {
  State state = on_calendar(
      {dated(1, "", "2026-07-15"), dated(2, "", "2026-07-15"), dated(3, "", ""), dated(4, "", "2026-07-01")});
  CHECK(numbers(state, tray_issues(state)) == Numbers{4, 3});
  reduce(state, QueryTyped{"number:2"});
  CHECK(week(state, "2026-07-13") == "2@0:2");
  CHECK(tray_issues(state).empty());
  reduce(state, QueryTyped{""});
  CHECK(week(state, "2026-07-13") == "1@0:2 2@1:2");
}

TEST_CASE("The tray holds what is overdue, longest first, and what is open without a due date") {
  const State state = on_calendar({dated(1, "", "2026-07-13"),
                                   dated(2, "", "2026-07-02"),
                                   dated(3, "", "2026-07-02", 4),
                                   dated(4, "", ""),
                                   dated(5, "", "", 4),
                                   dated(6, "2026-07-20", ""),
                                   dated(7, "", "2026-07-14")});
  CHECK(numbers(state, state.list.by_day.overdue) == Numbers{2, 1});
  CHECK(numbers(state, state.list.by_day.undated) == Numbers{4, 6});
}

TEST_CASE("The calendar of Upcoming shows days that were, and what was done on them") {
  State state =
      on_calendar({dated(1, "", "2026-07-01", 4), dated(2, "", "2026-07-20")}, "/upcoming?layout=calendar");
  CHECK(week(state, "2026-06-29") == "1@0:2");
  CHECK(week(state, "2026-07-20") == "2@0:0");
  reduce(state, Navigated{parse_route("/upcoming")});
  CHECK(state.list.result.rows.size() == 1);
}

TEST_CASE("Months and weeks begin with the day that was chosen") {
  CHECK(week_begin(day("2026-07-14"), 0) == day("2026-07-13"));
  CHECK(week_begin(day("2026-07-14"), 6) == day("2026-07-12"));
  CHECK(week_begin(day("2026-07-12"), 6) == day("2026-07-12"));
  CHECK(week_begin(day("2026-07-14"), 5) == day("2026-07-11"));
  const CalendarPeriod july = period_around(day("2026-07-14"), false, 0);
  CHECK(july.first == day("2026-06-29"));
  CHECK(july.weeks == 5);
  CHECK(period_around(day("2026-07-14"), false, 6).first == day("2026-06-28"));
  CHECK(period_around(day("2027-02-10"), false, 0).weeks == 4);  // 1 February 2027 is a Monday
  CHECK(period_around(day("2026-08-10"), false, 0).weeks == 6);
  CHECK(period_around(day("2026-07-14"), true, 0).first == day("2026-07-13"));
  CHECK(iso_week(day("2026-07-14")) == 29);
  CHECK(iso_week(day("2027-01-01")) == 53);
  CHECK(iso_week(day("2024-12-30")) == 1);
}

TEST_CASE("Steps of days and months stay within the calendar") {
  CHECK(month_after(day("2026-01-31"), 1) == day("2026-02-28"));
  CHECK(month_after(day("2026-01-15"), -1) == day("2025-12-15"));
  CHECK(month_after(day("2024-02-29"), 12) == day("2025-02-28"));
  CHECK(month_after(day("9999-12-15"), 1).days <= last_calendar_day.days);
  CHECK(day_after(day("9999-12-31"), 7) == last_calendar_day);
  CHECK(day_after(day("0001-01-01"), -1) == first_calendar_day);
}

TEST_CASE("The address says the day and the span; without a day it is today") {
  State state = on_calendar({}, "/issues?layout=calendar&day=2026-09-03");
  CHECK(state.calendar.day == day("2026-09-03"));
  reduce(state, Navigated{parse_route("/issues?layout=calendar")});
  CHECK(state.calendar.day == state.today);
  reduce(state, Navigated{parse_route("/issues?layout=calendar&span=week&day=2026-09-03")});
  CHECK(shown_period(state).weeks == 1);
  CHECK(shown_period(state).first == day("2026-08-31"));
}

TEST_CASE("A calendar that was opened on today goes on with it at midnight; one on another day stays there") {
  State state = on_calendar({dated(1, "", "2026-07-15")});
  const Timestamp tomorrow{world_now.unix_ms + ms_per_day};
  State elsewhere = state;
  CalendarState to;
  to.day = day("2026-07-20");
  reduce(elsewhere, CalendarChanged{to});
  reduce(state, Ticked{tomorrow, {}, 1, 1});
  reduce(elsewhere, Ticked{tomorrow, {}, 1, 1});
  CHECK(state.calendar.day == day("2026-07-15"));
  CHECK(cursor_issue(state) != nullptr);
  CHECK(elsewhere.calendar.day == day("2026-07-20"));
}

TEST_CASE("While issues still come in, the cursor goes to the first of its day, whichever came first") {
  State state = on_calendar({});
  reduce(state, world_snapshot());
  reduce(state, IssuesArrived{{dated(2, "", "2026-07-14")}});
  CHECK(cursor_issue(state)->number == 2);
  reduce(state, IssuesArrived{{dated(1, "", "2026-07-14")}});
  CHECK(cursor_issue(state)->number == 1);
  reduce(state, SnapshotEnded{10});
  reduce(state, SyncChanged{SyncPhase::synced, {}});
  Issue earlier = dated(3, "", "2026-07-14");
  earlier.position = 0;
  reduce(state, IssuesArrived{{earlier}});
  CHECK(cursor_issue(state)->number == 1);
}

TEST_CASE("Keys act on the first issue of the cursor's day, and on none where none is") {
  State state = on_calendar(
      {dated(1, "2026-07-13", "2026-07-15"), dated(2, "", "2026-07-14"), dated(3, "", "2026-07-16")});
  REQUIRE(cursor_issue(state) != nullptr);
  CHECK(cursor_issue(state)->number == 1);
  CalendarState to;
  to.day = day("2026-07-16");
  reduce(state, CalendarChanged{to});
  CHECK(cursor_issue(state)->number == 3);
  to.day = day("2026-07-17");
  reduce(state, CalendarChanged{to});
  CHECK(cursor_issue(state) == nullptr);
  CHECK(target_issues(state).empty());
}

TEST_CASE("The cursor follows its issue to another day that is shown, and stays where that is not") {
  State state = on_calendar({dated(1, "", "2026-07-14"), dated(2, "", "2026-07-14")});
  const auto due = [&](std::int64_t number, const char* text) {
    IssuePatch patch;
    patch.due_date = std::optional<Date>(day(text));
    reduce(state, IssuesPatched{{{world_issue(number), patch}}, world_now});
  };
  due(1, "2026-07-23");
  CHECK(state.calendar.day == day("2026-07-23"));
  CHECK(cursor_issue(state)->number == 1);
  due(1, "2026-09-23");
  CHECK(state.calendar.day == day("2026-07-23"));
  CHECK(cursor_issue(state) == nullptr);
  CalendarState to = state.calendar;
  to.day = day("2026-07-14");
  reduce(state, CalendarChanged{to});
  reduce(state, IssuesTrashed{{world_issue(2)}, world_now});
  CHECK(state.calendar.day == day("2026-07-14"));
  CHECK(cursor_issue(state) == nullptr);
}

TEST_CASE("In the tray keys act on its issue, and the next takes its place when it has got a day") {
  State state = on_calendar({dated(1, "", ""), dated(2, "", ""), dated(3, "", "")});
  reduce(state, RegionFocused{Region::detail});
  CHECK(cursor_issue(state)->number == 1);
  CalendarState to = state.calendar;
  to.tray_issue = world_issue(2);
  reduce(state, CalendarChanged{to});
  IssuePatch patch;
  patch.due_date = std::optional<Date>(day("2026-07-20"));
  reduce(state, IssuesPatched{{{world_issue(2), patch}}, world_now});
  CHECK(state.calendar.day == state.today);
  CHECK(cursor_issue(state)->number == 3);
}

TEST_CASE(
    "Among 100,000 issues a month is found without a look at each, and indexing them costs less than listing "
    "them") {
  std::mt19937 random(1);
  State state = make_world(100'000, 2);
  IssuesArrived dates;
  for (int number = 1; number <= 100'000; number += 2) {
    Issue issue = random_issue(number, random);
    issue.due_date = Date{state.today.days + static_cast<int>(random() % 3000) - 1500};
    issue.start_date.reset();
    issue.version = 2;
    dates.issues.push_back(std::move(issue));
  }
  reduce(state, std::move(dates));
  reduce(state, Navigated{parse_route("/issues?layout=calendar&q=")});
  REQUIRE(state.list.by_day.entries.size() > 50'000);
  const auto ms = [](auto&& work) {
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
      const auto begin = std::chrono::steady_clock::now();
      work();
      best = std::min(
          best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
  };
  const double indexing = ms([&] { (void)index_by_day(state, state.list.ordered); });
  const auto six_weeks = [&](Date first) {
    return ms([&] {
      for (int at = 0; at < 6; ++at) (void)week_of(state.list.by_day, Date{first.days + 7 * at});
    });
  };
  const double month = six_weeks(shown_period(state).first);
  // Nothing lies there: all that is left is to find that out.
  const double before = six_weeks(Date{state.today.days - 2000});
  const double after = six_weeks(Date{state.today.days + 2000});
  int typed = 0;
  const double listing = ms([&] { reduce(state, QueryTyped{"number:>=" + std::to_string(++typed)}); });
  MESSAGE("index ",
          indexing,
          " ms, month ",
          month,
          " ms, empty ones ",
          before,
          " and ",
          after,
          " ms, list ",
          listing,
          " ms");
  CHECK(indexing < listing);
  CHECK(month < listing);
  CHECK(before * 20 < indexing);
  CHECK(after * 20 < indexing);
}

}  // namespace dits::web::test
