// Insights → System as a screen reader and the keyboard meet it, and when it asks the server.
#include "web/store/system.hpp"

#include <doctest/doctest.h>

#include "shared/json/system_json.hpp"
#include "tests/web/support/browser.hpp"
#include "tests/web/support/stage.hpp"

namespace dits::web::test {
namespace {

constexpr std::int64_t last_ms = 1'784'016'300'000;  // 2026-07-14T08:05:00Z

SystemOverview overview_with(int samples, std::int64_t until_ms = last_ms) {
  using enum SystemSeries;
  SystemOverview overview;
  overview.at = {until_ms};
  overview.url = "http://127.0.0.1:3000";
  overview.version = "0.1.0";
  overview.started_at = {last_ms - 7'500'000};
  overview.pool_max = 10;
  for (int at = samples - 1; at >= 0; --at) {
    SystemSample sample;
    sample.at = {until_ms - at * system_step_ms};
    sample[requests_good] = 10.0f + static_cast<float>(at % 5);
    sample[requests_refused] = 0.5f;
    sample[requests_failed] = 0;
    sample[latency_half] = 0.8f;
    sample[latency_most] = 3.2f;
    sample[latency_slowest] = 9;
    sample[pool_busy] = 2;
    sample[pool_idle] = 1;
    sample[pool_waiting] = 0;
    sample[memory] = 12'058'624.0f;
    sample[cpu] = 1.5f;
    sample[database_size] = 15'728'640.0f;
    sample[disk_free] = 21'474'836'480.0f;
    overview.samples.push_back(sample);
  }
  overview.parts = {{"database", PartHealth::ok, ""}, {"redis", PartHealth::degraded, "Redis is away."}};
  overview.instances = {{"http://127.0.0.1:3000", "0.1.0", 4711, 3, 10, true},
                        {"http://127.0.0.1:3001", "0.1.0", 4712, 2, 10, false}};
  overview.alerts = {{"redis", "Redis cannot be reached.", {last_ms - 600'000}, std::nullopt},
                     {"disk", "4% is free.", {last_ms - 7'200'000}, Timestamp{last_ms - 3'600'000}}};
  overview.statements = {{"list_issues", 1'200, 0.5, 812, 600, "Seq Scan on issues\n  Filter: '?'"},
                         {"find_user", 40, 0.1, 0.3, 4, ""}};
  return overview;
}

std::shared_ptr<SystemView> view_with(int samples) {
  auto view = std::make_shared<SystemView>();
  view->overview = std::make_shared<const SystemOverview>(overview_with(samples));
  return view;
}

struct SystemStage : Stage {
  explicit SystemStage(int samples = 60, float width = 1440, float height = 2400) : Stage(width, height) {
    state.session.me.role = Role::admin;
    change(SystemChanged{view_with(samples)});
    go("/insights/system");
  }
  const SystemView& view() const { return system_of(state); }
};

// A server that also has figures to tell.
struct Figures {
  explicit Figures(Browser& browser) {
    browser.platform.server = [this, &browser](const FetchRequest& request) {
      if (request.url.find("/admin/system") == std::string::npos) return browser.server.answer(request);
      asked.push_back(request.url);
      if (!problem.empty()) return FakeServer::problem(503, "unavailable", problem);
      return FakeServer::ok(system_overview_text(overview));
    };
  }
  SystemOverview overview = overview_with(3);
  std::string problem;
  std::vector<std::string> asked;
};

}  // namespace

TEST_CASE("The page on the system tells the moment as tiles, and time as figures with tables") {
  SystemStage stage;
  CHECK(stage.platform.sees("listitem", "Requests: 10.5/s, none failed"));
  CHECK(stage.platform.sees("listitem", "Connections: 2 of 10, nobody waits"));
  CHECK(stage.platform.sees("listitem", "State: Degraded, 1 alert"));
  CHECK(stage.platform.sees("figure", "Requests"));
  CHECK(stage.platform.sees("figure", "Latency"));
  CHECK_FALSE(stage.platform.sees("figure", "Replicas"));
  CHECK(stage.platform.sees("columnheader", "refused (4xx)"));
  CHECK(stage.platform.sees("rowheader", "08:05:00"));
  CHECK(stage.platform.sees("cell", "3.2 ms"));
}

TEST_CASE("The page on the system is for administrators: others read why, and find no way to it") {
  Stage stage;
  stage.go("/insights/system");
  CHECK(stage.platform.sees("alert", "The state of the server is for administrators. Ask one for the role."));
  CHECK_FALSE(stage.platform.sees("link", "System"));
  stage.go("/today");
  stage.run("go.system");
  CHECK(stage.state.route.screen == Screen::today);
}

TEST_CASE("Before the first answer it loads, before the first sample it says when; a failure says why") {
  SystemStage stage(0);
  CHECK(stage.platform.sees("status", "Samples appear after 5 seconds."));
  stage.change(SystemChanged{std::make_shared<SystemView>()});
  stage.platform.advance(300);
  CHECK(stage.platform.sees("status", "Loading"));
  auto view = std::make_shared<SystemView>();
  view->problem = "The server is not ready.";
  stage.change(SystemChanged{view});
  CHECK(stage.platform.sees("alert", "The server is not ready. It is asked again every few seconds."));
  view = view_with(3);
  view->problem = "The server is not ready.";
  stage.change(SystemChanged{view});
  CHECK(stage.platform.sees("figure", "Requests"));
  CHECK(stage.platform.mirror_text().find("Not up to date.") != std::string::npos);
}

TEST_CASE("Values are read by keys and said; Escape ends the reading, then leaves the page") {
  SystemStage stage;
  stage.run("insights.chart_2");
  CHECK(stage.view().is_reading);
  CHECK(stage.state.announcement == "Latency at 08:05:00: half 0.8 ms, 95 in 100 3.2 ms, 99 in 100 9 ms");
  stage.run("insights.left");
  CHECK(stage.view().reading == Timestamp{last_ms - system_step_ms});
  stage.run("insights.left_far");
  CHECK(stage.view().reading == Timestamp{last_ms - 11 * system_step_ms});
  stage.run("insights.next_chart");
  CHECK(stage.state.announcement.starts_with("Connections at 08:04:05: "));
  stage.run("insights.leave");
  CHECK_FALSE(stage.view().is_reading);
  stage.run("insights.leave");
  CHECK(stage.state.route.screen != Screen::system);
}

TEST_CASE("The range is switched by mouse and keys") {
  SystemStage stage;
  stage.platform.click("radio", "24 hours");
  CHECK(stage.view().range == SystemRange::day);
  CHECK(stage.platform.sees("status", "The first figures of a day appear after a minute."));
  stage.run("insights.shorter");
  CHECK(stage.view().range == SystemRange::hour);
  stage.run("insights.shorter");
  stage.run("insights.shorter");
  CHECK(stage.view().range == SystemRange::five_minutes);
}

TEST_CASE("Alerts say since when and what to do; parts and servers are listed") {
  SystemStage stage;
  CHECK(stage.platform.sees("alert", "redis: Redis cannot be reached."));
  CHECK(stage.platform.sees("listitem", "redis: Redis cannot be reached. For 10 min."));
  CHECK(stage.platform.sees("listitem", "disk: Resolved 1 h ago, after 1 h. 4% is free."));
  CHECK(stage.platform.sees("listitem", "database: fine"));
  CHECK(stage.platform.sees("listitem", "redis: Redis is away."));
  CHECK(stage.platform.sees(
      "listitem", "http://127.0.0.1:3000 (this one): dits 0.1.0, process 4711, 3 of 10 connections"));
  CHECK(stage.platform.sees("listitem",
                            "http://127.0.0.1:3001: dits 0.1.0, process 4712, 2 of 10 connections"));
}

TEST_CASE("A slow statement opens its plan; one that never was slow says why it has none") {
  SystemStage stage;
  stage.platform.click("button", "list_issues");
  CHECK(stage.platform.sees("code", "Plan of list_issues"));
  stage.platform.activate("button", "find_user");
  CHECK_FALSE(stage.platform.sees("code", "Plan of list_issues"));
  CHECK(stage.platform.mirror_text().find("None of its runs was slow") != std::string::npos);
  stage.platform.click("button", "find_user");
  CHECK_FALSE(stage.platform.sees("code", "Plan of find_user"));
}

TEST_CASE("On a phone the page on the system is one column, with everything in it") {
  SystemStage stage(60, 390, 6000);
  for (const char* figure : {"Requests", "Latency", "Connections", "Memory", "Database"})
    CHECK(stage.platform.sees("figure", figure));
  CHECK(stage.platform.sees("listitem", "State: Degraded, 1 alert"));
  CHECK(stage.platform.sees("button", "list_issues"));
  stage.platform.click("radio", "1 hour");
  CHECK(stage.view().range == SystemRange::hour);
}

TEST_CASE("Figures are asked for while the page is looked at, each time for what is new") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  Browser browser(server);
  Figures figures(browser);
  browser.open("/today");
  CHECK(figures.asked.empty());
  browser.platform.go_to("/insights/system");
  browser.platform.advance(100);
  REQUIRE(figures.asked.size() == 1);
  CHECK(figures.asked[0].find("since") == std::string::npos);
  CHECK(system_of(browser.desk.state()).overview->samples.size() == 3);
  figures.overview.samples = overview_with(1, last_ms + system_step_ms).samples;
  browser.platform.advance(5'200);
  REQUIRE(figures.asked.size() == 2);
  CHECK(figures.asked[1].find("since=2026-07-14T08%3A05%3A00.000Z") != std::string::npos);
  CHECK(system_of(browser.desk.state()).overview->samples.size() == 4);

  browser.platform.leave();
  for (int i = 0; i < 10; ++i) browser.platform.advance(5'000);
  CHECK(figures.asked.size() == 2);
  browser.platform.come_back();
  browser.platform.advance(100);
  CHECK(figures.asked.size() == 3);
  browser.platform.go_to("/today");
  for (int i = 0; i < 10; ++i) browser.platform.advance(5'000);
  CHECK(figures.asked.size() == 3);
}

TEST_CASE("Another server's answer is asked for whole; a refusal is shown and asked again") {
  FakeServer server;
  server.snapshot.user->role = Role::admin;
  Browser browser(server);
  Figures figures(browser);
  browser.open("/insights/system");
  REQUIRE(!figures.asked.empty());
  const std::size_t before = figures.asked.size();
  figures.overview.url = "http://127.0.0.1:3001";
  browser.platform.advance(5'200);
  REQUIRE(figures.asked.size() == before + 2);
  CHECK(figures.asked.back().find("since") == std::string::npos);
  CHECK(system_of(browser.desk.state()).overview->url == "http://127.0.0.1:3001");
  figures.problem = "The database does not answer.";
  browser.platform.advance(5'200);
  CHECK(system_of(browser.desk.state()).problem == "The database does not answer.");
  CHECK(system_of(browser.desk.state()).overview->samples.size() == 3);
  figures.problem.clear();
  browser.platform.advance(5'200);
  CHECK(system_of(browser.desk.state()).problem.empty());
}

}  // namespace dits::web::test
