// Axes, lines, areas and the crosshair.
#include "web/widgets/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace dits::widgets {

namespace {

constexpr float axis_width = 52;   // left of the plot
constexpr float axis_height = 22;  // below it
constexpr float stroke = 1.5f;
constexpr float area_alpha = 0.32f;
constexpr float popup_row = 19;
constexpr std::size_t table_rows = 6;
constexpr float dot_radius = 3.6f;
constexpr float popup_most = 300;

using Plot = ChartPlot;

// Lines as they are drawn: heights from the bottom of the stack, and no more points than can be told apart.
struct Drawn {
  std::vector<double> times;
  std::vector<std::vector<float>> heights;  // by line; of a stack the upper edges
};

bool is_there(float value) { return value == value; }

// Neighbours that fall on the same spot become their highest. The spots lie fast in time, so that a picture
// that moves on does not flicker.
Drawn drawn_of(const Chart& chart, float width) {
  const double spot = (chart.to - chart.from) / std::max(60.0, static_cast<double>(width) / 2);
  Drawn drawn;
  drawn.heights.resize(chart.lines.size());
  double last_spot = 0;
  for (std::size_t at = 0; at < chart.times.size(); ++at) {
    const double this_spot = std::floor(chart.times[at] / spot);
    const bool is_new = drawn.times.empty() || this_spot != last_spot;
    last_spot = this_spot;
    if (is_new) drawn.times.push_back(chart.times[at]);
    float below = 0;
    for (std::size_t line = 0; line < chart.lines.size(); ++line) {
      float height = chart.lines[line].values[at];
      if (chart.is_stacked) {
        below += is_there(height) ? height : 0;
        height = below;
      }
      std::vector<float>& heights = drawn.heights[line];
      if (is_new) {
        heights.push_back(height);
      } else if (is_there(height) && (!is_there(heights.back()) || height > heights.back())) {
        heights.back() = height;
      }
    }
  }
  return drawn;
}

double highest(const Drawn& drawn) {
  double most = 0;
  for (const std::vector<float>& heights : drawn.heights) {
    for (const float height : heights) {
      if (is_there(height)) most = std::max(most, static_cast<double>(height));
    }
  }
  return most;
}

void draw_grid(const Chart& chart, const Plot& plot, double step) {
  const theme::Palette& c = theme::colors();
  const auto& text_of = chart.axis_text ? chart.axis_text : chart.value_text;
  for (double value = 0; value <= plot.top * 1.0001; value += step) {
    const float y = snap(plot.y(value));
    horizontal_line(plot.place.x, y, plot.place.w, value == 0 ? c.border_default : c.border_subtle);
    const std::string text = text_of(static_cast<float>(value));
    draw_text_in({plot.place.x - axis_width, y - 8, axis_width - 8, 16},
                 text,
                 theme::caption,
                 c.text_tertiary,
                 Align::right);
  }
  const double first = chart.tick_from + std::ceil((plot.from - chart.tick_from) / chart.tick) * chart.tick;
  float free_from = plot.place.x - 16;
  for (double time = first; time <= plot.to; time += chart.tick) {
    const std::string text = chart.tick_text(time);
    const float width = text_width(text, theme::caption);
    const float x = std::min(plot.x(time) - width / 2, plot.place.right() - width);
    if (x < free_from) continue;
    draw_text(x, plot.place.bottom() + 13, text, theme::caption, c.text_tertiary);
    free_from = x + width + 12;
  }
}

// Runs of neighbours that are joined, as [first, last].
template <typename Take>
void each_run(const Drawn& drawn, const std::vector<float>& heights, double gap, const Take& take) {
  std::size_t begin = 0;
  while (begin < heights.size()) {
    if (!is_there(heights[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end + 1 < heights.size() && is_there(heights[end + 1]) &&
           (gap <= 0 || drawn.times[end + 1] - drawn.times[end] <= gap))
      ++end;
    take(begin, end);
    begin = end + 1;
  }
}

void draw_area(const Drawn& drawn,
               const Plot& plot,
               const std::vector<float>& upper,
               const std::vector<float>* lower,
               ImU32 color,
               double gap) {
  // Quads side by side: smoothed edges would overlap and show as stripes.
  ImDrawList& list = canvas();
  const ImDrawListFlags flags = list.Flags;
  list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
  each_run(drawn, upper, gap, [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
      const float x0 = plot.x(drawn.times[at]);
      const float x1 = plot.x(drawn.times[at + 1]);
      const float low0 = plot.y(lower != nullptr ? (*lower)[at] : 0);
      const float low1 = plot.y(lower != nullptr ? (*lower)[at + 1] : 0);
      list.AddQuadFilled({x0, plot.y(upper[at])}, {x1, plot.y(upper[at + 1])}, {x1, low1}, {x0, low0}, color);
    }
  });
  list.Flags = flags;
}

void draw_line(
    const Drawn& drawn, const Plot& plot, const std::vector<float>& heights, ImU32 color, double gap) {
  each_run(drawn, heights, gap, [&](std::size_t begin, std::size_t end) {
    if (begin == end)
      canvas().AddCircleFilled({plot.x(drawn.times[begin]), plot.y(heights[begin])}, 2, color);
    // One by one: ImGui's polyline grows thin where it turns sharply, and peaks do.
    for (std::size_t at = begin; at < end; ++at)
      canvas().AddLine({plot.x(drawn.times[at]), plot.y(heights[at])},
                       {plot.x(drawn.times[at + 1]), plot.y(heights[at + 1])},
                       color,
                       stroke);
  });
}

// Shades from each troubled time back to the one before it.
void draw_trouble(const Chart& chart, const Plot& plot) {
  for (std::size_t at = 0; at < chart.troubled.size(); ++at) {
    if (!chart.troubled[at]) continue;
    const bool is_joined = at > 0 && (chart.gap <= 0 || chart.times[at] - chart.times[at - 1] <= chart.gap);
    const float x1 = plot.x(chart.times[at]);
    const float x0 = is_joined ? plot.x(chart.times[at - 1]) : x1 - 2;
    fill({x0, plot.place.y, x1 - x0, plot.place.h}, theme::colors().signal_danger_tint);
  }
}

void draw_lines(const Chart& chart, const Plot& plot, const Drawn& drawn) {
  const bool has_area = chart.is_stacked || chart.lines.size() == 1;
  // The highest of a stack first: lower lines lie over the edges of those above.
  for (std::size_t i = chart.lines.size(); i-- > 0;) {
    const std::vector<float>& heights = drawn.heights[i];
    const ImU32 color = chart.lines[i].color;
    if (has_area || chart.lines[i].is_filled) {
      const float alpha = chart.is_stacked ? area_alpha : area_alpha / 2;
      const bool is_above = chart.is_stacked && i > 0;
      draw_area(drawn,
                plot,
                heights,
                is_above ? &drawn.heights[i - 1] : nullptr,
                theme::with_alpha(color, alpha),
                chart.gap);
    }
    draw_line(drawn, plot, heights, color, chart.gap);
  }
}

void draw_dots(const Chart& chart, const Plot& plot) {
  for (const ChartLine& line : chart.lines) {
    for (std::size_t at = 0; at < chart.times.size(); ++at) {
      if (!is_there(line.values[at])) continue;
      canvas().AddCircleFilled({plot.x(chart.times[at]), plot.y(line.values[at])},
                               dot_radius,
                               theme::with_alpha(line.color, 0.8f));
    }
  }
}

// The dot that is nearest to the mouse.
std::size_t nearest_dot(const Chart& chart, const Plot& plot) {
  std::size_t best = 0;
  float least = -1;
  for (const ChartLine& line : chart.lines) {
    for (std::size_t at = 0; at < chart.times.size(); ++at) {
      if (!is_there(line.values[at])) continue;
      const float dx = plot.x(chart.times[at]) - mouse().x;
      const float dy = plot.y(line.values[at]) - mouse().y;
      const float distance = dx * dx + dy * dy;
      if (least >= 0 && distance >= least) continue;
      least = distance;
      best = at;
    }
  }
  return best;
}

std::string text_of_value(const Chart& chart, std::size_t at) {
  return chart.point_text ? chart.point_text(at) : chart.time_text(chart.times[at]);
}

std::size_t nearest(const std::vector<double>& times, double time) {
  const auto above = std::lower_bound(times.begin(), times.end(), time);
  if (above == times.begin()) return 0;
  const auto at = static_cast<std::size_t>(above - times.begin());
  if (above == times.end()) return at - 1;
  return *above - time < time - times[at - 1] ? at : at - 1;
}

void draw_popup(const Chart& chart, const Plot& plot, std::size_t at) {
  const theme::Palette& c = theme::colors();
  const std::string title = text_of_value(chart, at);
  std::vector<const ChartLine*> lines;
  std::vector<std::string> texts;
  float names_width = 0;
  float texts_width = 0;
  for (const ChartLine& line : chart.lines) {
    if (chart.is_dots && !is_there(line.values[at])) continue;
    lines.push_back(&line);
    texts.push_back(chart.value_text(line.values[at]));
    names_width = std::max(names_width, text_width(line.name, theme::small));
    texts_width = std::max(texts_width, text_width(texts.back(), theme::mono));
  }
  const float width = 24 + std::max(std::min(popup_most, text_width(title, theme::small_strong)),
                                    16 + names_width + 18 + texts_width);
  const float height = 34 + popup_row * static_cast<float>(lines.size());
  const float x = plot.x(chart.times[at]);
  const bool fits_left = x - 12 - width >= plot.place.x - axis_width;
  const float left = fits_left ? x - 12 - width : std::min(x + 12, plot.place.right() - width);
  const Rect box{left, plot.place.y + 4, width, height};
  popup_box(box);
  draw_text_in({box.x + 12, box.y + 8, width - 23, 18}, title, theme::small_strong, c.text_primary);
  float y = box.y + 36;
  for (std::size_t i = lines.size(); i-- > 0;) {
    fill({box.x + 12, y - 4, 8, 8}, lines[i]->color, 2);
    draw_text(box.x + 28, y, lines[i]->name, theme::small, c.text_secondary);
    draw_text(box.right() - 12 - text_width(texts[i], theme::mono), y, texts[i], theme::mono, c.text_primary);
    y += popup_row;
  }
}

void draw_crosshair(const Chart& chart, const Plot& plot, std::size_t at) {
  const theme::Palette& c = theme::colors();
  const float x = snap(plot.x(chart.times[at]));
  for (float y = plot.place.y; y < plot.place.bottom(); y += 6)
    vertical_line(x, y, std::min(3.0f, plot.place.bottom() - y), c.text_secondary);
  float below = 0;
  for (const ChartLine& line : chart.lines) {
    float height = line.values[at];
    if (!is_there(height)) continue;
    if (chart.is_stacked) height = below += height;
    canvas().AddCircleFilled({x, plot.y(height)}, 3.5f, c.bg_raised);
    canvas().AddCircle({x, plot.y(height)}, 3.5f, line.color, 0, stroke);
  }
  draw_popup(chart, plot, at);
}

// The values at a few times, evenly spread; the last one is the latest. In a corner: its rows must not lie
// between the mouse and the plot.
void mirror_table(const Chart& chart, Rect place) {
  const Rect r{place.x, place.bottom() - 1, 1, 1};
  const a11y::Scope table(scope_node(id_of("table"), r, Aria::table, chart.name));
  const IdScope ids("table");
  {
    const a11y::Scope head(scope_node(id_of("head"), r, Aria::row, {}));
    mirror(id_of("time"), r, {.role = Aria::columnheader, .name = "Time"});
    for (std::size_t i = 0; i < chart.lines.size(); ++i)
      mirror(id_of(i + 1), r, {.role = Aria::columnheader, .name = chart.lines[i].name});
  }
  const std::size_t count = std::min(table_rows, chart.times.size());
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t at = (chart.times.size() - 1) - (count - 1 - row) * (chart.times.size() / count);
    const IdScope row_ids(row + 1);
    const a11y::Scope scope(scope_node(id_of("row"), r, Aria::row, {}));
    const std::string time = text_of_value(chart, at);
    mirror(id_of("time"), r, {.role = Aria::rowheader, .name = time});
    for (std::size_t i = 0; i < chart.lines.size(); ++i) {
      const std::string text = chart.value_text(chart.lines[i].values[at]);
      mirror(id_of(i + 1), r, {.role = Aria::cell, .name = text});
    }
  }
}

}  // namespace

