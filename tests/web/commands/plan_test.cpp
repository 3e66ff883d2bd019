// The commands of the layout Plan, against a made-up server: keys, bars that push, undo, the address.
#include <doctest/doctest.h>

#include "shared/json/issue_json.hpp"
#include "tests/web/support/browser.hpp"
#include "web/commands/keymap.hpp"

namespace dits::web::test {

namespace {

Date day(const char* text) { return *parse_date(text); }

// #1 from 13 to 15 July blocks #2 from 16 to 17 July, which blocks #3, due on the 20th. #4 is due on the 22nd
// and has no links, #5 no date. Today is Tuesday 14 July 2026.
struct PlanDesk {
  PlanDesk() : browser(server) {
    const auto date = [&](std::size_t at, std::optional<Date> start, std::optional<Date> due) {
      server.snapshot.issues[at].start_date = start;
      server.snapshot.issues[at].due_date = due;
      server.snapshot.issues[at].project_id = world_project(0);
    };
    date(0, day("2026-07-13"), day("2026-07-15"));
    date(1, day("2026-07-16"), day("2026-07-17"));
    date(2, std::nullopt, day("2026-07-20"));
    date(3, std::nullopt, day("2026-07-22"));
    date(4, std::nullopt, std::nullopt);
    server.snapshot.relations = {blocks(1, 2), blocks(2, 3)};
    browser.platform.set_now(world_now);
    browser.open("/issues?layout=plan");
  }

