// Where the parts lie, and what stands there before the first figures, without the role, or when the server
// does not answer.
#include "web/ui/system_screen.hpp"

#include <array>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/system_parts.hpp"

namespace dits::web {

namespace {

constexpr float phone_chart_height = 220;
constexpr float least_chart_height = 190;
constexpr float most_chart_height = 330;

void range_switch(const SystemView& view, Outbox& out, float x, float center_y) {
  const std::array<Segment, system_range_count> ranges{{{nullptr, title_of(SystemRange::five_minutes)},
                                                        {nullptr, title_of(SystemRange::hour)},
                                                        {nullptr, title_of(SystemRange::day)}}};
  const auto chosen = segmented("range", x, center_y, "Time", ranges, static_cast<int>(view.range));
  if (chosen) out.run("insights.range", static_cast<std::int64_t>(*chosen));
}

float range_switch_width() {
  const std::array<Segment, system_range_count> ranges{{{nullptr, title_of(SystemRange::five_minutes)},
                                                        {nullptr, title_of(SystemRange::hour)},
                                                        {nullptr, title_of(SystemRange::day)}}};
  return segmented_width(ranges);
}

void system_header(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const SystemView& view = system_of(state);
  const IdScope ids("header");
  const a11y::Scope scope(scope_node(id_of("banner"), r, Aria::banner, "Header"));
  Rect bar = plain_header(r, icons::chart_line, "Insights", "System");
  if (!view.overview) return;
  if (button_right(bar, "copy", "Copy CSV", {.icon = icons::copy, .keys = "y"})) out.run("insights.copy");
  const float width = range_switch_width();
  range_switch(view, out, bar.right() - width - 6, r.center_y());
  bar.w -= width + 18;
  const std::string up =
      "up " +
      figure_text(FigureUnit::seconds,
                  static_cast<float>(view.overview->at.unix_ms - view.overview->started_at.unix_ms) / 1000);
  text_line(bar, view.overview->url + ", " + up, theme::mono, c.text_tertiary);
}

// What keeps the page from showing anything; true when it does.
bool is_empty_page(const State& state, Rect r) {
  const SystemView& view = system_of(state);
  if (state.session.me.role != Role::admin) {
    const std::string_view sentence = "The state of the server is for administrators. Ask one for the role.";
    empty_state(r, {icons::shield_check, Ring::backlog, 0, "For administrators", std::string(sentence)}, 0);
    mirror(id_of("problem"), r, {.role = Aria::alert, .name = sentence});
    return true;
  }
  if (view.overview) return false;
  if (!view.problem.empty()) {
    const std::string sentence = view.problem + " It is asked again every few seconds.";
    empty_state(
        r,
        {icons::circle_alert, Ring::backlog, theme::colors().signal_danger, "No figures came", sentence},
        0);
    mirror(id_of("problem"), r, {.role = Aria::alert, .name = sentence});
  } else {
    figures_loading(r);
  }
  return true;
}

void first_samples_soon(const SystemView& view, Flow& flow) {
  const theme::Palette& c = theme::colors();
  const Rect r = flow.take(120);
  const std::string_view sentence = view.range == SystemRange::day
                                        ? "The first figures of a day appear after a minute."
                                        : "Samples appear after 5 seconds.";
  draw_text_in(r, sentence, theme::body, c.text_tertiary, Align::center);
  mirror(id_of("soon"), r, {.role = Aria::status, .name = sentence});
}

struct Arrangement {
  int columns = 2;
  float chart_height = 240;
};

void figures(const State& state, Outbox& out, Rect r, const Arrangement& layout) {
  const SystemView& view = system_of(state);
  Scroll scroll("body", r);
  Flow flow{r.x, scroll.top(), r.w};
  stale_banner(view.problem, flow);
  system_tiles(view, flow);
  flow = {flow.x + system_gap, flow.y + system_gap, flow.w - 2 * system_gap};
  system_firing(state, flow);
  if (shown_panels(view).empty()) {
    first_samples_soon(view, flow);
  } else {
    system_charts(state, out, scroll, flow, layout.columns, layout.chart_height);
  }
  if (layout.columns == 2) {
    const float width = (flow.w - system_gap) / 2;
    Flow left{flow.x, flow.y, width};
    Flow right{flow.x + width + system_gap, flow.y, width};
    system_states(view, left);
    system_alerts(state, right);
    flow.y = std::max(left.y, right.y);
  } else {
    system_alerts(state, flow);
    system_states(view, flow);
  }
  system_statements(view, out, flow);
  system_instances(view, flow);
  scroll.end_at(flow.y);
}

}  // namespace

void system_screen(const State& state, Outbox& out, Rect r) {
  const IdScope ids("system");
  Rect rest = r;
  system_header(state, out, cut_top(rest, theme::header_height));
  if (is_empty_page(state, rest)) return;
  // Two rows of charts fill the window below the tiles.
  const float room = (rest.h - 80 - 3 * system_gap) / 2;
  const Arrangement layout{rest.w >= 720 ? 2 : 1, std::clamp(room, least_chart_height, most_chart_height)};
  figures(state, out, rest, layout);
}

void phone_system_screen(const State& state, Outbox& out, Rect r) {
  const IdScope ids("system");
  if (is_empty_page(state, r)) return;
  Rect rest = r;
  const Rect bar = cut_top(rest, 44);
  range_switch(system_of(state), out, bar.center_x() - range_switch_width() / 2, bar.center_y());
  figures(state, out, rest, {1, phone_chart_height});
}

}  // namespace dits::web
