// The commands of a calendar, against a made-up server: keys, dates, undo, the address.
#include <doctest/doctest.h>

#include "shared/json/issue_json.hpp"
#include "tests/web/support/browser.hpp"
#include "web/commands/keymap.hpp"

namespace dits::web::test {

namespace {

Date day(const char* text) { return *parse_date(text); }

// Five open issues: #1 from 13 to 15 July, #2 due on the 14th, #3 on the 20th, #4 on the 1st (overdue), #5
// without a date. Today is Tuesday 14 July 2026.
struct CalendarDesk {
  CalendarDesk() : browser(server) {
    const auto date = [&](std::size_t at, std::optional<Date> start, std::optional<Date> due) {
      server.snapshot.issues[at].start_date = start;
      server.snapshot.issues[at].due_date = due;
    };
    date(0, day("2026-07-13"), day("2026-07-15"));
    date(1, std::nullopt, day("2026-07-14"));
    date(2, std::nullopt, day("2026-07-20"));
    date(3, std::nullopt, day("2026-07-01"));
    date(4, std::nullopt, std::nullopt);
    browser.platform.set_now(world_now);
    browser.open("/upcoming?layout=calendar");
  }

  const State& state() const { return browser.desk.state(); }
  void press(const std::string& key, bool shift = false) {
    browser.desk.key_pressed(Chord{key, "", false, shift, false, false});
  }
  std::int64_t cursor() const {
    const Issue* issue = cursor_issue(state());
    return issue != nullptr ? issue->number : 0;
  }
  DaySpan days(std::int64_t number) const { return days_of(browser.issue(number)).value_or(DaySpan{}); }

