// What Insights → System shows: the server's overview with the samples that came so far, the range of the
// charts, and where one reads. A value: commands and answers make a new one from the one before
// (SystemChanged).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/time_zone.hpp"
#include "shared/model/system.hpp"

namespace dits::web {

struct State;

enum class SystemRange : std::uint8_t { five_minutes, hour, day };
constexpr int system_range_count = 3;
std::string_view title_of(SystemRange range);  // "5 min", …
std::int64_t length_ms(SystemRange range);
std::int64_t step_ms(SystemRange range);  // between two of its samples

struct SystemView {
  std::shared_ptr<const SystemOverview> overview;  // null: nothing came yet
  std::string problem;                             // why the last question had no answer
  SystemRange range = SystemRange::five_minutes;
  std::size_t chart = 0;    // that the keys read, among shown_panels()
  bool is_reading = false;  // the keys are at a value
  Timestamp reading;        // its sample's time
  std::string statement;    // whose plan is open
  bool scroll_to_chart = false;
};
// What the state holds; an empty one before the page was opened.
const SystemView& system_of(const State& state);

// ---- charts ----

enum class FigureUnit : std::uint8_t { count, per_second, milliseconds, percent, bytes, seconds };

struct SystemLine {
  SystemSeries series;
  std::string_view name;
};
struct SystemPanel {
  std::string_view title;
  std::string_view more;  // what is drawn, in small
  FigureUnit unit;
  bool is_stacked;
  std::vector<SystemLine> lines;
  std::optional<SystemLine> trouble = {};  // 1 while there is: shaded
};
const std::vector<SystemPanel>& system_panels();

// The samples of the range, oldest first: the last one is at its end.
std::pair<const SystemSample*, const SystemSample*> samples_in_range(const SystemView& view);
// Whether the panel's trouble was there at this sample.
bool is_troubled(const SystemPanel& panel, const SystemSample& sample);
// Panels of which something is known in the range.
std::vector<const SystemPanel*> shown_panels(const SystemView& view);
// The last sample; unknown figures before the first one.
SystemSample latest_sample(const SystemView& view);
// The last known figure of a series.
float latest_figure(const SystemView& view, SystemSeries series);

// "12.4/s", "3.1 ms", "75%", "11.5 MB", "2 h 5 min"; "unknown".
std::string figure_text(FigureUnit unit, float figure);
// "Requests, 5 min: answered 12.4/s, at most 15/s; …": a chart in a sentence.
std::string panel_summary(const SystemView& view, const SystemPanel& panel);
// "10:42:05", of a day "14 Jul 10:42".
std::string sample_time(Timestamp at, SystemRange range, const TimeZone& zone);
// What the keys are at: "10:42:05: answered 12.4/s, refused 0/s".
std::string reading_text(const SystemPanel& panel, const SystemSample& sample, const std::string& time);
// The chart's values with a head line.
std::string panel_csv(const SystemView& view, const SystemPanel& panel);

// ---- changes of the view ----

bool is_same_server(const SystemOverview& a, const SystemOverview& b);
// The answer to a question for what is later than what the view holds.
void take_overview(SystemView& view, SystemOverview fresh);
// Moves the reading by so many samples; begins at the last one. Keeps within the range.
void move_reading(SystemView& view, int by);
// The sample that is read; null when none is, or it has left the range.
const SystemSample* sample_read(const SystemView& view);

}  // namespace dits::web
