// The overview of a server, there and back.
#include "shared/json/system_json.hpp"

#include <doctest/doctest.h>

namespace dits {

TEST_CASE("a server's overview comes back from its JSON as it went, unknown figures as unknown") {
  SystemOverview overview;
  overview.at = {1'784'016'300'000};
  overview.url = "http://127.0.0.1:3000";
  overview.version = "0.1.0";
  overview.started_at = {1'784'000'000'000};
  overview.pool_max = 10;
  SystemSample sample;
  sample.at = {1'784'016'295'000};
  sample[SystemSeries::requests_good] = 12.5f;
  sample[SystemSeries::memory] = 11'534'336.0f;
  sample[SystemSeries::latency_half] = 0.75f;
  SystemSample quiet;
  quiet.at = {1'784'016'300'000};
  overview.samples = {sample, quiet};
  overview.minutes = {sample};
  overview.parts = {{"database", PartHealth::ok, ""}, {"redis", PartHealth::degraded, "Redis is away."}};
  overview.instances = {{"http://127.0.0.1:3000", "0.1.0", 4711, 2, 10, true}};
  overview.alerts = {{"disk", "4% is free.", {1'784'016'000'000}, std::nullopt},
                     {"redis", "Away.", {1'784'010'000'000}, Timestamp{1'784'010'060'000}}};
  overview.statements = {{"list_issues", 1'200, 0.5, 812.25, 600, "Seq Scan on issues\n  Filter: '?'"}};

  const std::string text = system_overview_text(overview);
  const Result<SystemOverview> back = system_overview_from_text(text);
  REQUIRE(back);
  CHECK(system_overview_text(*back) == text);
  CHECK(back->at == overview.at);
  CHECK(back->started_at == overview.started_at);
  CHECK(back->pool_max == 10);
  REQUIRE(back->samples.size() == 2);
  CHECK(back->samples[0].at == sample.at);
  CHECK(back->samples[0][SystemSeries::requests_good] == 12.5f);
  CHECK(back->samples[0][SystemSeries::memory] == doctest::Approx(11'534'336.0).epsilon(1e-5));
  CHECK_FALSE(is_known(back->samples[0][SystemSeries::cache_hits]));
  CHECK_FALSE(is_known(back->samples[1][SystemSeries::requests_good]));
  CHECK(back->minutes.size() == 1);
  CHECK(back->parts.at(1).health == PartHealth::degraded);
  CHECK(back->instances.at(0).process_id == 4711);
  CHECK(back->instances.at(0).is_asked);
  CHECK_FALSE(back->alerts.at(0).resolved_at.has_value());
  CHECK(back->alerts.at(1).resolved_at == Timestamp{1'784'010'060'000});
  CHECK(back->statements.at(0).worst_ms == 812.25);
  CHECK(back->statements.at(0).plan == "Seq Scan on issues\n  Filter: '?'");
}

TEST_CASE("an overview with series that are not known here still gives those that are") {
  const Result<SystemOverview> back = system_overview_from_text(
      R"({"at":"2026-07-14T08:05:00.000Z","series":["fromTheFuture","cpuPercent"],"samples":[[5,1,2.5]]})");
  REQUIRE(back);
  REQUIRE(back->samples.size() == 1);
  CHECK(back->samples[0][SystemSeries::cpu] == 2.5f);
}

TEST_CASE("an overview whose samples do not fit their series is refused") {
  for (const char* samples : {"[[5,1]]", "[[5,1,2,3]]", "[5]", "{}", R"([["5",1,2]])"}) {
    CAPTURE(samples);
    const std::string text =
        R"({"at":"2026-07-14T08:05:00.000Z","series":["streams","cpuPercent"],"samples":)" +
        std::string(samples) + "}";
    CHECK_FALSE(system_overview_from_text(text));
  }
  CHECK_FALSE(system_overview_from_text("[]"));
  CHECK_FALSE(system_overview_from_text(R"({"at":"2026-07-14T08:05:00.000Z"})"));
}

}  // namespace dits