  FakeServer server;
  Browser browser;
};

DaySpan span(const char* first, const char* last) { return {day(first), day(last)}; }
DaySpan on(const char* text) { return span(text, text); }

}  // namespace

TEST_CASE("v c opens the calendar of a place, and of Upcoming where nothing is listed; v l leads back") {
  CalendarDesk desk;
  desk.browser.platform.go_to("/issues");
  desk.browser.settle();
  desk.press("v");
  desk.press("c");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues?layout=calendar");
  CHECK(desk.state().calendar.day == desk.state().today);
  desk.press("v");
  desk.press("l");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues");
  for (const char* elsewhere : {"/settings/appearance", "/trash"}) {
    desk.browser.platform.go_to(elsewhere);
    desk.browser.settle();
    desk.press("v");
    desk.press("c");
    desk.browser.settle();
    CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar");
  }
}

TEST_CASE("h j k l go by days and weeks; the address follows when the hand rests, without a new entry") {
  CalendarDesk desk;
  desk.press("l");
  desk.press("j");
  CHECK(desk.state().calendar.day == day("2026-07-22"));
  desk.press("ArrowLeft");
  desk.press("ArrowUp");
  desk.press("h");
  CHECK(desk.state().calendar.day == day("2026-07-13"));
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar&day=2026-07-13");
  CHECK(desk.state().calendar.day == day("2026-07-13"));
}

TEST_CASE("Months are places: L goes on, back and forward work, 0 leads to today") {
  CalendarDesk desk;
  desk.press("l");
  desk.press("L");
  desk.press("L");  // before the address has followed
  desk.browser.settle();
  CHECK(desk.state().calendar.day == day("2026-09-15"));
  CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar&day=2026-09-15");
  desk.browser.platform.go_back();
  desk.browser.settle();
  CHECK(desk.state().calendar.day == day("2026-08-15"));
  desk.browser.platform.go_back();
  desk.browser.settle();
  CHECK(civil_from_date(desk.state().calendar.day).month == 7);
  desk.press("H");
  desk.press("0");
  desk.browser.settle();
  CHECK(desk.state().calendar.day == desk.state().today);
}

TEST_CASE("A week is shown by address; H and L then go by weeks, g g and G to its ends") {
  CalendarDesk desk;
  desk.press("v");
  desk.press("w");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar&span=week&day=2026-07-14");
  CHECK(shown_period(desk.state()).weeks == 1);
  desk.press("L");
  desk.browser.settle();
  CHECK(desk.state().calendar.day == day("2026-07-21"));
  desk.press("G");
  CHECK(desk.state().calendar.day == day("2026-07-26"));
  desk.press("g");
  desk.press("g");
  CHECK(desk.state().calendar.day == day("2026-07-20"));
  desk.press("v");
  desk.press("m");
  desk.browser.settle();
  desk.press("G");
  CHECK(desk.state().calendar.day == day("2026-07-31"));
}

TEST_CASE("A typed query stays with the next month and with the list") {
  CalendarDesk desk;
  desk.browser.desk.change(QueryTyped{"number:2"});
  desk.press("L");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar&day=2026-08-14&q=number%3A2");
  desk.press("v");
  desk.press("l");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?q=number%3A2");
}

TEST_CASE("J and K choose among a day's issues, Enter opens one, Esc leads back to the day") {
  CalendarDesk desk;
  CHECK(desk.cursor() == 1);
  desk.press("J");
  CHECK(desk.cursor() == 2);
  desk.press("J");
  CHECK(desk.cursor() == 2);
  desk.press("K");
  CHECK(desk.cursor() == 1);
  for (int step = 0; step < 6; ++step) desk.press("l");
  CHECK(desk.cursor() == 3);
  desk.press("Enter");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues/3");
  desk.press("Escape");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=calendar&day=2026-07-20");
  CHECK(desk.cursor() == 3);
}

TEST_CASE("Shift and arrows move the issue with the cursor; each is one step that u takes back") {
  CalendarDesk desk;
  desk.press("ArrowRight", true);
  desk.press("ArrowDown", true);
  CHECK(desk.days(1) == span("2026-07-21", "2026-07-23"));
  CHECK(desk.state().calendar.day == day("2026-07-22"));
  CHECK(desk.cursor() == 1);
  CHECK(desk.browser.has_toast("Moved #1 7 days later"));
  desk.browser.settle();
  REQUIRE(desk.server.writes.size() == 2);
  CHECK(desk.server.snapshot.issues[0].due_date == day("2026-07-23"));
  desk.press("u");
  CHECK(desk.days(1) == span("2026-07-14", "2026-07-16"));
  CHECK(desk.cursor() == 1);
  desk.press("u");
  CHECK(desk.days(1) == span("2026-07-13", "2026-07-15"));
  desk.press("U");
  CHECK(desk.days(1) == span("2026-07-14", "2026-07-16"));
}

TEST_CASE("The ends of a span move by keys and never past each other") {
  CalendarDesk desk;
  desk.press(">");
  CHECK(desk.days(1) == span("2026-07-13", "2026-07-16"));
  desk.press("}");
  CHECK(desk.days(1) == span("2026-07-14", "2026-07-16"));
  desk.press("{");
  desk.press("{");
  CHECK(desk.days(1) == span("2026-07-12", "2026-07-16"));
  for (int step = 0; step < 6; ++step) desk.press("<");
  CHECK(desk.days(1) == on("2026-07-12"));
  CHECK(desk.state().pending.complaint == "The due date would be before the start");
  desk.press("}");
  CHECK(desk.days(1) == on("2026-07-12"));
  CHECK(desk.state().pending.complaint == "The start would be after the due date");
}

TEST_CASE("An issue of one day becomes a span by an end that is moved") {
  CalendarDesk desk;
  desk.press("J");
  REQUIRE(desk.cursor() == 2);
  desk.press("{");
  CHECK(desk.days(2) == span("2026-07-13", "2026-07-14"));
}

TEST_CASE("Several selected issues move by as many days, as one step") {
  CalendarDesk desk;
  desk.browser.desk.change(SelectionChanged{{world_issue(1), world_issue(3), world_issue(5)}, {}});
  desk.press("ArrowLeft", true);
  CHECK(desk.days(1) == span("2026-07-12", "2026-07-14"));
  CHECK(desk.days(3) == on("2026-07-19"));
  CHECK_FALSE(days_of(desk.browser.issue(5)).has_value());
  desk.press("u");
  CHECK(desk.days(1) == span("2026-07-13", "2026-07-15"));
  CHECK(desk.days(3) == on("2026-07-20"));
}

TEST_CASE(
    "The address that follows the calendar's day takes neither the cursor out of the tray nor a key back") {
  CalendarDesk desk;
  desk.press("T");
  REQUIRE(is_in_tray(desk.state()));
  desk.press("d");
  REQUIRE_FALSE(desk.state().pending.keys.empty());
  desk.browser.desk.route_changed("/upcoming?layout=calendar&day=2026-07-16");
  CHECK(is_in_tray(desk.state()));
  CHECK_FALSE(desk.state().pending.keys.empty());
}

TEST_CASE("From the tray d c puts an issue onto the calendar's day, and the next one follows") {
  CalendarDesk desk;
  for (int step = 0; step < 2; ++step) desk.press("l");
  desk.press("T");
  CHECK(desk.cursor() == 4);  // overdue comes first
  desk.press("j");
  CHECK(desk.cursor() == 5);
  desk.press("d");
  desk.press("c");
  CHECK(desk.days(5) == on("2026-07-16"));
  CHECK(desk.cursor() == 4);
  desk.press("d");
  desk.press("c");
  CHECK(desk.days(4) == on("2026-07-16"));
  CHECK(desk.state().calendar.day == day("2026-07-16"));
  desk.press("h");
  CHECK(desk.state().region == Region::body);
  CHECK(desk.cursor() != 0);
  desk.press("T");
  CHECK(desk.state().pending.complaint.find("The tray is empty") == 0);
}

TEST_CASE("c makes an issue that is due on the cursor's day, and the cursor stands on it") {
  CalendarDesk desk;
  for (int step = 0; step < 3; ++step) desk.press("l");
  desk.press("c");
  CHECK(desk.state().quick_create.due_date == day("2026-07-17"));
  QuickCreate form = desk.state().quick_create;
  form.title = "Made on a day";
  desk.browser.desk.change(QuickCreateChanged{form});
  desk.browser.desk.run({"issue.create", {}, {}, false, 0, 0});
  REQUIRE(cursor_issue(desk.state()) != nullptr);
  CHECK(cursor_issue(desk.state())->title == "Made on a day");
  CHECK(desk.state().calendar.day == day("2026-07-17"));
  desk.browser.desk.run({"issue.new", span("2026-07-21", "2026-07-23"), {}, false, 0, 0});
  CHECK(desk.state().quick_create.start_date == day("2026-07-21"));
  CHECK(desk.state().quick_create.due_date == day("2026-07-23"));
}

TEST_CASE("What is let go over a day, an edge or the tray changes what that says, and ends the drag") {
  CalendarDesk desk;
  const auto drop =
      [&](std::int64_t number, DragPart part, std::optional<Date> from, std::optional<Date> over) {
        BoardDrag drag;
        drag.issues = {world_issue(number)};
        drag.part = part;
        drag.from_day = from;
        drag.over_day = over;
        drag.is_over_tray = !over;
        desk.browser.desk.change(DragChanged{drag});
        CHECK(desk.state().mode == Mode::drag);
        desk.browser.desk.run({"calendar.drop", {}, {}, false, 0, 0});
        CHECK(desk.state().drag.issues.empty());
      };
  drop(1, DragPart::whole, day("2026-07-14"), day("2026-07-17"));  // taken in its middle
  CHECK(desk.days(1) == span("2026-07-16", "2026-07-18"));
  CHECK(desk.state().calendar.day == day("2026-07-17"));
  CHECK(desk.cursor() == 1);
  drop(1, DragPart::due, day("2026-07-18"), day("2026-07-24"));
  CHECK(desk.days(1) == span("2026-07-16", "2026-07-24"));
  drop(1, DragPart::start, day("2026-07-16"), day("2026-07-30"));  // not beyond the due date
  CHECK(desk.days(1) == on("2026-07-24"));
  drop(5, DragPart::whole, std::nullopt, day("2026-07-22"));
  CHECK(desk.days(5) == on("2026-07-22"));
  drop(3, DragPart::whole, day("2026-07-20"), std::nullopt);
  CHECK_FALSE(days_of(desk.browser.issue(3)).has_value());
  desk.press("u");
  CHECK(desk.days(3) == on("2026-07-20"));
}

TEST_CASE("A board and a calendar have no pane: to edit leads to the issue's page") {
  CalendarDesk desk;
  desk.press("e");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues/1");
  CHECK(desk.state().editor.kind == EditorKind::title);
}

TEST_CASE("The first day of the week is kept with the account, and the calendar begins with it") {
  CalendarDesk desk;
  desk.browser.desk.run({"settings.week_start", std::int64_t{6}, {}, false, 0, 0});
  CHECK(shown_period(desk.state()).first == day("2026-06-28"));
  desk.browser.settle();
  REQUIRE_FALSE(desk.server.writes.empty());
  CHECK(desk.server.writes.back().body.find("weekStart") != std::string::npos);
  CHECK(desk.server.writes.back().body.find("sunday") != std::string::npos);
  User me = desk.state().session.me;
  me.preferences = R"({"weekStart":"saturday"})";
  desk.browser.desk.change(SignedIn{me});
  CHECK(desk.state().week_start == 5);
}

TEST_CASE("Commands of the calendar are offered there and nowhere else") {
  CalendarDesk desk;
  const Command* command = find_command("calendar.later");
  REQUIRE(command != nullptr);
  CHECK(is_available(desk.state(), *command));
  desk.browser.platform.go_to("/issues");
  desk.browser.settle();
  CHECK_FALSE(is_available(desk.state(), *command));
}

}  // namespace dits::web::test