AxisSteps axis_steps(double top) {
  if (!(top > 0)) return {1, 0.5};
  const double rough = top / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= rough * 0.999) {
      step = factor * power;
      break;
    }
  }
  return {std::ceil(top / step - 1e-9) * step, step};
}

void dashed_line(
    const ChartPlot& plot, double from, double from_value, double to, double to_value, ImU32 color) {
  const ImVec2 begin{plot.x(from), plot.y(from_value)};
  const ImVec2 end{plot.x(to), plot.y(to_value)};
  const float length = std::hypot(end.x - begin.x, end.y - begin.y);
  const auto at = [&](float distance) {
    const float share = std::min(1.0f, distance / std::max(1.0f, length));
    return ImVec2{begin.x + (end.x - begin.x) * share, begin.y + (end.y - begin.y) * share};
  };
  for (float done = 0; done < length; done += 7) canvas().AddLine(at(done), at(done + 4), color, stroke);
}

std::optional<std::size_t> chart(std::string_view id, Rect r, const Chart& chart) {
  const IdScope ids(id);
  const a11y::Scope figure([&] {
    a11y::Node node = scope_node(id_of("figure"), r, Aria::figure, chart.name);
    node.description = chart.summary;
    return node;
  }());
  Plot plot;
  plot.place = {r.x + axis_width, r.y + 8, r.w - axis_width - chart.room_right, r.h - 8 - axis_height};
  if (plot.place.is_empty() || chart.times.empty()) return {};
  plot.from = chart.from;
  plot.to = chart.to;
  const Drawn drawn = drawn_of(chart, plot.place.w);
  const AxisSteps steps = axis_steps(std::max(highest(drawn), chart.least_top) / chart.scale);
  plot.top = steps.top * chart.scale;
  draw_trouble(chart, plot);
  draw_grid(chart, plot, steps.step * chart.scale);
  {
    const ClipScope clip({plot.place.x, plot.place.y - 2, plot.place.w + 2, plot.place.h + 4});
    chart.is_dots ? draw_dots(chart, plot) : draw_lines(chart, plot, drawn);
  }
  if (chart.over) chart.over(plot);
  mirror_table(chart, r);
  std::optional<std::size_t> hovered;
  if (is_hovered({plot.place.x, r.y, plot.place.w, r.h})) {
    const double share = static_cast<double>((mouse().x - plot.place.x) / plot.place.w);
    hovered = chart.is_dots ? nearest_dot(chart, plot)
                            : nearest(chart.times, plot.from + share * (plot.to - plot.from));
  }
  if (const auto at = hovered ? hovered : chart.reading) draw_crosshair(chart, plot, *at);
  return hovered;
}

}  // namespace dits::widgets
