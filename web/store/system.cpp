// Series as panels, figures as words, and what answers add.
#include "web/store/system.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

// At most three digits that matter: "0.13", "3.2", "12.4", "813".
std::string plain_number(double value) {
  std::array<char, 32> buffer{};
  const double size = std::abs(value);
  std::snprintf(buffer.data(),
                buffer.size(),
                size >= 99.95   ? "%.0f"
                : size >= 9.995 ? "%.1f"
                                : "%.2f",
                value);
  std::string text = buffer.data();
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string bytes_text(double bytes) {
  constexpr std::array<const char*, 5> units{" bytes", " KB", " MB", " GB", " TB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return plain_number(unit > 0 && bytes < 100 ? std::round(bytes * 10) / 10 : std::round(bytes)) +
         units[unit];
}

std::string seconds_text(double seconds) {
  if (seconds < 10) return plain_number(std::round(seconds * 10) / 10) + " s";
  const auto whole = static_cast<std::int64_t>(seconds);
  const auto two =
      [](std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
        std::string text = std::to_string(large) + large_unit;
        if (small > 0) text += " " + std::to_string(small) + small_unit;
        return text;
      };
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3'600) return two(whole / 60, " min", whole % 60, " s");
  if (whole < 86'400) return two(whole / 3'600, " h", whole % 3'600 / 60, " min");
  return two(whole / 86'400, " d", whole % 86'400 / 3'600, " h");
}

std::string clock_text(std::int64_t local_ms, bool has_seconds) {
  const std::int64_t in_day = ((local_ms % ms_per_day) + ms_per_day) % ms_per_day / 1000;
  std::array<char, 32> text{};
  const auto hours = static_cast<int>(in_day / 3'600);
  const auto minutes = static_cast<int>(in_day / 60 % 60);
  if (has_seconds) {
    std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", hours, minutes, static_cast<int>(in_day % 60));
  } else {
    std::snprintf(text.data(), text.size(), "%02d:%02d", hours, minutes);
  }
  return text.data();
}

void append(std::vector<SystemSample>& samples, std::vector<SystemSample> fresh, std::size_t most) {
  for (SystemSample& sample : fresh) {
    if (samples.empty() || sample.at > samples.back().at) samples.push_back(sample);
  }
  if (samples.size() > most)
    samples.erase(samples.begin(), samples.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

const SystemView& system_of(const State& state) {
  static const SystemView empty;
  return state.system ? *state.system : empty;
}

std::string_view title_of(SystemRange range) {
  constexpr std::array<std::string_view, system_range_count> titles{"5 min", "1 hour", "24 hours"};
  return titles[static_cast<std::size_t>(range)];
}

std::int64_t length_ms(SystemRange range) {
  constexpr std::array<std::int64_t, system_range_count> lengths{300'000, 3'600'000, ms_per_day};
  return lengths[static_cast<std::size_t>(range)];
}

std::int64_t step_ms(SystemRange range) {
  return range == SystemRange::day ? system_minute_ms : system_step_ms;
}

const std::vector<SystemPanel>& system_panels() {
  using enum SystemSeries;
  static const std::vector<SystemPanel> panels{
      {"Requests",
       "per second, by answer",
       FigureUnit::per_second,
       true,
       {{requests_good, "answered"}, {requests_refused, "refused (4xx)"}, {requests_failed, "failed (5xx)"}}},
      {"Latency",
       "of requests, without event streams",
       FigureUnit::milliseconds,
       false,
       {{latency_half, "half"}, {latency_most, "95 in 100"}, {latency_slowest, "99 in 100"}}},
      {"Connections",
       "to PostgreSQL",
       FigureUnit::count,
       true,
       {{pool_busy, "in use"}, {pool_idle, "idle"}, {pool_waiting, "waiting"}}},
      {"Statements", "SQL, per second", FigureUnit::per_second, false, {{statements, "statements"}}},
      {"Statement time", "mean", FigureUnit::milliseconds, false, {{statement_ms, "mean"}}},
      {"Processor", "of one core", FigureUnit::percent, false, {{cpu, "used"}}},
      {"Memory", "of this server, without PostgreSQL", FigureUnit::bytes, false, {{memory, "resident"}}},
      {"Cache",
       "questions it could answer",
       FigureUnit::percent,
       false,
       {{cache_hits, "hits"}},
       SystemLine{redis_away, "Redis away"}},
      {"Event streams", "open pages and programs", FigureUnit::count, false, {{streams, "open"}}},
      {"Database", "size", FigureUnit::bytes, false, {{database_size, "size"}}},
      {"Disk", "free, where the data is", FigureUnit::bytes, false, {{disk_free, "free"}}},
      {"Replicas", "how far the last one lags", FigureUnit::seconds, false, {{replica_lag, "lag"}}},
      {"Backup", "age of the newest", FigureUnit::seconds, false, {{backup_age, "age"}}}};
  return panels;
}

std::pair<const SystemSample*, const SystemSample*> samples_in_range(const SystemView& view) {
  if (!view.overview) return {nullptr, nullptr};
  const std::vector<SystemSample>& all =
      view.range == SystemRange::day ? view.overview->minutes : view.overview->samples;
  if (all.empty()) return {nullptr, nullptr};
  const Timestamp from{all.back().at.unix_ms - length_ms(view.range)};
  const auto first =
      std::find_if(all.begin(), all.end(), [&](const SystemSample& one) { return one.at >= from; });
  return {all.data() + (first - all.begin()), all.data() + all.size()};
}

bool is_troubled(const SystemPanel& panel, const SystemSample& sample) {
  return panel.trouble && sample[panel.trouble->series] == 1;
}

std::vector<const SystemPanel*> shown_panels(const SystemView& view) {
  std::vector<const SystemPanel*> shown;
  const auto [begin, end] = samples_in_range(view);
  for (const SystemPanel& panel : system_panels()) {
    const bool has_figures = std::any_of(begin, end, [&](const SystemSample& sample) {
      if (is_troubled(panel, sample)) return true;
      return std::any_of(panel.lines.begin(), panel.lines.end(), [&](const SystemLine& line) {
        return is_known(sample[line.series]);
      });
    });
    if (has_figures) shown.push_back(&panel);
  }
  return shown;
}

SystemSample latest_sample(const SystemView& view) {
  return view.overview && !view.overview->samples.empty() ? view.overview->samples.back() : SystemSample{};
}

float latest_figure(const SystemView& view, SystemSeries series) {
  if (!view.overview) return unknown_figure;
  const std::vector<SystemSample>& all = view.overview->samples;
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const SystemSample& one) { return is_known(one[series]); });
  return found == all.rend() ? unknown_figure : (*found)[series];
}

std::string figure_text(FigureUnit unit, float figure) {
  if (!is_known(figure)) return "unknown";
  const auto value = static_cast<double>(figure);
  switch (unit) {
    case FigureUnit::count:
      return plain_number(value);
    case FigureUnit::per_second:
      return plain_number(value) + "/s";
    case FigureUnit::milliseconds:
      return value >= 1'000 ? seconds_text(value / 1000) : plain_number(value) + " ms";
    case FigureUnit::percent:
      return plain_number(value) + "%";
    case FigureUnit::bytes:
      return bytes_text(value);
    case FigureUnit::seconds:
      return seconds_text(value);
  }
  return {};
}

std::string panel_summary(const SystemView& view, const SystemPanel& panel) {
  const auto [begin, end] = samples_in_range(view);
  std::string text = std::string(panel.title) + ", last " + std::string(title_of(view.range)) + ": ";
  for (const SystemLine& line : panel.lines) {
    float now = unknown_figure;
    float most = unknown_figure;
    for (const SystemSample* sample = begin; sample != end; ++sample) {
      const float figure = (*sample)[line.series];
      if (!is_known(figure)) continue;
      now = figure;
      most = is_known(most) ? std::max(most, figure) : figure;
    }
    if (&line != &panel.lines.front()) text += "; ";
    text += std::string(line.name) + " " + figure_text(panel.unit, now);
    if (is_known(most)) text += ", at most " + figure_text(panel.unit, most);
  }
  const auto troubled =
      std::count_if(begin, end, [&](const SystemSample& sample) { return is_troubled(panel, sample); });
  if (troubled > 0) {
    const auto seconds = static_cast<float>(troubled * step_ms(view.range)) / 1000;
    text += "; " + std::string(panel.trouble->name) + " for " + figure_text(FigureUnit::seconds, seconds);
  }
  return text;
}

std::string sample_time(Timestamp at, SystemRange range, const TimeZone& zone) {
  const std::int64_t local = at.unix_ms + std::int64_t{zone.offset_minutes_at(at)} * 60'000;
  return clock_text(local, range != SystemRange::day);
}

std::string reading_text(const SystemPanel& panel, const SystemSample& sample, const std::string& time) {
  std::string text = std::string(panel.title) + " at " + time + ": ";
  for (const SystemLine& line : panel.lines) {
    if (&line != &panel.lines.front()) text += ", ";
    text += std::string(line.name) + " " + figure_text(panel.unit, sample[line.series]);
  }
  if (is_troubled(panel, sample)) text += ", " + std::string(panel.trouble->name);
  return text;
}

std::string panel_csv(const SystemView& view, const SystemPanel& panel) {
  std::string text = "time";
  for (const SystemLine& line : panel.lines) text += "," + std::string(name_of(line.series));
  text += "\n";
  const auto [begin, end] = samples_in_range(view);
  for (const SystemSample* sample = begin; sample != end; ++sample) {
    text += to_string(sample->at);
    for (const SystemLine& line : panel.lines) {
      const float figure = (*sample)[line.series];
      std::array<char, 32> number{};
      if (is_known(figure)) std::snprintf(number.data(), number.size(), "%.6g", static_cast<double>(figure));
      text += "," + std::string(number.data());
    }
    text += "\n";
  }
  return text;
}

bool is_same_server(const SystemOverview& a, const SystemOverview& b) {
  return a.url == b.url && a.started_at == b.started_at;
}

void take_overview(SystemView& view, SystemOverview fresh) {
  view.problem.clear();
  if (view.overview && is_same_server(*view.overview, fresh)) {
    std::vector<SystemSample> samples = view.overview->samples;
    std::vector<SystemSample> minutes = view.overview->minutes;
    // The server's clock was set back, and it began anew.
    const bool is_anew =
        !fresh.samples.empty() && !samples.empty() && fresh.samples.back().at < samples.back().at;
    if (is_anew) {
      samples.clear();
      minutes.clear();
    }
    append(samples, std::move(fresh.samples), most_system_samples);
    append(minutes, std::move(fresh.minutes), most_system_minutes);
    fresh.samples = std::move(samples);
    fresh.minutes = std::move(minutes);
  }
  view.overview = std::make_shared<const SystemOverview>(std::move(fresh));
  if (view.is_reading && sample_read(view) == nullptr) view.is_reading = false;
}

void move_reading(SystemView& view, int by) {
  const auto [begin, end] = samples_in_range(view);
  if (begin == end) return;
  const auto count = static_cast<std::int64_t>(end - begin);
  const SystemSample* at = sample_read(view);
  std::int64_t place = at == nullptr ? count - 1 : (at - begin) + by;
  place = std::clamp<std::int64_t>(place, 0, count - 1);
  view.is_reading = true;
  view.reading = begin[place].at;
}

const SystemSample* sample_read(const SystemView& view) {
  if (!view.is_reading) return nullptr;
  const auto [begin, end] = samples_in_range(view);
  const SystemSample* found =
      std::find_if(begin, end, [&](const SystemSample& sample) { return sample.at == view.reading; });
  return found == end ? nullptr : found;
}

}  // namespace dits::web
