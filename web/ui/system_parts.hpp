// The parts of the System screen; each draws from the top of `flow` and moves it down.
#pragma once

#include "web/store/system.hpp"
#include "web/ui/issue_parts.hpp"
#include "web/widgets/chart.hpp"

namespace dits::web {

constexpr float system_gap = 12;
constexpr float system_panel_head = 36;

// A framed panel of this height with its head; what is below the head.
Rect system_panel(Rect frame, std::string_view title, std::string_view more);

// The same with the names of the chart's lines, as far as there is room.
Rect chart_panel_frame(Rect frame, std::string_view title, std::string_view more, const Chart& drawn);

// A figure with its name and a few words, side by side as many as there is room for.
struct Tile {
  std::string title;
  std::string value;
  std::string more;
  ImU32 color = 0;  // of `more`
};
void figure_tiles(const std::vector<Tile>& tiles, Flow& flow);
// Grey bars until the first figures are here, after a moment in which nothing is shown.
void figures_loading(Rect r);
// The server was asked in vain, and what is shown is old; nothing where `problem` is empty.
void stale_banner(const std::string& problem, Flow& flow);

void system_tiles(const SystemView& view, Flow& flow);
// The charts, `columns` side by side, each `height` high. Scrolls to the one that the keys read.
void system_charts(const State& state, Outbox& out, Scroll& scroll, Flow& flow, int columns, float height);
// What fires, as banners with what to do.
void system_firing(const State& state, Flow& flow);
void system_alerts(const State& state, Flow& flow);  // those that were resolved too
void system_states(const SystemView& view, Flow& flow);
void system_instances(const SystemView& view, Flow& flow);
void system_statements(const SystemView& view, Outbox& out, Flow& flow);

}  // namespace dits::web
