// The calendar as a screen reader meets it, and what presses and drags do.
#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

// Stage's issues, with a span for #128: 10 to 16 July.
struct CalendarStage : Stage {
  explicit CalendarStage(float width = 1440, float height = 900) : Stage(width, height) {
    IssuePatch patch;
    patch.start_date = parse_date("2026-07-10").value();
    change(IssuesPatched{{{issue(128), patch}}, state.now});
    go("/upcoming?layout=calendar");
  }
  const Issue& at(std::int64_t number) const { return *find_issue(state.entities, number); }
  std::string due(std::int64_t number) const {
    return at(number).due_date ? to_string(*at(number).due_date) : "";
  }
};

}  // namespace

TEST_CASE("The calendar is a grid of weeks and days, each named with how much is on it") {
  CalendarStage stage;
  check_golden("ui/calendar", stage.platform.mirror_text());
}

TEST_CASE("On a phone the month has the chosen day's issues below") {
  CalendarStage stage(390, 844);
  check_golden("ui/phone_calendar", stage.platform.mirror_text());
  stage.platform.click("gridcell", "Thu 16 July, 1 issue");
  CHECK(stage.platform.sees("row", "#128 WebSocket reconnect drops queued edits after sleep"));
  stage.platform.click("gridcell", "Fri 17 July, no issues");
  CHECK_FALSE(stage.platform.sees("row", "#128 WebSocket reconnect drops queued edits after sleep"));
  stage.platform.click("button", "Overdue and without a date");
  stage.platform.click("button", "Due Fri 17 July: #150 Drop Node 18 from the test matrix");
  CHECK(stage.due(150) == "2026-07-17");
  stage.platform.click("button", "Close");
  CHECK(stage.platform.sees("row", "#150 Drop Node 18 from the test matrix"));
  stage.platform.click("button", "Next month");
  CHECK(stage.platform.sees("heading", "August 2026"));
  stage.platform.click("button", "Week");
  CHECK(stage.state.route.by_week);
}

TEST_CASE("A press moves the cursor to a day or an entry, a double press opens or makes an issue") {
  CalendarStage stage;
  stage.platform.click("gridcell", "Thu 23 July, no issues");
  CHECK(to_string(stage.state.calendar.day) == "2026-07-23");
  CHECK(cursor_issue(stage.state) == nullptr);
  stage.platform.click("button", "#137 Back-pressure: stop reading when the queue is full");
  CHECK(to_string(stage.state.calendar.day) == "2026-07-20");
  REQUIRE(cursor_issue(stage.state) != nullptr);
  CHECK(cursor_issue(stage.state)->number == 137);
  stage.platform.double_click("gridcell", "Fri 24 July, no issues");
  REQUIRE(stage.state.quick_create.is_open);
  CHECK(to_string(stage.state.quick_create.due_date.value()) == "2026-07-24");
  stage.change(QuickCreateClosed{false});
  stage.platform.double_click("button", "#137 Back-pressure: stop reading when the queue is full");
  CHECK(stage.state.route.screen == Screen::issue);
}

TEST_CASE("An entry that is dragged to another day is due on it") {
  CalendarStage stage;
  stage.platform.drag("button",
                      "#137 Back-pressure: stop reading when the queue is full",
                      "gridcell",
                      "Thu 23 July, no issues");
  CHECK(stage.due(137) == "2026-07-23");
  CHECK(stage.state.drag.issues.empty());
  CHECK(to_string(stage.state.calendar.day) == "2026-07-23");
}

TEST_CASE("Esc ends a drag for good, although the button is still down") {
  CalendarStage stage;
  const std::string due = stage.due(137);
  const char* entry = "#137 Back-pressure: stop reading when the queue is full";
  stage.platform.hold("button", entry, "gridcell", "Thu 23 July, no issues");
  CHECK(!stage.state.drag.issues.empty());
  stage.change(DragChanged{});  // as the command of Esc does
  stage.platform.draw();
  CHECK(stage.state.drag.issues.empty());
  stage.platform.release();
  CHECK(stage.due(137) == due);
  CHECK(stage.state.drag.issues.empty());
  stage.platform.hold("gridcell", "Tue 21 July, no issues", "gridcell", "Thu 23 July, no issues");
  stage.platform.press("Escape");
  stage.platform.release();
  CHECK(!stage.state.quick_create.is_open);
}

