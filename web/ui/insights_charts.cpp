// The four charts of Insights. The first three are widgets' charts over days; the last one is bars.
#include <algorithm>
#include <cmath>
#include <limits>

#include "web/ui/insights_parts.hpp"

namespace dits::web {

namespace {

constexpr float label_room = 82;  // for the names of percentiles
constexpr float no_value = std::numeric_limits<float>::quiet_NaN();

ImU32 color_of(StatusKind kind) {
  const theme::Palette& c = theme::colors();
  switch (kind) {
    case StatusKind::backlog:
      return c.status_backlog;
    case StatusKind::todo:
      return c.status_todo;
    case StatusKind::progress:
      return c.status_progress;
    case StatusKind::review:
      return c.status_review;
    case StatusKind::done:
      break;
  }
  return c.status_done;
}

std::vector<float> values_of(const std::vector<std::int64_t>& counts) {
  std::vector<float> values;
  for (const std::int64_t count : counts) values.push_back(static_cast<float>(count));
  return values;
}

std::string count_text(float value) { return std::to_string(std::lround(value)); }
Date day_at(double time) { return {static_cast<std::int32_t>(std::floor(time))}; }
std::string day_text(double time) { return short_day(day_at(time)); }

// A chart over the days of the answer: times are days.
Chart chart_of_days(const FlowFigures& figures, double to, float width) {
  Chart chart;
  const auto from = static_cast<double>(figures.data.from.days);
  for (std::size_t at = 0; at < figures.data.days(); ++at)
    chart.times.push_back(from + static_cast<double>(at));
  chart.from = from;
  chart.to = to;
  chart.least_top = 4;
  chart.tick = std::max(1.0, std::round((to - from) / (width < 420 ? 3 : 5)));
  chart.tick_from = from;
  chart.value_text = count_text;
  chart.time_text = day_text;
  chart.tick_text = day_text;
  return chart;
}

Chart flow_chart(const FlowFigures& figures, float width) {
  Chart chart = chart_of_days(figures, figures.data.to.days, width);
  for (const FlowStatus& status : figures.statuses)
    chart.lines.push_back({status.name, color_of(status.kind), values_of(status.counts)});
  chart.is_stacked = true;
  return chart;
}

void draw_cone(const FlowFigures& figures, const ChartPlot& plot) {
  const theme::Palette& c = theme::colors();
  const double today = figures.data.to.days;
  const auto done = static_cast<double>(figures.done.back());
  const auto scope = static_cast<double>(figures.scope.back());
  const float x = snap(plot.x(today));
  const std::string words = count_text(static_cast<float>(done)) + " done";
  draw_text(std::max(plot.place.x + 4, x - 8 - text_width(words, theme::small_strong)),
            plot.y(done) - 12,
            words,
            theme::small_strong,
            c.accent_text);
  if (!figures.forecast || figures.data.open == 0) return;
  vertical_line(x, plot.place.y, plot.place.h, c.text_tertiary);
  {
    const ClipScope clip(plot.place);
    const Forecast& end = *figures.forecast;
    canvas().AddTriangleFilled({plot.x(today), plot.y(done)},
                               {plot.x(today + end.early), plot.y(scope)},
                               {plot.x(today + end.late), plot.y(scope)},
                               theme::with_alpha(c.accent_base, 0.16f));
    dashed_line(plot, today, done, today + end.half, scope, c.accent_base);
  }
  const std::string days = forecast_days(figures);
  const float width = text_width(days, theme::small_strong);
  const float right = std::min(plot.place.right() - 4, plot.x(today + figures.forecast->late));
  draw_text(std::max(x + 4, right - width), plot.y(scope) - 11, days, theme::small_strong, c.accent_text);
}

Chart burn_up_chart(const FlowFigures& figures, float width) {
  const theme::Palette& c = theme::colors();
  const auto today = static_cast<double>(figures.data.to.days);
  const auto days = static_cast<double>(figures.data.days());
  double to = today;
  if (figures.forecast && figures.data.open > 0)
    to += std::clamp(figures.forecast->late * 1.08, days / 12, days * 1.2);
  Chart chart = chart_of_days(figures, to, width);
  chart.lines = {{"done", c.accent_base, values_of(figures.done), true},
                 {"scope", c.text_secondary, values_of(figures.scope)}};
  chart.over = [&figures](const ChartPlot& plot) { draw_cone(figures, plot); };
  // Room for the words above the scope; of few issues whole ones between the lines.
  chart.least_top = std::max(4.0, 1.1 * static_cast<double>(figures.scope.back()));
  return chart;
}

bool is_bug(const State& state, std::int64_t number) {
  const Issue* issue = find_issue(state.entities, number);
  if (issue == nullptr) return false;
  const std::vector<const Label*> labels = labels_of(state, *issue);
  return std::any_of(labels.begin(), labels.end(), [](const Label* label) { return label->name == "bug"; });
}

void draw_percentiles(const FlowFigures& figures, const ChartPlot& plot) {
  if (!figures.cycle) return;
  const theme::Palette& c = theme::colors();
  const std::array<ImU32, 3> colors{c.signal_success, c.signal_warning, c.signal_danger};
  constexpr std::array<std::string_view, 3> names{"p50", "p85", "p95"};
  float free_below = plot.place.bottom() + 9;  // boxes do not lie over each other
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double days = (*figures.cycle)[i];
    dashed_line(plot, plot.from, days, plot.to, days, colors[i]);
    const float y = std::min(plot.y(days), free_below - 9);
    const Rect box{plot.place.right() + 4, y - 9, label_room - 6, 18};
    free_below = box.y - 2;
    outline(box, colors[i], 4);
    draw_text_in(
        box, std::string(names[i]) + ": " + days_text(days), theme::small, c.text_primary, Align::center);
  }
}

Chart cycle_chart(const State& state, const FlowFigures& figures, float width) {
  const theme::Palette& c = theme::colors();
  Chart chart = chart_of_days(figures, figures.data.to.days + 1.0, width);
  chart.times.clear();
  chart.lines = {{"bug", c.signal_danger, {}}, {"other", c.accent_base, {}}};
  bool has_bugs = false;
  for (const Insights::Finished& issue : figures.data.finished) {
    const double minutes = state.zone.offset_minutes_at(issue.completed_at);
    chart.times.push_back(static_cast<double>(issue.completed_at.unix_ms) / static_cast<double>(ms_per_day) +
                          minutes / 1440);
    const bool bug = is_bug(state, issue.number);
    has_bugs = has_bugs || bug;
    const auto days = static_cast<float>(issue.cycle_days);
    chart.lines[0].values.push_back(bug ? days : no_value);
    chart.lines[1].values.push_back(bug ? no_value : days);
  }
  if (!has_bugs) {
    chart.lines.erase(chart.lines.begin());
    chart.lines[0].name = "cycle time";
  }
  chart.least_top = 1;
  chart.value_text = [](float value) { return days_text(static_cast<double>(value)); };
  chart.axis_text = [](float value) {
    const std::string text = days_text(static_cast<double>(value));
    return text.substr(0, text.find(value < 9.95f && value == std::floor(value) ? '.' : ' '));
  };
  chart.point_text = [&figures](std::size_t at) {
    const Insights::Finished& issue = figures.data.finished[at];
    return "#" + std::to_string(issue.number) + " " + issue.title;
  };
  chart.is_dots = true;
  if (figures.cycle) chart.room_right = label_room;
  chart.over = [&figures](const ChartPlot& plot) { draw_percentiles(figures, plot); };
  return chart;
}

// ---- age ----

struct AgeScale {
  double most = 1;
  double marked = 0;  // p85
  double worst = 0;   // p95
};

void age_row(const State& state,
             Outbox& out,
             const FlowFigures& figures,
             std::size_t at,
             const AgeScale& scale,
             Rect r) {
  const theme::Palette& c = theme::colors();
  const Insights::Working& issue = figures.data.working[at];
  const double days = days_between(issue.since, state.now);
  const bool is_late = scale.marked > 0 && days > scale.marked;
  const bool is_worst = scale.worst > 0 && days > scale.worst;
  const std::string name = "#" + std::to_string(issue.number) + " " + issue.title;
  const std::string words = name + ", " + days_text(days) +
                            (is_worst  ? ", over p95"
                             : is_late ? ", over p85"
                                       : "");
  const ItemState row = item(id_of(at), r, {.role = Aria::button, .name = words}, item_no_tab_stop);
  const std::optional<std::size_t> read = reading_at(insights_of(state));
  const bool is_read = insights_of(state).chart == static_cast<std::size_t>(FlowChart::age) && read == at;
  if (is_read || row.hovered) fill(inset(r, -6, 2), is_read ? c.bg_selected : c.bg_hover, 5);
  if (row.clicked)
    out.run("insights.list",
            static_cast<std::int64_t>(FlowChart::age) * 10'000 + static_cast<std::int64_t>(at));
  Rect rest = r;
  draw_text_in(
      cut_left(rest, 44, 8), std::to_string(issue.number), theme::mono_small, c.text_tertiary, Align::right);
  draw_text_in(cut_right(rest, 44), days_text(days), theme::mono_small, c.text_secondary, Align::right);
  draw_text_in(cut_left(rest, std::max(80.0f, rest.w * 0.36f), 10), issue.title, theme::body, c.text_primary);
  const Rect track = middle(rest, 14);
  fill(track, c.bg_inset, 3);
  const auto part = [&](double value) {
    return track.w * static_cast<float>(std::min(1.0, value / scale.most));
  };
  fill({track.x, track.y, std::max(3.0f, part(days)), track.h},
       is_worst  ? c.signal_danger
       : is_late ? c.signal_warning
                 : c.accent_base,
       3);
  if (scale.marked > 0)
    vertical_line(track.x + part(scale.marked), track.y - 4, track.h + 8, c.text_secondary);
}

void age_rows(const State& state, Outbox& out, const FlowFigures& figures, Rect body) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("age");
  const a11y::Scope figure([&] {
    a11y::Node node = scope_node(id_of("figure"), body, Aria::figure, title_of(FlowChart::age));
    node.description = chart_summary(figures, FlowChart::age);
    return node;
  }());
  const std::vector<Insights::Working>& working = figures.data.working;
  if (working.empty()) {
    draw_text_in(body, "Nothing is in work", theme::body, c.text_tertiary, Align::center);
    return;
  }
  AgeScale scale;
  if (figures.cycle) scale = {1, (*figures.cycle)[1], (*figures.cycle)[2]};
  scale.most = std::max({0.1, days_between(working.front().since, state.now), scale.worst}) * 1.12;
  Rect rest = inset(body, 18, 10);
  constexpr float row_height = 34;
  const auto room = static_cast<std::size_t>(std::max(1.0f, rest.h / row_height));
  const std::size_t count = std::min(working.size(), room);
  // The row that is read is among those that are shown.
  const std::size_t read = reading_at(insights_of(state)).value_or(0);
  const bool is_here = insights_of(state).chart == static_cast<std::size_t>(FlowChart::age);
  const std::size_t first = is_here && read >= count ? read - count + 1 : 0;
  const float step = std::min(44.0f, rest.h / static_cast<float>(count));
  for (std::size_t i = 0; i < count; ++i) age_row(state, out, figures, first + i, scale, cut_top(rest, step));
}

// ---- panels ----

// What is small beside the title.
std::string more_of(const FlowFigures& figures, FlowChart chart) {
  switch (chart) {
    case FlowChart::flow:
      return "issues by status";
    case FlowChart::burn_up:
      return "scope, done and forecast";
    case FlowChart::cycle: {
      const std::size_t count = figures.data.finished.size();
      return "days from In Progress to Done, " + std::to_string(count) + (count == 1 ? " issue" : " issues");
    }
    case FlowChart::age:
      break;
  }
  return figures.cycle ? "line is your p85" : "longest first";
}

// What a chart has to say below it.
std::string words_below(const FlowFigures& figures, FlowChart chart) {
  if (chart == FlowChart::burn_up) return forecast_words(figures);
  if (chart == FlowChart::cycle && !figures.cycle) return "Percentiles need 5 issues finished in these days";
  return {};
}

void pressed_chart(const State& state, Outbox& out, FlowChart chart, std::optional<std::size_t> at) {
  const auto index = static_cast<std::int64_t>(chart);
  if (!at) return out.run("insights.chart", index);
  if (!is_phone()) return out.run("insights.list", index * 10'000 + static_cast<std::int64_t>(*at));
  auto next = std::make_shared<InsightsView>(insights_of(state));
  next->chart = static_cast<std::size_t>(chart);
  next->is_reading = true;
  next->reading = *at;
  out.change(InsightsChanged{std::move(next)});
}

void chart_panel(const State& state, Outbox& out, FlowChart which, Rect frame) {
  const theme::Palette& c = theme::colors();
  const InsightsView& view = insights_of(state);
  const FlowFigures& figures = *view.figures;
  const IdScope ids(title_of(which));
  const bool is_read = view.is_reading && view.chart == static_cast<std::size_t>(which);
  Chart drawn;
  if (which == FlowChart::flow) drawn = flow_chart(figures, frame.w);
  if (which == FlowChart::burn_up) drawn = burn_up_chart(figures, frame.w);
  if (which == FlowChart::cycle) drawn = cycle_chart(state, figures, frame.w);
  Rect body = chart_panel_frame(frame, title_of(which), more_of(figures, which), drawn);
  if (is_read) outline(frame, c.focus_ring, 8, 2);
  if (which == FlowChart::age) return age_rows(state, out, figures, body);
  const std::string words = words_below(figures, which);
  if (!words.empty()) text_line(inset(cut_bottom(body, 24), 14, 0), words, theme::small, c.text_secondary);
  const std::string summary = chart_summary(figures, which);
  drawn.name = title_of(which);
  drawn.summary = summary;
  if (is_read) drawn.reading = reading_at(view);
  const auto hovered = chart("chart", {body.x + 12, body.y + 8, body.w - 28, body.h - 12}, drawn);
  if (drawn.times.empty())
    draw_text_in(body, "No issue was finished in these days", theme::body, c.text_tertiary, Align::center);
  if (ImGui::IsMouseClicked(0) && is_hovered(body)) pressed_chart(state, out, which, hovered);
}

}  // namespace

void insights_charts(const State& state, Outbox& out, Scroll& scroll, Flow& flow, int columns, float height) {
  const InsightsView& view = insights_of(state);
  const IdScope ids("charts");
  const auto count = static_cast<float>(columns);
  const float width = (flow.w - system_gap * (count - 1)) / count;
  for (std::size_t i = 0; i < flow_chart_count; ++i) {
    const auto column = static_cast<int>(i) % columns;
    if (column == 0 && i > 0) flow.y += height + system_gap;
    const Rect frame{flow.x + (width + system_gap) * static_cast<float>(column), flow.y, width, height};
    if (view.scroll_to_chart && i == view.chart) {
      scroll.reveal(frame.y - scroll.top() - system_gap, frame.bottom() - scroll.top() + system_gap);
      auto next = std::make_shared<InsightsView>(view);
      next->scroll_to_chart = false;
      out.change(InsightsChanged{std::move(next)});
    }
    chart_panel(state, out, static_cast<FlowChart>(i), frame);
  }
  flow.y += height + system_gap;
}

}  // namespace dits::web
