// The plan as a screen reader meets it, and what presses and drags do.
#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"
#include "web/ui/plan_parts.hpp"

namespace dits::web::test {

namespace {

// Stage's issues: #128 from 10 to 16 July blocks #137, from 17 to 19 July; the others are milestones.
struct PlanStage : Stage {
  explicit PlanStage(float width = 1440, float height = 900) : Stage(width, height) {
    span(128, "2026-07-10", "2026-07-16");
    span(137, "2026-07-17", "2026-07-19");
    go("/issues?layout=plan");
  }
  void span(std::int64_t number, const char* first, const char* last) {
    IssuePatch patch;
    patch.start_date = parse_date(first).value();
    patch.due_date = parse_date(last).value();
    change(IssuesPatched{{{issue(number), patch}}, state.now});
  }
  std::string days(std::int64_t number) const {
    const Issue& at = *find_issue(state.entities, number);
    return (at.start_date ? to_string(*at.start_date).substr(5) : "") + ".." +
           (at.due_date ? to_string(*at.due_date).substr(5) : "");
  }
};

constexpr const char* first_name = "#128 WebSocket reconnect drops queued edits after sleep";

}  // namespace

TEST_CASE("The plan is a grid of issues with their bars, each told with its days, slack and links") {
  PlanStage stage;
  CHECK(stage.platform.sees("grid", "Timeline, 6 issues, 1 link"));
  CHECK(stage.platform.sees("row", first_name));
  CHECK(stage.platform.sees("gridcell", "#128: Fri 10 to Thu 16 July"));
  CHECK(stage.platform.mirror_text().find(
            "In Progress, Fri 10 to Thu 16 July, critical, no slack, blocks #137") != std::string::npos);
}

TEST_CASE("What a day late moves is told by who waits, also when both would end on one day") {
  PlanStage stage;
  IssuePatch patch;
  patch.start_date = std::optional<Date>{};
  patch.due_date = parse_date("2026-07-16").value();
  stage.change(IssuesPatched{{{stage.issue(137), patch}}, stage.state.now});
  const PlanNet& net = stage.state.list.net;
  for (std::uint32_t bar = 0; bar < net.bars.size(); ++bar) {
    if (issue_at(stage.state, net.bars[bar].slot).number == 128)
      CHECK(late_words(stage.state, bar) == "A day late moves #137 to Fri 17 Jul 2026");
  }
}

TEST_CASE("On a phone the names stand above their bars, and what comes next is a sheet") {
  PlanStage stage(390, 844);
  CHECK(stage.platform.sees("grid", "Timeline, 6 issues, 1 link"));
  CHECK(stage.platform.sees("gridcell", first_name));
  stage.platform.click("button", "Zoom out");
  CHECK(stage.state.route.zoom == PlanZoom::week);
  stage.platform.click("button", "Next to start");
  CHECK(stage.platform.sees("dialog", "Next to start"));
  stage.platform.click("option", "#122 Document the wire protocol");
  CHECK(stage.state.route.screen == Screen::issue);
  CHECK_FALSE(stage.platform.sees("dialog", "Next to start"));
}

TEST_CASE("A press moves the cursor to a row, a double press opens it") {
  PlanStage stage;
  stage.platform.click("gridcell", "#122 Document the wire protocol");
  REQUIRE(cursor_issue(stage.state) != nullptr);
  CHECK(cursor_issue(stage.state)->number == 122);
  stage.platform.double_click("gridcell", first_name);
  CHECK(stage.state.route.screen == Screen::issue);
}

TEST_CASE("A bar that is dragged takes its days along and pushes what waits") {
  PlanStage stage;
  // From the middle of #128's bar, the 13th, to that of #137's, the 18th.
  stage.platform.drag("gridcell", "#128: Fri 10 to Thu 16 July", "gridcell", "#137: Fri 17 to Sun 19 July");
  CHECK(stage.has_run("plan.drop"));
  CHECK(stage.days(128) == "07-15..07-21");
  CHECK(stage.days(137) == "07-22..07-24");
  CHECK(stage.state.drag.issues.empty());
  CHECK(cursor_issue(stage.state)->number == 128);
}

TEST_CASE("The days are zoomed and moved; a bar that is out of sight is led to by its row") {
  PlanStage stage;
  stage.platform.click("radio", "Quarter");
  CHECK(stage.state.route.zoom == PlanZoom::quarter);
  stage.platform.click("radio", "Day");
  stage.span(144, "2026-01-05", "2026-01-09");
  REQUIRE(stage.platform.sees("gridcell", "#144: Mon 5 to Fri 9 January"));
  stage.platform.click("gridcell", "#144: Mon 5 to Fri 9 January");
  REQUIRE(stage.state.plan.middle.has_value());
  CHECK(*stage.state.plan.middle < parse_date("2026-02-01").value().days);
  stage.platform.click("button", "Today");
  CHECK(*stage.state.plan.middle == stage.state.today.days + 0.5);
  stage.platform.click("button", "Fit");
  CHECK(stage.state.route.zoom == PlanZoom::quarter);
}

TEST_CASE("What comes next stands beside the bars, can be put away, and leads to its bar") {
  PlanStage stage;
  REQUIRE(stage.platform.sees("complementary", "Next to start"));
  stage.platform.click("option", "#122 Document the wire protocol");
  CHECK(cursor_issue(stage.state)->number == 122);
  CHECK(stage.state.plan.issue == stage.issue(122));
  stage.platform.click("button", "Close what comes next");
  CHECK_FALSE(stage.platform.sees("complementary", "Next to start"));
}

TEST_CASE("Of two thousand bars only those that are seen are laid out") {
  PlanStage stage;
  IssuesArrived arrived;
  for (std::int64_t number = 1001; number <= 3000; ++number) {
    Issue made = *find_issue(stage.state.entities, stage.issue(122));
    made.id = IssueId{make_uuid_v7(0, 0, static_cast<std::uint64_t>(number))};
    made.number = number;
    arrived.issues.push_back(made);
  }
  stage.change(std::move(arrived));
  const std::string text = stage.platform.mirror_text();
  CHECK(stage.state.list.net.bars.size() > 2000);
  std::size_t rows = 0;
  for (std::size_t at = text.find("row \"#"); at != std::string::npos; at = text.find("row \"#", at + 1))
    ++rows;
  CHECK(rows > 10);
  CHECK(rows < 40);
}

TEST_CASE("Without dates and links the plan says what it lacks") {
  PlanStage stage;
  stage.go("/issues?layout=plan&q=number%3A150");
  CHECK(stage.platform.mirror_text().find("grid") == std::string::npos);
  stage.go("/issues?layout=plan&q=number%3A128");
  CHECK(stage.platform.sees("grid", "Timeline, 1 issue, 0 links"));
}

}  // namespace dits::web::test
