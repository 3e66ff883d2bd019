// What the keys do to charts: each makes a new state of the page.
#include "web/commands/system_plans.hpp"

#include <algorithm>
#include <utility>

#include "web/commands/insights_plans.hpp"
#include "web/store/system.hpp"

namespace dits::web {

namespace {

Plan changed(const State& state, const std::function<void(SystemView&)>& change) {
  auto next = std::make_shared<SystemView>(system_of(state));
  change(*next);
  return change_view(SystemChanged{std::move(next)});
}

// The panel that the keys read; null when no chart is there yet.
const SystemPanel* chart_of(const SystemView& view) {
  const std::vector<const SystemPanel*> panels = shown_panels(view);
  return panels.empty() ? nullptr : panels[std::min(view.chart, panels.size() - 1)];
}

// Tells readers what the keys are at.
void announce_reading(const State& state, const SystemView& view, Plan& plan) {
  const SystemPanel* panel = chart_of(view);
  const SystemSample* sample = sample_read(view);
  if (panel == nullptr || sample == nullptr) return;
  const std::string time = sample_time(sample->at, view.range, state.zone);
  plan.changes.emplace_back(Announced{reading_text(*panel, *sample, time)});
}

Plan set_range(const State& state, int range) {
  const int wanted = std::clamp(range, 0, system_range_count - 1);
  return changed(state, [&](SystemView& view) {
    view.range = static_cast<SystemRange>(wanted);
    view.is_reading = false;
  });
}

}  // namespace

Plan plan_go_system(const State& state, const Invocation&) {
  if (state.session.me.role != Role::admin) return refuse("Insights of the system are for administrators");
  return go_to(route_to(Screen::system));
}

Plan plan_insights_chart(const State& state, const Invocation&, std::size_t chart) {
  if (shows_insights(state.route)) return flow_chart(state, chart);
  const std::size_t count = shown_panels(system_of(state)).size();
  if (chart >= count) return refuse("There is no such chart");
  Plan plan = changed(state, [&](SystemView& view) {
    view.chart = chart;
    view.scroll_to_chart = true;
    if (!view.is_reading) move_reading(view, 0);
  });
  auto next = system_of(state);
  next.chart = chart;
  if (!next.is_reading) move_reading(next, 0);
  announce_reading(state, next, plan);
  return plan;
}

Plan plan_insights_this_chart(const State& state, const Invocation& invocation) {
  const auto* chart = argument_as<std::int64_t>(invocation);
  if (chart == nullptr || *chart < 0) return refuse("Which chart?");
  return plan_insights_chart(state, invocation, static_cast<std::size_t>(*chart));
}

Plan plan_insights_next_chart(const State& state, const Invocation& invocation, int step) {
  if (shows_insights(state.route)) return flow_next_chart(state, step);
  const SystemView& view = system_of(state);
  const auto count = static_cast<int>(shown_panels(view).size());
  if (count == 0) return refuse("There is no chart yet");
  const int from = view.is_reading ? static_cast<int>(view.chart) + step : static_cast<int>(view.chart);
  return plan_insights_chart(state, invocation, static_cast<std::size_t>(std::clamp(from, 0, count - 1)));
}

Plan plan_insights_read(const State& state, const Invocation&, int by) {
  if (shows_insights(state.route)) return flow_read(state, by);
  SystemView next = system_of(state);
  if (chart_of(next) == nullptr) return refuse("There is no chart yet");
  move_reading(next, by);
  next.scroll_to_chart = true;
  Plan plan = changed(state, [&](SystemView& view) { view = next; });
  announce_reading(state, next, plan);
  return plan;
}

Plan plan_insights_range(const State& state, const Invocation& invocation) {
  const auto* wanted = argument_as<std::int64_t>(invocation);
  if (shows_insights(state.route))
    return flow_range(state, wanted != nullptr ? static_cast<int>(*wanted) : 60);
  const int now = static_cast<int>(system_of(state).range);
  return set_range(state, wanted != nullptr ? static_cast<int>(*wanted) : (now + 1) % system_range_count);
}

Plan plan_insights_zoom(const State& state, const Invocation&, int step) {
  if (shows_insights(state.route)) return flow_zoom(state, step);
  return set_range(state, static_cast<int>(system_of(state).range) + step);
}

Plan plan_insights_copy(const State& state, const Invocation&) {
  if (shows_insights(state.route)) return flow_copy(state);
  const SystemView& view = system_of(state);
  const SystemPanel* panel = chart_of(view);
  if (panel == nullptr) return refuse("There is no chart yet");
  Plan plan;
  plan.effects.emplace_back(CopyText{panel_csv(view, *panel)});
  Toast toast;
  toast.text = "Copied as CSV: " + std::string(panel->title) + ", last " + std::string(title_of(view.range));
  plan.changes.emplace_back(ToastShown{std::move(toast)});
  return plan;
}

Plan plan_insights_plan(const State& state, const Invocation& invocation) {
  const auto* name = argument_as<std::string>(invocation);
  if (name == nullptr) return refuse("Which statement?");
  return changed(state, [&](SystemView& view) { view.statement = view.statement == *name ? "" : *name; });
}

Plan plan_insights_leave(const State& state, const Invocation&) {
  if (shows_insights(state.route)) return flow_leave(state);
  const SystemView& view = system_of(state);
  if (view.is_reading) return changed(state, [](SystemView& next) { next.is_reading = false; });
  if (!view.statement.empty()) return changed(state, [](SystemView& next) { next.statement.clear(); });
  return go_to(state.list_route);
}

}  // namespace dits::web
