// Figures over time: lines or stacked areas on a grid, with a crosshair that reads values, and the same as a
// figure with a table for readers.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/widgets/item.hpp"

namespace dits::widgets {

struct ChartLine {
  HeldText name;
  ImU32 color = 0;
  std::vector<float> values;  // one for each time; NaN where nothing is known
  bool is_filled = false;     // below it; what is stacked or alone is anyway
};

// Where a chart's times and values lie.
struct ChartPlot {
  Rect place;
  double from = 0;
  double to = 1;
  double top = 1;

  float x(double time) const {
    return place.x + place.w * static_cast<float>((time - from) / std::max(1e-9, to - from));
  }
  float y(double value) const {
    return place.bottom() - place.h * static_cast<float>(std::clamp(value / top, 0.0, 1.0));
  }
};

struct Chart {
  HeldText name;              // of the figure
  HeldText summary;           // what it shows, in a sentence
  std::vector<double> times;  // ascending, in any unit
  double from = 0;            // what the width stands for
  double to = 1;
  double gap = 0;  // times further apart than this are not joined
  std::vector<ChartLine> lines;
  std::vector<bool> troubled = {};  // for each time, or empty: shaded where true
  bool is_stacked = false;
  double scale = 1;      // the axis has round numbers of this: 1,048,576 for megabytes
  double least_top = 0;  // the axis reaches at least so high
  double tick = 1;       // between two times under the axis …
  double tick_from = 0;  // … counted from this one
  std::function<std::string(float)> value_text;
  std::function<std::string(float)> axis_text;              // shorter; value_text unless given
  std::function<std::string(double)> time_text;             // of a value
  std::function<std::string(double)> tick_text;             // under the axis
  std::optional<std::size_t> reading = {};                  // the value that the keys are at
  bool is_dots = false;                                     // no lines: each value for itself
  float room_right = 0;                                     // of the plot, for words
  std::function<void(const ChartPlot&)> over = {};          // draws more into the plot
  std::function<std::string(std::size_t)> point_text = {};  // of a value, instead of time_text
};

// Draws the chart into `r`: the plot with its axes. The value that the mouse is at.
std::optional<std::size_t> chart(std::string_view id, Rect r, const Chart& chart);
// A line of dashes, as the crosshair is.
void dashed_line(
    const ChartPlot& plot, double from, double from_value, double to, double to_value, ImU32 color);

// Round steps for an axis from 0 to at least `top`: the highest one, and the distance of two; 3 to 5 of them.
struct AxisSteps {
  double top = 1;
  double step = 1;
};
AxisSteps axis_steps(double top);

}  // namespace dits::widgets
