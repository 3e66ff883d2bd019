// What Insights shows of the issues that the query bar names: the server's answer, what follows from it, and
// where one reads. A value: commands and answers make a new one from the one before (InsightsChanged).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/insights.hpp"
#include "web/store/entities.hpp"

namespace dits::web {

struct State;

enum class FlowChart : std::uint8_t { flow, burn_up, cycle, age };
constexpr std::size_t flow_chart_count = 4;
std::string_view title_of(FlowChart chart);  // "Cumulative flow", …

struct FlowStatus {  // of all workflows that have one of this name
  std::string name;
  StatusKind kind = StatusKind::todo;
  std::vector<std::int64_t> counts;  // by day
};

struct FlowFigures {
  Insights data;                     // what was finished first comes first
  std::vector<FlowStatus> statuses;  // what is done first, then the later ones of the workflow
  std::vector<std::string> working;  // the names of the statuses in which issues are worked on
  std::vector<std::int64_t> done;    // by day
  std::vector<std::int64_t> scope;   // by day
  std::optional<std::array<double, 3>>
      cycle;                      // days of half, 85 and 95 in 100; of fewer than five nobody knows
  double closed_per_week = 0;     // median
  std::int64_t recent_total = 0;  // completed in those weeks
  std::optional<Forecast> forecast;
};
FlowFigures flow_figures(const State& state, Insights data);
bool has_enough(const FlowFigures& figures);  // for percentiles and a forecast

struct InsightsQuestion {
  std::string query;  // with the scope of the screen
  int days = 60;
  friend bool operator==(const InsightsQuestion& a, const InsightsQuestion& b) {
    return a.days == b.days && a.query == b.query;
  }
};
// What the screen that is shown asks.
InsightsQuestion insights_question(const State& state);

struct InsightsView {
  std::shared_ptr<const FlowFigures> figures;  // null: nothing came yet
  InsightsQuestion asked;                      // what they answer
  std::string problem;                         // why the last question had no answer
  std::size_t chart = 0;                       // that the keys read
  bool is_reading = false;                     // the keys are at a value
  std::size_t reading = 0;                     // its place, see reading_count
  bool scroll_to_chart = false;
};
const InsightsView& insights_of(const State& state);

// ---- reading: days of the first two charts, issues of the others ----

std::size_t reading_count(const FlowFigures& figures, FlowChart chart);
// The value that is read; absent when none is, or there is none any more.
std::optional<std::size_t> reading_at(const InsightsView& view);
// Moves the reading by so many values; begins at the last day, or at the oldest work.
void move_reading(InsightsView& view, int by);
// "28 Jun: Backlog 16, To Do 9, …", "#12 Fix it: 3.4 d, finished 2 Jul".
std::string reading_text(const FlowFigures& figures, FlowChart chart, std::size_t at);
// The chart in a sentence.
std::string chart_summary(const FlowFigures& figures, FlowChart chart);
std::string chart_csv(const FlowFigures& figures, FlowChart chart);
// The query of what a chart, or a value of it, is about: beside the one of the query bar.
std::string list_query(const FlowFigures& figures, FlowChart chart, std::optional<std::size_t> at);
// Both; an OR of the first is kept together.
std::string with_query(const std::string& query, const std::string& more);

// ---- words ----

Date day_of(const FlowFigures& figures, std::size_t at);
std::string short_day(Date day);     // "14 Jul"
std::string days_text(double days);  // "1.6 d", "14 d"
// "14 to 26 Aug": in half of the runs, in 85 of 100.
std::string forecast_days(const FlowFigures& figures);
// Where it comes from, or why there is none.
std::string forecast_words(const FlowFigures& figures);

}  // namespace dits::web
