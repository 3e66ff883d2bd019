#include "web/commands/insights_plans.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "web/store/insights.hpp"

namespace dits::web {

namespace {

constexpr std::array<int, 3> ranges{30, 60, 365};

FlowChart chart_of(const InsightsView& view) { return static_cast<FlowChart>(view.chart); }

// Shows the view, and tells readers what the keys are at.
Plan read_at(InsightsView next) {
  Plan plan;
  if (const std::optional<std::size_t> at = reading_at(next)) {
    plan.changes.emplace_back(Announced{reading_text(*next.figures, chart_of(next), *at)});
  } else if (next.figures) {
    plan.changes.emplace_back(Announced{chart_summary(*next.figures, chart_of(next))});
  }
  next.scroll_to_chart = true;
  plan.changes.emplace_back(InsightsChanged{std::make_shared<const InsightsView>(std::move(next))});
  return plan;
}

const char* const not_yet = "There is no chart yet";

Toast saved(std::string text) {
  Toast toast;
  toast.text = std::move(text);
  return toast;
}

}  // namespace

Plan plan_go_insights(const State&, const Invocation&) {
  Route route = route_to(Screen::all);
  route.layout = Layout::insights;
  return go_to(std::move(route));
}

Plan flow_chart(const State& state, std::size_t chart) {
  InsightsView next = insights_of(state);
  if (!next.figures) return refuse(not_yet);
  if (chart >= flow_chart_count) return refuse("There is no such chart");
  const bool is_kept = next.is_reading && next.chart == chart;
  next.chart = chart;
  if (!is_kept) {
    next.is_reading = false;
    move_reading(next, 0);
  }
  return read_at(std::move(next));
}

Plan flow_next_chart(const State& state, int step) {
  const InsightsView& view = insights_of(state);
  const int from = static_cast<int>(view.chart) + (view.is_reading ? step : 0);
  return flow_chart(state,
                    static_cast<std::size_t>(std::clamp(from, 0, static_cast<int>(flow_chart_count) - 1)));
}

Plan flow_read(const State& state, int by) {
  InsightsView next = insights_of(state);
  if (!next.figures) return refuse(not_yet);
  move_reading(next, by);
  if (!next.is_reading) return refuse("There is no value in this chart");
  return read_at(std::move(next));
}

Plan flow_range(const State& state, int days) {
  Route route = state.route;
  route.days = days;
  return go_to(std::move(route));
}

Plan flow_zoom(const State& state, int step) {
  const auto* here = std::find(ranges.begin(), ranges.end(), state.route.days);
  const int at = here == ranges.end() ? 1 : static_cast<int>(here - ranges.begin());
  return flow_range(state, ranges[static_cast<std::size_t>(std::clamp(at + step, 0, 2))]);
}

Plan flow_copy(const State& state) {
  const InsightsView& view = insights_of(state);
  if (!view.figures) return refuse(not_yet);
  Plan plan;
  plan.effects.emplace_back(CopyText{chart_csv(*view.figures, chart_of(view))});
  plan.changes.emplace_back(ToastShown{saved("Copied as CSV: " + std::string(title_of(chart_of(view))))});
  return plan;
}

Plan plan_insights_export(const State& state, const Invocation&) {
  const InsightsView& view = insights_of(state);
  if (!shows_insights(state.route) || !view.figures) return refuse(not_yet);
  std::string text;
  for (std::size_t chart = 0; chart < flow_chart_count; ++chart) {
    const auto which = static_cast<FlowChart>(chart);
    text += (text.empty() ? "" : "\r\n") + std::string(title_of(which)) + "\r\n";
    text += chart_csv(*view.figures, which);
  }
  const std::string name = "insights-" + to_string(view.figures->data.to) + ".csv";
  Plan plan;
  plan.effects.emplace_back(SaveText{name, "text/csv", std::move(text)});
  plan.changes.emplace_back(ToastShown{saved("Saved as " + name)});
  return plan;
}

Plan plan_insights_list(const State& state, const Invocation& invocation) {
  const InsightsView& view = insights_of(state);
  if (!shows_insights(state.route) || !view.figures) return refuse(not_yet);
  std::optional<std::size_t> at = reading_at(view);
  FlowChart chart = chart_of(view);
  // A press names the value: chart * 10,000 + place.
  if (const auto* pressed = argument_as<std::int64_t>(invocation)) {
    chart = static_cast<FlowChart>(std::clamp<std::int64_t>(*pressed / 10'000, 0, flow_chart_count - 1));
    at = static_cast<std::size_t>(*pressed % 10'000);
    if (*at >= reading_count(*view.figures, chart)) return refuse("There is no such value");
  }
  Route route = state.route;
  route.layout = Layout::list;
  route.days = 60;
  route.has_query = true;
  route.query = with_query(state.list.query_text, list_query(*view.figures, chart, at));
  return go_to(std::move(route));
}

Plan flow_leave(const State& state) {
  InsightsView next = insights_of(state);
  if (!next.is_reading) return {};
  next.is_reading = false;
  return change_view(InsightsChanged{std::make_shared<const InsightsView>(std::move(next))});
}

}  // namespace dits::web
