// Insights as a screen reader and the keyboard meet it, and when it asks the server.
#include <doctest/doctest.h>

#include "shared/json/insights_json.hpp"
#include "tests/web/support/browser.hpp"
#include "tests/web/support/insights.hpp"
#include "tests/web/support/stage.hpp"
#include "web/store/insights.hpp"

namespace dits::web::test {
namespace {

struct FlowStage : Stage {
  explicit FlowStage(float width = 1440, float height = 900) : Stage(width, height) {
    go("/issues?layout=insights");
    show(sample_insights({status("Backlog"), status("In Progress"), status("Done")}));
  }
  void show(Insights data) {
    auto next = std::make_shared<InsightsView>(view());
    next->figures = std::make_shared<const FlowFigures>(flow_figures(state, std::move(data)));
    next->asked = insights_question(state);
    change(InsightsChanged{std::move(next)});
  }
  const InsightsView& view() const { return insights_of(state); }
};

}  // namespace

TEST_CASE("Insights are tiles and four figures, each with a sentence and a table") {
  FlowStage stage;
  CHECK(stage.platform.sees("listitem", "Open: 12, 8 done of 20"));
  CHECK(stage.platform.sees("listitem", "Cycle time: 4.0 d, 85 in 100 within 7.0 d"));
  CHECK(stage.platform.sees("listitem", "In progress: 2, longest 13 d"));
  for (const char* name : {"Cumulative flow", "Burn-up", "Cycle time", "Age of open work"})
    CHECK(stage.platform.sees("figure", name));
  const std::string text = stage.platform.mirror_text();
  CHECK(text.find("8 issues: half took up to 4.0 d") != std::string::npos);
  CHECK(text.find("1,000 runs: half end by") != std::string::npos);
  CHECK(stage.platform.sees("table", "Cumulative flow"));
  CHECK(stage.platform.sees("columnheader", "In Progress"));
  CHECK(stage.platform.sees("button", "#31 Long in work, 13 d, over p95"));
  CHECK(stage.platform.sees("tab", "Insights"));
  CHECK(stage.platform.sees("link", "Insights"));
}

TEST_CASE("Keys choose a chart and read its values; a value leads to its issues") {
  FlowStage stage;
  stage.run("insights.chart_1");
  CHECK(stage.state.announcement == "14 Jul: Backlog 10, In Progress 2, Done 8");
  stage.run("insights.left");
  stage.run("insights.left");
  CHECK(stage.state.announcement == "12 Jul: Backlog 10, In Progress 2, Done 8");
  stage.run("insights.chart_3");
  CHECK(stage.state.announcement.find("#8 Issue 8: 8.0 d") == 0);
  stage.run("insights.list");
  CHECK(stage.state.route.layout == Layout::list);
  CHECK(stage.state.list.query_text == "number:8");
  stage.go("/issues?layout=insights&q=label:bug");
  stage.run("insights.leave");
  stage.run("insights.chart_4");
  stage.run("insights.leave");
  stage.run("insights.list");
  CHECK(stage.state.list.query_text == "label:bug status:\"In Progress\"");
}

TEST_CASE("No issue that is not seen is acted on") {
  FlowStage stage;
  CHECK(cursor_issue(stage.state) == nullptr);
  CHECK(target_issues(stage.state).empty());
}

TEST_CASE("v i keeps place and query; smart screens lead to everything; the range is in the address") {
  FlowStage stage;
  stage.go("/today");
  stage.run("view.insights");
  CHECK(format_route(stage.state.route) == "/issues?layout=insights");
  stage.run("insights.longer");
  CHECK(format_route(stage.state.route) == "/issues?layout=insights&days=365");
  stage.run("insights.range", std::int64_t{30});
  CHECK(format_route(stage.state.route) == "/issues?layout=insights&days=30");
  stage.run("view.list");
  CHECK(format_route(stage.state.route) == "/issues");
  stage.run("go.insights");
  CHECK(format_route(stage.state.route) == "/issues?layout=insights");
}

TEST_CASE("Fewer than five finished issues have no percentiles; no issue has no chart") {
  FlowStage stage;
  Insights few =
      sample_insights({stage.status("Backlog"), stage.status("In Progress"), stage.status("Done")});
  few.finished.resize(4);
  few.recent.assign(56, 0);
  stage.show(few);
  CHECK(stage.platform.sees("listitem", "Cycle time: Not yet, needs 5 finished issues"));
  CHECK(stage.platform.sees("listitem", "Forecast: Not yet, needs 5 issues finished in 8 weeks"));
  few.finished.clear();
  few.working.clear();
  few.working_total = 0;
  stage.show(few);
  CHECK(stage.platform.sees("listitem", "In progress: 0, nothing is in work"));
  few.total = 0;
  stage.show(few);
  CHECK_FALSE(stage.platform.sees("figure", "Burn-up"));
}

TEST_CASE("On a phone the charts stand below each other, and offline it says why there are none") {
  FlowStage stage(390, 844);
  CHECK(stage.platform.sees("listitem", "Open: 12, 8 done of 20"));
  CHECK(stage.platform.sees("radio", "30 days"));
  CHECK(stage.platform.sees("figure", "Cumulative flow"));
  stage.change(InsightsChanged{nullptr});
  stage.change(SyncChanged{SyncPhase::offline, {}});
  CHECK(stage.platform.mirror_text().find("They are counted by the server") != std::string::npos);
}

TEST_CASE("The server is asked while Insights is looked at, and when the query rests") {
  FakeServer server;
  Browser browser(server);
  std::vector<std::string> asked;
  std::string problem;
  browser.platform.server = [&](const FetchRequest& request) {
    if (request.url.find("/api/v1/insights") == std::string::npos) return browser.server.answer(request);
    asked.push_back(request.url);
    if (!problem.empty()) return FakeServer::problem(503, "unavailable", problem);
    return FakeServer::ok(
        insights_text(sample_insights({world_status(0), world_status(2), world_status(4)})));
  };
  browser.open("/issues");
  CHECK(asked.empty());
  browser.platform.go_to("/issues?layout=insights");
  browser.platform.advance(100);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].find("days=60") != std::string::npos);
  CAPTURE(insights_of(browser.desk.state()).problem);
  REQUIRE(insights_of(browser.desk.state()).figures);
  CHECK(insights_of(browser.desk.state()).figures->data.total == 20);
  for (int i = 0; i < 5; ++i) browser.platform.advance(5'000);
  CHECK(asked.size() == 1);
  browser.platform.go_to("/issues?layout=insights&days=365");
  browser.platform.advance(50);
  REQUIRE(asked.size() == 2);
  CHECK(asked[1].find("days=365") != std::string::npos);
  problem = "The database does not answer.";
  browser.platform.go_to("/issues?layout=insights&days=365&q=is%3Aopen");
  browser.platform.advance(100);
  CHECK(asked.size() == 2);
  browser.platform.advance(300);
  REQUIRE(asked.size() == 3);
  CHECK(asked[2].find("q=is%3Aopen") != std::string::npos);
  CHECK(insights_of(browser.desk.state()).problem == "The database does not answer.");
  CHECK(insights_of(browser.desk.state()).figures);
  problem.clear();
  browser.platform.advance(5'200);
  CHECK(insights_of(browser.desk.state()).problem.empty());
  // Over midnight it is asked for the new day.
  browser.platform.set_now({browser.platform.now().unix_ms + 24 * 3600 * 1000});
  browser.platform.advance(60'000);
  browser.platform.advance(5'000);
  CHECK(asked.size() == 5);
  browser.platform.go_to("/today");
  for (int i = 0; i < 5; ++i) browser.platform.advance(5'000);
  CHECK(asked.size() == 5);
}

}  // namespace dits::web::test