  static IssueRelation blocks(std::int64_t from, std::int64_t to) {
    IssueRelation made;
    made.id = RelationId{world_uuid(static_cast<std::uint64_t>(90'000 + from * 100 + to))};
    made.source_id = world_issue(from);
    made.target_id = world_issue(to);
    made.type = RelationType::blocks;
    made.created_at = world_now;
    return made;
  }
  const State& state() const { return browser.desk.state(); }
  void press(const std::string& key, bool shift = false) {
    browser.desk.key_pressed(Chord{key, "", false, shift, false, false});
  }
  std::int64_t cursor() const {
    const Issue* issue = cursor_issue(state());
    return issue != nullptr ? issue->number : 0;
  }
  // "07-13..07-15"; with one date "..07-20".
  std::string days(std::int64_t number) const {
    const Issue& issue = browser.issue(number);
    return (issue.start_date ? to_string(*issue.start_date).substr(5) : "") + ".." +
           (issue.due_date ? to_string(*issue.due_date).substr(5) : "");
  }
  void drop(const BoardDrag& drag) {
    browser.desk.change(DragChanged{drag});
    CHECK(state().mode == Mode::drag);
    browser.desk.run({"plan.drop", {}, {}, false, 0, 0});
    browser.desk.change(DragChanged{});
  }

  FakeServer server;
  Browser browser;
};

BoardDrag drag_of(std::int64_t number, DragPart part, const char* from, const char* over) {
  BoardDrag drag;
  drag.issues = {world_issue(number)};
  drag.part = part;
  drag.from_day = day(from);
  drag.over_day = day(over);
  return drag;
}

}  // namespace

TEST_CASE("v p opens the plan of a place, and of all issues where nothing is listed; v l leads back") {
  PlanDesk desk;
  desk.browser.platform.go_to("/upcoming");
  desk.browser.settle();
  desk.press("v");
  desk.press("p");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=plan");
  desk.press("-");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming?layout=plan&zoom=week");
  desk.press("v");
  desk.press("l");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/upcoming");
  desk.browser.platform.go_to("/trash");
  desk.browser.settle();
  desk.press("v");
  desk.press("p");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues?layout=plan");
}

TEST_CASE("j and k go by rows, h and l along links, g g and G to the ends") {
  PlanDesk desk;
  CHECK(desk.cursor() == 1);
  desk.press("j");
  CHECK(desk.cursor() == 2);
  desk.press("l");
  CHECK(desk.cursor() == 3);
  desk.press("l");
  CHECK(desk.cursor() == 3);
  CHECK(desk.state().pending.complaint == "It blocks nothing that is shown here");
  desk.press("h");
  desk.press("ArrowLeft");
  CHECK(desk.cursor() == 1);
  desk.press("G");
  CHECK(desk.cursor() == 4);
  desk.press("ArrowUp");
  CHECK(desk.cursor() == 3);
  desk.press("g");
  desk.press("g");
  CHECK(desk.cursor() == 1);
  desk.press("k");
  CHECK(desk.cursor() == 1);
}

TEST_CASE("A zoom is in the address, without an entry of its own, and keeps the query that was typed") {
  PlanDesk desk;
  desk.browser.desk.change(QueryTyped{"number:2"});
  desk.press("-");
  desk.press("-");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues?layout=plan&zoom=month&q=number%3A2");
  desk.press("-");
  desk.press("-");
  CHECK(desk.state().pending.complaint == "A quarter is as far as it gets");
  desk.press("+");
  desk.browser.settle();
  CHECK(desk.state().route.zoom == PlanZoom::month);
}

TEST_CASE("A zoom takes neither the keyboard from what comes next nor a key back") {
  PlanDesk desk;
  desk.press("T");
  REQUIRE(is_in_next(desk.state()));
  desk.press("d");
  desk.browser.desk.route_changed("/issues?layout=plan&zoom=week");
  CHECK(desk.state().route.zoom == PlanZoom::week);
  CHECK(is_in_next(desk.state()));
  CHECK_FALSE(desk.state().pending.keys.empty());
}

TEST_CASE("Enter opens the issue, Esc leads back to its row") {
  PlanDesk desk;
  desk.press("j");
  desk.press("Enter");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues/2");
  desk.press("Escape");
  desk.browser.settle();
  CHECK(desk.browser.platform.location() == "/issues?layout=plan");
  CHECK(desk.cursor() == 2);
}

TEST_CASE("Shift and arrows move a bar; what waits is pushed with it, and u takes all of it back at once") {
  PlanDesk desk;
  desk.press("ArrowRight", true);
  CHECK(desk.days(1) == "07-14..07-16");
  CHECK(desk.days(2) == "07-17..07-18");
  CHECK(desk.days(3) == "..07-20");
  CHECK(desk.browser.has_toast("Moved #1 a day later, and 1 that waits"));
  for (int step = 0; step < 3; ++step) desk.press("ArrowRight", true);
  CHECK(desk.days(2) == "07-20..07-21");
  CHECK(desk.days(3) == "..07-21");
  desk.browser.settle();
  CHECK(desk.server.snapshot.issues[2].due_date == day("2026-07-21"));
  desk.press("u");
  CHECK(desk.days(1) == "07-16..07-18");
  CHECK(desk.days(3) == "..07-20");
  desk.press("U");
  CHECK(desk.days(3) == "..07-21");
  CHECK(desk.cursor() == 1);
}

TEST_CASE("A bar that moves earlier pushes nothing") {
  PlanDesk desk;
  desk.press("j");
  desk.press("ArrowLeft", true);
  CHECK(desk.days(2) == "07-15..07-16");
  CHECK(desk.days(1) == "07-13..07-15");
  CHECK(desk.days(3) == "..07-20");
}

TEST_CASE("The ends of a bar move by keys and never past each other; a milestone gets a start") {
  PlanDesk desk;
  desk.press("<");
  desk.press("<");
  desk.press("<");
  CHECK(desk.days(1) == "07-13..07-13");
  CHECK(desk.state().pending.complaint == "The due date would be before the start");
  desk.press("}");
  CHECK(desk.state().pending.complaint == "The start would be after the due date");
  desk.press("{");
  desk.press(">");
  CHECK(desk.days(1) == "07-12..07-14");
  desk.press("G");
  desk.press("{");
  CHECK(desk.days(4) == "07-21..07-22");
}

TEST_CASE("What has no day is not moved") {
  PlanDesk desk;
  desk.browser.run("plan.later", {}, 5);
  CHECK(desk.state().pending.complaint == "It has no date yet: d d sets one");
}

TEST_CASE("Several selected bars move by as many days, and push the others as one step") {
  PlanDesk desk;
  desk.browser.desk.change(SelectionChanged{{world_issue(1), world_issue(4)}, {}});
  desk.press("ArrowRight", true);
  CHECK(desk.days(1) == "07-14..07-16");
  CHECK(desk.days(4) == "..07-23");
  CHECK(desk.days(2) == "07-17..07-18");
  CHECK(desk.browser.has_toast("Moved 2 issues a day later, and 1 that waits"));
  desk.press("u");
  CHECK(desk.days(4) == "..07-22");
  CHECK(desk.days(2) == "07-16..07-17");
}

TEST_CASE("A drop moves the bar and what it pushes, an end alone, or the bar alone with Alt") {
  PlanDesk desk;
  desk.drop(drag_of(1, DragPart::whole, "2026-07-14", "2026-07-20"));
  CHECK(desk.days(1) == "07-19..07-21");
  CHECK(desk.days(2) == "07-22..07-23");
  CHECK(desk.days(3) == "..07-23");
  desk.press("u");
  CHECK(desk.days(1) == "07-13..07-15");
  CHECK(desk.days(3) == "..07-20");
  desk.drop(drag_of(1, DragPart::due, "2026-07-15", "2026-07-16"));
  CHECK(desk.days(1) == "07-13..07-16");
  CHECK(desk.days(2) == "07-17..07-18");
  desk.drop(drag_of(1, DragPart::start, "2026-07-13", "2026-07-30"));
  CHECK(desk.days(1) == "07-16..07-16");
  BoardDrag alone = drag_of(1, DragPart::whole, "2026-07-14", "2026-07-20");
  alone.is_alone = true;
  desk.drop(alone);
  CHECK(desk.days(1) == "07-22..07-22");
  CHECK(desk.days(2) == "07-17..07-18");
  CHECK(desk.cursor() == 1);
}

TEST_CASE("A link that is dragged blocks; one that would close a circle is refused with the way round") {
  PlanDesk desk;
  BoardDrag link = drag_of(3, DragPart::link, "2026-07-20", "2026-07-22");
  link.over_issue = world_issue(4);
  desk.drop(link);
  CHECK(desk.state().list.net.links.size() == 3);
  BoardDrag back = drag_of(3, DragPart::link, "2026-07-20", "2026-07-13");
  back.over_issue = world_issue(1);
  desk.drop(back);
  CHECK(desk.state().list.net.links.size() == 3);
  CHECK(desk.state().pending.complaint == "A circle: #1 → #2 → #3 → #1");
  desk.press("Escape");
  desk.press("u");
  CHECK(desk.state().list.net.links.size() == 2);
}

TEST_CASE("T leads to what to start next and back; w there starts it") {
  PlanDesk desk;
  desk.press("T");
  REQUIRE(is_in_next(desk.state()));
  CHECK(desk.cursor() == 1);
  desk.press("j");
  CHECK(desk.cursor() == 4);
  desk.press("j");
  CHECK(desk.cursor() == 4);
  desk.press("k");
  desk.press("w");
  CHECK(kind_of(desk.state(), desk.browser.issue(1)) == StatusKind::progress);
  CHECK(desk.cursor() == 4);
  desk.press("h");
  CHECK_FALSE(is_in_next(desk.state()));
}

TEST_CASE("Commands of the plan are offered there and nowhere else") {
  PlanDesk desk;
  const Command* command = find_command("plan.later");
  REQUIRE(command != nullptr);
  CHECK(is_available(desk.state(), *command));
  desk.browser.platform.go_to("/issues");
  desk.browser.settle();
  CHECK_FALSE(is_available(desk.state(), *command));
}

}  // namespace dits::web::test