TEST_CASE("An issue of the tray that is dragged onto a day gets it, and one dragged into the tray loses it") {
  CalendarStage stage;
  stage.platform.drag(
      "option", "#150 Drop Node 18 from the test matrix", "gridcell", "Wed 22 July, no issues");
  CHECK(stage.due(150) == "2026-07-22");
  stage.platform.drag(
      "button", "#150 Drop Node 18 from the test matrix", "option", "#181 An unsorted thought");
  CHECK(stage.due(150).empty());
}

TEST_CASE("Days that are pulled over become a new issue's span") {
  CalendarStage stage;
  stage.platform.drag("gridcell", "Tue 21 July, no issues", "gridcell", "Thu 23 July, no issues");
  REQUIRE(stage.state.quick_create.is_open);
  CHECK(to_string(stage.state.quick_create.start_date.value()) == "2026-07-21");
  CHECK(to_string(stage.state.quick_create.due_date.value()) == "2026-07-23");
}

TEST_CASE("What a day has no room for is listed over it, and the cursor goes through all of it") {
  CalendarStage stage;
  IssuesPatched patched{{}, stage.state.now};
  for (const std::int64_t number : {133, 137, 122, 150, 125, 181, 144}) {
    IssuePatch patch;
    patch.due_date = std::optional<Date>(stage.state.today);
    patched.edits.push_back({stage.issue(number), patch});
  }
  stage.change(std::move(patched));
  CHECK(stage.platform.sees("gridcell", "Tue 14 July, 9 issues"));
  REQUIRE(stage.platform.sees("button", "5 more on Tue 14 July"));
  stage.platform.click("button", "5 more on Tue 14 July");
  CHECK(stage.platform.sees("dialog", "Tue 14 July, 9 issues"));
  stage.platform.click("button", "Close");
  CHECK_FALSE(stage.platform.sees("dialog", "Tue 14 July, 9 issues"));
  for (int step = 0; step < 5; ++step) stage.run("calendar.next_issue");
  CHECK(stage.platform.sees("dialog", "Tue 14 July, 9 issues"));
  stage.run("app.back");
  CHECK_FALSE(stage.platform.sees("dialog", "Tue 14 July, 9 issues"));
  for (int step = 0; step < 5; ++step) stage.run("calendar.next_issue");
  stage.run("calendar.right");
  CHECK_FALSE(stage.platform.sees("dialog", "Tue 14 July, 9 issues"));
}

TEST_CASE("The calendar is reached by its tab, turns months and weeks, and its tray can be closed") {
  CalendarStage stage;
  stage.go("/upcoming");
  stage.platform.click("tab", "Calendar");
  CHECK(stage.state.route.layout == Layout::calendar);
  stage.platform.click("button", "Next month");
  CHECK(stage.platform.sees("heading", "August 2026"));
  stage.platform.click("button", "Today");
  CHECK(stage.platform.sees("grid", "July 2026"));
  stage.platform.click("radio", "Week");
  CHECK(stage.platform.sees("grid", "13 to 19 July 2026"));
  CHECK(stage.platform.sees("complementary", "Overdue and without a date"));
  stage.platform.click("button", "Close the tray");
  CHECK_FALSE(stage.platform.sees("complementary", "Overdue and without a date"));
  stage.platform.click("tab", "List");
  CHECK(stage.state.route.layout == Layout::list);
}

TEST_CASE("A week that begins on Sunday is drawn so") {
  CalendarStage stage;
  stage.run("settings.week_start", std::int64_t{6});
  const std::string text = stage.platform.mirror_text();
  REQUIRE(text.find("\"Mon\"") != std::string::npos);
  CHECK(text.find("\"Sun\"") < text.find("\"Mon\""));
  stage.run("calendar.right");
  CHECK(stage.platform.sees("gridcell", "Wed 15 July, 2 issues"));
}

TEST_CASE("A card whose drop the workflow refuses is let go of all the same") {
  CalendarStage stage;
  Workflow workflow = stage.state.entities.workflows.front();
  workflow.transitions = {{stage.status("To Do"), {stage.status("Done")}}};
  stage.change(WorkflowArrived{workflow});
  stage.go("/upcoming?layout=board");
  stage.platform.drag("option", "#122 Document the wire protocol", "listbox", "In Progress, 1");
  CHECK(stage.at(122).status_id == stage.status("To Do"));
  CHECK(stage.state.drag.issues.empty());
}

}  // namespace dits::web::test
