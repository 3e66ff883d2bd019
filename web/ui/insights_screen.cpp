// Where the parts of Insights lie, the tiles, and what stands there before the first figures or without the
// server.
#include "web/ui/insights_screen.hpp"

#include <array>
#include <cstdio>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/insights_parts.hpp"
#include "web/ui/query_bar.hpp"

namespace dits::web {

namespace {

constexpr float least_chart_height = 220;
constexpr float most_chart_height = 340;
constexpr float phone_chart_height = 270;
constexpr std::array<int, 3> ranges{30, 60, 365};
const std::array<Segment, 3> range_names{{{nullptr, "30 days"}, {nullptr, "60 days"}, {nullptr, "1 year"}}};

void range_switch(const State& state, Outbox& out, Rect place) {
  int chosen = 0;
  while (chosen < 2 && ranges[static_cast<std::size_t>(chosen)] != state.route.days) ++chosen;
  const auto picked = segmented("range", place.x, place.center_y(), "Time", range_names, chosen);
  if (picked) out.run("insights.range", std::int64_t{ranges[static_cast<std::size_t>(*picked)]});
}

void bar_above(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("insights-bar");
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 12, 0);
  range_switch(state, out, cut_right(bar, segmented_width(range_names), 10));
  if (insights_of(state).figures && r.w > 700 &&
      button_right(bar, "export", "Export CSV", {.icon = icons::download}, 10))
    out.run("insights.export");
  query_field(state, out, middle(bar, 30));
}

std::string plain_number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  std::string shown = text.data();
  if (shown.size() > 2 && shown.substr(shown.size() - 2) == ".0") shown.resize(shown.size() - 2);
  return shown;
}

std::vector<Tile> tiles_of(const State& state, const FlowFigures& figures) {
  const theme::Palette& c = theme::colors();
  const Insights& data = figures.data;
  const ImU32 ink = c.text_tertiary;
  std::vector<Tile> tiles;
  tiles.push_back({"Open",
                   std::to_string(data.open),
                   std::to_string(data.total - data.open) + " done of " + std::to_string(data.total),
                   ink});
  tiles.push_back({"Closed per week", plain_number(figures.closed_per_week), "median of 8 weeks", ink});
  tiles.push_back(figures.cycle ? Tile{"Cycle time",
                                       days_text((*figures.cycle)[0]),
                                       "85 in 100 within " + days_text((*figures.cycle)[1]),
                                       ink}
                                : Tile{"Cycle time", "Not yet", "needs 5 finished issues", ink});
  Tile work{"In progress", std::to_string(data.working_total), "nothing is in work", ink};
  if (!data.working.empty()) {
    const double age = days_between(data.working.front().since, state.now);
    const bool is_late = figures.cycle && age > (*figures.cycle)[1];
    work.more = "longest " + days_text(age);
    if (is_late) work.color = c.signal_warning;
  }
  tiles.push_back(std::move(work));
  const bool has_days = figures.forecast && data.open > 0;
  tiles.push_back({"Forecast",
                   forecast_days(figures),
                   has_days              ? "half to 85 in 100 of 1,000 runs"
                   : data.open == 0      ? "nothing is open"
                   : has_enough(figures) ? "in more than five years"
                                         : "needs 5 issues finished in 8 weeks",
                   ink});
  return tiles;
}

// What keeps the page from showing anything; true when it does.
bool is_empty_page(const State& state, Outbox& out, Rect r) {
  const InsightsView& view = insights_of(state);
  if (view.figures) {
    if (view.figures->data.total > 0) return false;
    empty_list(state, out, r);
    return true;
  }
  const bool is_offline = state.sync.phase == SyncPhase::offline;
  if (is_offline || !view.problem.empty()) {
    const std::string sentence =
        is_offline ? "They are counted by the server. They appear when it can be reached again."
                   : view.problem;
    const ImU32 color = is_offline ? theme::colors().signal_warning : theme::colors().signal_danger;
    empty_state(r,
                {is_offline ? icons::cloud_off : icons::circle_alert,
                 Ring::backlog,
                 color,
                 "No insights now",
                 sentence},
                0);
    mirror(id_of("problem"), r, {.role = Aria::alert, .name = sentence});
  } else {
    figures_loading(r);
  }
  return true;
}

void figures(const State& state, Outbox& out, Rect r, int columns, float chart_height) {
  const InsightsView& view = insights_of(state);
  const IdScope ids("insights");
  const a11y::Scope main(scope_node(id_of("main"), r, Aria::main, "Insights"));
  if (is_empty_page(state, out, r)) return;
  Scroll scroll("body", r);
  Flow flow{r.x, scroll.top(), r.w};
  stale_banner(view.problem, flow);
  figure_tiles(tiles_of(state, *view.figures), flow);
  flow = {flow.x + system_gap, flow.y + system_gap, flow.w - 2 * system_gap};
  insights_charts(state, out, scroll, flow, columns, chart_height);
  scroll.end_at(flow.y);
}

}  // namespace

void insights_screen(const State& state, Outbox& out, Rect r) {
  Rect rest = r;
  list_header(state, out, cut_top(rest, theme::header_height));
  bar_above(state, out, cut_top(rest, theme::query_bar_height));
  connection_banner(state, out, rest);
  // Two rows of charts fill the window below the tiles.
  const float room = (rest.h - 80 - 3 * system_gap) / 2;
  figures(state, out, rest, rest.w >= 720 ? 2 : 1, std::clamp(room, least_chart_height, most_chart_height));
}

void phone_insights(const State& state, Outbox& out, Rect r) {
  Rect rest = r;
  const Rect bar = cut_top(rest, 44);
  const float width = segmented_width(range_names);
  range_switch(state, out, {bar.center_x() - width / 2, bar.y, width, bar.h});
  figures(state, out, rest, 1, phone_chart_height);
}

}  // namespace dits::web
