// What follows from the figures of Insights: words, readings, and the queries that lead from a value to a
// list.
#include "web/store/insights.hpp"

#include <doctest/doctest.h>

#include "tests/web/support/insights.hpp"
#include "tests/web/support/world.hpp"
#include "web/store/query_run.hpp"
#include "web/store/reduce.hpp"

namespace dits::web::test {
namespace {

struct World {
  State state = make_world(20);
  FlowFigures figures =
      flow_figures(state, sample_insights({world_status(0), world_status(2), world_status(4)}));
};

}  // namespace

TEST_CASE("a chart stacks what is done first, and statuses of one name in two workflows together") {
  World world;
  const FlowFigures& figures = world.figures;
  REQUIRE(figures.statuses.size() == 3);
  CHECK(figures.statuses[0].name == "Done");
  CHECK(figures.statuses[2].name == "Backlog");
  CHECK(figures.done.back() == 8);
  CHECK(figures.scope.back() == 20);
  Workflow other = world.state.entities.workflows.front();
  other.id = WorkflowId{world_uuid(900)};
  other.statuses.resize(1);
  other.statuses[0].id = StatusId{world_uuid(901)};
  other.statuses[0].name = "BACKLOG";
  reduce(world.state, WorkflowArrived{other});
  Insights data = sample_insights({world_status(0), world_status(2), world_status(4)});
  data.statuses.push_back({other.statuses[0].id, data.statuses[0].counts});
  const FlowFigures both = flow_figures(world.state, data);
  CHECK(both.statuses.size() == 3);
  CHECK(both.statuses[2].counts.back() == 2 * figures.statuses[2].counts.back());
}

TEST_CASE("the charts are told in a sentence, with numbers") {
  World world;
  CHECK(chart_summary(world.figures, FlowChart::flow) ==
        "Issues by status, 15 Jun to 14 Jul: Backlog 10, In Progress 2, Done 8.");
  CHECK(chart_summary(world.figures, FlowChart::cycle) ==
        "8 issues: half took up to 4.0 d, 85 in 100 up to 7.0 d, 95 in 100 up to 8.0 d.");
  CHECK(chart_summary(world.figures, FlowChart::age) ==
        "2 issues are in work, longest #31 Long in work: since 1 Jul.");
  CHECK(chart_summary(world.figures, FlowChart::burn_up)
            .find("14 Jul: done 8, scope 20. From your last 8 weeks, 1,000 runs: half end by ") == 0);
}

TEST_CASE("a forecast says its days, where they come from, and why there is none") {
  World world;
  CHECK(forecast_days(world.figures).find(" to ") != std::string::npos);
  FlowFigures figures = world.figures;
  figures.forecast = Forecast{3, 5, 10};
  CHECK(forecast_days(figures) == "19 to 24 Jul");
  figures.forecast = Forecast{3, 5, 30};
  CHECK(forecast_days(figures) == "19 Jul to 13 Aug");
  figures.forecast = Forecast{3, 5, 200};
  CHECK(forecast_days(figures) == "19 Jul to 30 Jan 2027");
  figures.forecast = Forecast{5, 5, 5};
  CHECK(forecast_days(figures) == "19 Jul");
  CHECK(forecast_words(figures) ==
        "From your last 8 weeks, 1,000 runs: half end by 19 Jul, 85 in 100 by 19 Jul");
  Insights few = sample_insights({world_status(0), world_status(2), world_status(4)});
  few.recent.assign(56, 0);
  few.finished.resize(4);
  const FlowFigures little = flow_figures(world.state, few);
  CHECK_FALSE(little.forecast);
  CHECK_FALSE(little.cycle);
  CHECK(forecast_days(little) == "Not yet");
  CHECK(forecast_words(little) == "A forecast needs 5 issues finished in 8 weeks");
  few.open = 0;
  CHECK(forecast_days(flow_figures(world.state, few)) == "Done");
}

TEST_CASE("readings begin at today or at the oldest work, and stop at the ends") {
  World world;
  InsightsView view;
  view.figures = std::make_shared<const FlowFigures>(world.figures);
  move_reading(view, 0);
  CHECK(reading_at(view) == 29);
  move_reading(view, 5);
  CHECK(reading_at(view) == 29);
  move_reading(view, -40);
  CHECK(reading_at(view) == 0);
  CHECK(reading_text(world.figures, FlowChart::flow, 0) == "15 Jun: Backlog 18, In Progress 2, Done 0");
  view.chart = static_cast<std::size_t>(FlowChart::age);
  view.is_reading = false;
  move_reading(view, 0);
  CHECK(reading_at(view) == 0);
  CHECK(reading_text(world.figures, FlowChart::cycle, 0).find("#1 Issue 1: 1.0 d, finished ") == 0);
}

TEST_CASE("every value leads to a query that can be read, and finds what it is about") {
  World world;
  State& state = world.state;
  for (std::size_t chart = 0; chart < flow_chart_count; ++chart) {
    const auto which = static_cast<FlowChart>(chart);
    for (const auto at :
         {std::optional<std::size_t>(), std::optional<std::size_t>(0), std::optional<std::size_t>(1)}) {
      const std::string query =
          with_query("priority:high OR priority:low", list_query(world.figures, which, at));
      CAPTURE(query);
      std::optional<QueryError> error;
      compile_query(state, query, &error);
      CHECK_FALSE(error);
    }
  }
  CHECK(list_query(world.figures, FlowChart::cycle, 0) == "number:1");
  CHECK(list_query(world.figures, FlowChart::age, std::nullopt) == "status:\"In Progress\"");
  CHECK(with_query("a OR b", "is:open") == "(a OR b) is:open");
  CHECK(with_query("", "is:open") == "is:open");
  CHECK(with_query("label:bug", "") == "label:bug");
}

TEST_CASE("what is asked has the project's name, and no order") {
  World world;
  State& state = world.state;
  Route route = parse_route("/projects/" + to_string(world_project(0)) + "?layout=insights&days=365");
  REQUIRE(shows_insights(route));
  route.has_query = true;
  route.query = "label:bug OR label:docs sort:-updated";
  reduce(state, Navigated{route});
  const std::string name = find_project(state.entities, world_project(0))->name;
  CHECK(insights_question(state) ==
        InsightsQuestion{"project:\"" + name + "\" (label:bug OR label:docs)", 365});
  CHECK(format_route(route).find("layout=insights&days=365&q=") != std::string::npos);
  CHECK(parse_route("/insights") == parse_route("/issues?layout=insights"));
  CHECK_FALSE(shows_insights(parse_route("/today?layout=insights")));
  CHECK_FALSE(shows_insights(parse_route("/trash?layout=insights")));
}

TEST_CASE("values as CSV: a head line, a line for each") {
  World world;
  const std::string days = chart_csv(world.figures, FlowChart::flow);
  CHECK(days.find("day,Done,In Progress,Backlog") == 0);
  CHECK(days.find("2026-07-14,8,2,10") != std::string::npos);
  CHECK(chart_csv(world.figures, FlowChart::burn_up).find("day,done,scope,created,completed") == 0);
  CHECK(chart_csv(world.figures, FlowChart::cycle).find("1,Issue 1,2026-") != std::string::npos);
  CHECK(chart_csv(world.figures, FlowChart::age).find("31,Long in work,2026-07-01") != std::string::npos);
}

}  // namespace dits::web::test
