// The charts of the System screen.
#include <algorithm>
#include <array>
#include <cmath>

#include "web/theme/icons.hpp"
#include "web/ui/system_parts.hpp"

namespace dits::web {

namespace {

ImU32 color_of(SystemSeries series) {
  const theme::Palette& c = theme::colors();
  switch (series) {
    case SystemSeries::requests_refused:
      return c.status_progress;
    case SystemSeries::requests_failed:
    case SystemSeries::pool_waiting:
      return c.signal_danger;
    case SystemSeries::latency_half:
      return c.signal_success;
    case SystemSeries::latency_most:
      return c.signal_warning;
    case SystemSeries::latency_slowest:
      return c.signal_danger;
    case SystemSeries::pool_idle:
      return c.status_backlog;
    default:
      return c.accent_base;
  }
}

// What the numbers of the axis are round in.
double axis_scale(FigureUnit unit, float top) {
  double scale = 1;
  if (unit == FigureUnit::bytes) {
    while (static_cast<double>(top) >= 1024 * scale) scale *= 1024;
  }
  if (unit == FigureUnit::seconds) {
    if (top >= 2 * 86'400) return 86'400;
    if (top >= 2 * 3'600) return 3'600;
    if (top >= 120) return 60;
  }
  return scale;
}

double least_top_of(const SystemPanel& panel) {
  if (panel.lines.front().series == SystemSeries::cache_hits) return 100;
  return panel.unit == FigureUnit::bytes ? 1024 : 1;
}

double tick_of(SystemRange range, float width) {
  const bool is_narrow = width < 420;
  switch (range) {
    case SystemRange::five_minutes:
      return 60'000;
    case SystemRange::hour:
      return is_narrow ? 900'000 : 600'000;
    case SystemRange::day:
      return is_narrow ? 6 * 3'600'000 : 4 * 3'600'000;
  }
  return 60'000;
}

float legend_width(const Chart& drawn) {
  if (drawn.lines.size() < 2) return 0;
  float width = 0;
  for (const ChartLine& line : drawn.lines) width += text_width(line.name, theme::small) + 24;
  return width;
}

// Names with their colours, at the right end.
void legend(const Chart& drawn, Rect head) {
  const theme::Palette& c = theme::colors();
  float x = head.right() - 12 - legend_width(drawn) + 11;
  for (const ChartLine& line : drawn.lines) {
    fill({x, head.center_y() - 4, 8, 8}, line.color, 2);
    x += 13 + draw_text(x + 13, head.center_y(), line.name, theme::small, c.text_secondary) + 11;
  }
}

Chart chart_of(const State& state, const SystemPanel& panel, float width) {
  const SystemView& view = system_of(state);
  const auto [begin, end] = samples_in_range(view);
  Chart chart;
  for (const SystemLine& line : panel.lines) chart.lines.push_back({line.name, color_of(line.series), {}});
  float top = 0;
  for (const SystemSample* sample = begin; sample != end; ++sample) {
    chart.times.push_back(static_cast<double>(sample->at.unix_ms));
    if (panel.trouble) chart.troubled.push_back(is_troubled(panel, *sample));
    for (std::size_t i = 0; i < panel.lines.size(); ++i) {
      const float figure = (*sample)[panel.lines[i].series];
      chart.lines[i].values.push_back(figure);
      if (is_known(figure)) top = std::max(top, figure);
    }
  }
  const SystemRange range = view.range;
  chart.to = chart.times.back();
  chart.from = chart.to - static_cast<double>(length_ms(range));
  chart.gap = 3.5 * static_cast<double>(step_ms(range));
  chart.is_stacked = panel.is_stacked;
  chart.scale = axis_scale(panel.unit, top);
  chart.least_top = least_top_of(panel);
  chart.tick = tick_of(range, width);
  chart.tick_from = -60'000.0 * state.zone.offset_minutes_at(state.now);
  chart.value_text = [unit = panel.unit](float figure) { return figure_text(unit, figure); };
  chart.time_text = [range, zone = state.zone, &panel, first = begin, last = end](double time) {
    const Timestamp at{static_cast<std::int64_t>(time)};
    std::string text = sample_time(at, range, zone);
    const SystemSample* found =
        std::find_if(first, last, [&](const SystemSample& one) { return one.at == at; });
    if (found != last && is_troubled(panel, *found)) text += ", " + std::string(panel.trouble->name);
    return text;
  };
  chart.tick_text = [zone = state.zone](double time) {
    return sample_time({static_cast<std::int64_t>(time)}, SystemRange::day, zone);
  };
  return chart;
}

void chart_panel(const State& state, Outbox& out, std::size_t index, const SystemPanel& panel, Rect frame) {
  const theme::Palette& c = theme::colors();
  const SystemView& view = system_of(state);
  const IdScope ids(panel.title);
  Chart drawn = chart_of(state, panel, frame.w);
  const Rect body = chart_panel_frame(frame, panel.title, panel.more, drawn);
  const bool is_read = view.is_reading && view.chart == index;
  if (is_read) outline(frame, c.focus_ring, 8, 2);
  const std::string summary = panel_summary(view, panel);
  drawn.name = panel.title;
  drawn.summary = summary;
  if (is_read) {
    const auto [begin, end] = samples_in_range(view);
    if (const SystemSample* at = sample_read(view)) drawn.reading = static_cast<std::size_t>(at - begin);
  }
  chart("chart", {body.x + 12, body.y + 8, body.w - 28, body.h - 12}, drawn);
  if (ImGui::IsMouseClicked(0) && is_hovered(body) && !is_phone())
    out.run("insights.chart", static_cast<std::int64_t>(index));
}

}  // namespace

Rect system_panel(Rect frame, std::string_view title, std::string_view more) {
  const theme::Palette& c = theme::colors();
  fill(frame, c.bg_raised, 8);
  outline(frame, c.border_default, 8);
  Rect rest = frame;
  const Rect head = cut_top(rest, system_panel_head);
  horizontal_line(head.x + 1, head.bottom() - 1, head.w - 2, c.border_subtle);
  const float x = head.x + 12;
  const float width = draw_text(x, head.center_y(), title, theme::body_strong, c.text_primary);
  const Rect words{x + width + 8, head.y, std::max(0.0f, head.right() - x - width - 20), head.h};
  draw_text_in(words, more, theme::small, c.text_tertiary);
  mirror(id_of("title"), head, {.role = Aria::heading, .name = title, .level = 2});
  return rest;
}

Rect chart_panel_frame(Rect frame, std::string_view title, std::string_view more, const Chart& drawn) {
  // The names of the lines matter more than what else stands there.
  const float needed = legend_width(drawn);
  const float room = frame.w - 32 - text_width(title, theme::body_strong);
  const bool has_more = needed + text_width(more, theme::small) + 12 <= room;
  const Rect body = system_panel(frame, title, has_more ? more : std::string_view{});
  if (needed > 0 && needed <= room) legend(drawn, {frame.x, frame.y, frame.w, system_panel_head});
  return body;
}

void system_charts(const State& state, Outbox& out, Scroll& scroll, Flow& flow, int columns, float height) {
  const SystemView& view = system_of(state);
  const IdScope ids("charts");
  const std::vector<const SystemPanel*> panels = shown_panels(view);
  const auto count = static_cast<float>(columns);
  const float width = (flow.w - system_gap * (count - 1)) / count;
  const Rect window = window_rect();
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const auto column = static_cast<int>(i) % columns;
    if (column == 0 && i > 0) flow.y += height + system_gap;
    const Rect frame{flow.x + (width + system_gap) * static_cast<float>(column), flow.y, width, height};
    if (view.scroll_to_chart && i == view.chart) {
      scroll.reveal(frame.y - scroll.top() - system_gap, frame.bottom() - scroll.top() + system_gap);
      auto next = std::make_shared<SystemView>(view);
      next->scroll_to_chart = false;
      out.change(SystemChanged{std::move(next)});
    }
    if (frame.bottom() < window.y || frame.y > window.bottom()) continue;
    chart_panel(state, out, i, *panels[i], frame);
  }
  if (!panels.empty()) flow.y += height + system_gap;
}

}  // namespace dits::web
