// Figures as words, ranges, and what answers add to the samples that are here.
#include "web/store/system.hpp"

#include <doctest/doctest.h>

#include "web/widgets/chart.hpp"

namespace dits::web {
namespace {

constexpr std::int64_t start_ms = 1'784'016'000'000;  // 2026-07-14T08:00:00Z

SystemSample sample_at(std::int64_t second, float cpu = 1) {
  SystemSample sample;
  sample.at = {start_ms + second * 1000};
  sample[SystemSeries::cpu] = cpu;
  return sample;
}

SystemOverview overview_of(std::int64_t from_second, std::int64_t to_second) {
  SystemOverview overview;
  overview.url = "http://127.0.0.1:3000";
  overview.started_at = {start_ms - 60'000};
  overview.at = {start_ms + to_second * 1000};
  for (std::int64_t at = from_second; at <= to_second; at += 5) overview.samples.push_back(sample_at(at));
  return overview;
}

const SystemPanel& panel_named(std::string_view title) {
  for (const SystemPanel& panel : system_panels()) {
    if (panel.title == title) return panel;
  }
  FAIL("no panel of this title");
  return system_panels().front();
}

}  // namespace

TEST_CASE("figures read as people write them") {
  CHECK(figure_text(FigureUnit::per_second, 12.44f) == "12.4/s");
  CHECK(figure_text(FigureUnit::per_second, 0) == "0/s");
  CHECK(figure_text(FigureUnit::per_second, 0.125f) == "0.12/s");
  CHECK(figure_text(FigureUnit::count, 3) == "3");
  CHECK(figure_text(FigureUnit::milliseconds, 3.14f) == "3.14 ms");
  CHECK(figure_text(FigureUnit::milliseconds, 812.6f) == "813 ms");
  CHECK(figure_text(FigureUnit::milliseconds, 7'500) == "7.5 s");
  CHECK(figure_text(FigureUnit::milliseconds, 2.5f) == "2.5 ms");
  CHECK(figure_text(FigureUnit::percent, 74.96f) == "75%");
  CHECK(figure_text(FigureUnit::percent, 0.25f) == "0.25%");
  CHECK(figure_text(FigureUnit::bytes, 900) == "900 bytes");
  CHECK(figure_text(FigureUnit::bytes, 41'943'040.0f) == "40 MB");
  CHECK(figure_text(FigureUnit::bytes, 12'058'624.0f) == "11.5 MB");
  CHECK(figure_text(FigureUnit::bytes, 214'748'364'800.0f) == "200 GB");
  CHECK(figure_text(FigureUnit::seconds, 0.25f) == "0.3 s");
  CHECK(figure_text(FigureUnit::seconds, 75) == "1 min 15 s");
  CHECK(figure_text(FigureUnit::seconds, 7'500) == "2 h 5 min");
  CHECK(figure_text(FigureUnit::seconds, 90'000) == "1 d 1 h");
  CHECK(figure_text(FigureUnit::bytes, unknown_figure) == "unknown");
}

TEST_CASE("every series stands in exactly one panel, but for the state of Redis, which is a part") {
  for (std::size_t at = 0; at < system_series_count; ++at) {
    const auto series = static_cast<SystemSeries>(at);
    int count = 0;
    for (const SystemPanel& panel : system_panels()) {
      for (const SystemLine& line : panel.lines) count += line.series == series ? 1 : 0;
    }
    CAPTURE(at);
    CHECK(count == (series == SystemSeries::redis_away ? 0 : 1));
  }
}

TEST_CASE("a range ends at the last sample; a day is read from the minutes") {
  SystemView view;
  SystemOverview overview = overview_of(0, 600);
  overview.minutes = {sample_at(0), sample_at(60)};
  view.overview = std::make_shared<const SystemOverview>(overview);
  auto [begin, end] = samples_in_range(view);
  CHECK(end - begin == 61);
  CHECK(begin->at == Timestamp{start_ms + 300'000});
  view.range = SystemRange::hour;
  std::tie(begin, end) = samples_in_range(view);
  CHECK(end - begin == 121);
  view.range = SystemRange::day;
  std::tie(begin, end) = samples_in_range(view);
  CHECK(end - begin == 2);
}

TEST_CASE("panels of which nothing is known are not shown") {
  SystemView view;
  CHECK(shown_panels(view).empty());
  view.overview = std::make_shared<const SystemOverview>(overview_of(0, 10));
  const std::vector<const SystemPanel*> shown = shown_panels(view);
  REQUIRE(shown.size() == 1);
  CHECK(shown[0]->title == "Processor");
}

TEST_CASE("an answer adds what is later, and nothing twice; another server replaces everything") {
  SystemView view;
  view.problem = "The server does not answer.";
  take_overview(view, overview_of(0, 20));
  CHECK(view.problem.empty());
  take_overview(view, overview_of(15, 30));
  REQUIRE(view.overview->samples.size() == 7);
  CHECK(view.overview->samples.back().at == Timestamp{start_ms + 30'000});
  take_overview(view, overview_of(100, 95));  // nothing new
  CHECK(view.overview->samples.size() == 7);
  take_overview(view, overview_of(5, 10));  // its clock was set back
  CHECK(view.overview->samples.size() == 2);
  SystemOverview other = overview_of(200, 205);
  other.started_at.unix_ms += 1;
  take_overview(view, other);
  CHECK(view.overview->samples.size() == 2);
}

TEST_CASE("no more samples are kept than the server keeps") {
  SystemView view;
  take_overview(view, overview_of(0, 3'600));
  take_overview(view, overview_of(3'605, 3'700));
  CHECK(view.overview->samples.size() == most_system_samples);
  CHECK(view.overview->samples.back().at == Timestamp{start_ms + 3'700'000});
}

TEST_CASE("reading begins at the last value, moves by samples and stays within the range") {
  SystemView view;
  move_reading(view, -1);
  CHECK_FALSE(view.is_reading);
  take_overview(view, overview_of(0, 60));
  move_reading(view, -1);
  CHECK(view.reading == Timestamp{start_ms + 60'000});
  move_reading(view, -2);
  CHECK(view.reading == Timestamp{start_ms + 50'000});
  move_reading(view, -1'000);
  CHECK(view.reading == Timestamp{start_ms});
  move_reading(view, 1'000);
  CHECK(view.reading == Timestamp{start_ms + 60'000});
  CHECK(sample_read(view)->at == view.reading);
  move_reading(view, -12);
  take_overview(view, overview_of(65, 400));  // what was read has left the range
  CHECK_FALSE(view.is_reading);
}

TEST_CASE("a chart is a sentence, a value a sentence, and all of it a table") {
  SystemView view;
  SystemOverview overview = overview_of(0, 5);
  overview.samples[0][SystemSeries::cpu] = 40;
  view.overview = std::make_shared<const SystemOverview>(overview);
  const SystemPanel& panel = panel_named("Processor");
  CHECK(panel_summary(view, panel) == "Processor, last 5 min: used 1%, at most 40%");
  CHECK(sample_time(overview.samples[1].at, SystemRange::hour, TimeZone::fixed(120)) == "10:00:05");
  CHECK(sample_time(overview.samples[1].at, SystemRange::day, {}) == "08:00");
  CHECK(reading_text(panel, overview.samples[0], "10:00:00") == "Processor at 10:00:00: used 40%");
  CHECK(panel_csv(view, panel_named("Replicas")) ==
        "time,replicaLagSeconds\n2026-07-14T08:00:00.000Z,\n2026-07-14T08:00:05.000Z,\n");
  CHECK(panel_csv(view, panel) ==
        "time,cpuPercent\n2026-07-14T08:00:00.000Z,40\n2026-07-14T08:00:05.000Z,1\n");
}

TEST_CASE("that Redis was away is part of the cache's chart") {
  SystemView view;
  SystemOverview overview = overview_of(0, 10);
  overview.samples[1][SystemSeries::redis_away] = 1;
  overview.samples[2][SystemSeries::redis_away] = 0;
  view.overview = std::make_shared<const SystemOverview>(overview);
  const SystemPanel& panel = panel_named("Cache");
  CHECK(shown_panels(view).size() == 2);
  CHECK(panel_summary(view, panel) == "Cache, last 5 min: hits unknown; Redis away for 5 s");
  CHECK(reading_text(panel, overview.samples[1], "08:00:05") ==
        "Cache at 08:00:05: hits unknown, Redis away");
}

TEST_CASE("axes have round steps, three to five of them, and reach above the highest value") {
  for (const double top : {0.003, 0.7, 1.0, 3.0, 4.2, 9.9, 12.0, 99.0, 1'001.0, 7e9}) {
    CAPTURE(top);
    const widgets::AxisSteps steps = widgets::axis_steps(top);
    CHECK(steps.top >= top * 0.999);
    const double count = steps.top / steps.step;
    CHECK(count >= 1.999);
    CHECK(count <= 5.001);
  }
  CHECK(widgets::axis_steps(0).top == 1);
  CHECK(widgets::axis_steps(100).step == 25);
}

}  // namespace dits::web
