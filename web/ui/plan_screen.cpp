#include "web/ui/plan_screen.hpp"

#include <array>

#include "web/theme/icons.hpp"
#include "web/theme/metrics.hpp"
#include "web/ui/empty_states.hpp"
#include "web/ui/header.hpp"
#include "web/ui/plan_parts.hpp"
#include "web/ui/query_bar.hpp"

namespace dits::web {

namespace {

constexpr float words_height = 34;

void plan_bar_above(const State& state, Outbox& out, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("plan-bar");
  horizontal_line(r.x, r.bottom() - 1, r.w, c.border_subtle);
  Rect bar = inset(r, 12, 0);
  const std::array<Segment, plan_zoom_count> zooms{
      {{nullptr, "Day", ""}, {nullptr, "Week", ""}, {nullptr, "Month", ""}, {nullptr, "Quarter", ""}}};
  const Rect place = cut_right(bar, segmented_width(zooms), 10);
  if (const auto picked = segmented(
          "zoom", place.x, place.center_y(), "Days shown", zooms, static_cast<int>(state.route.zoom)))
    out.run("plan.zoom", std::int64_t{*picked});
  if (button_right(bar, "fit", "Fit", {.icon = icons::maximize, .keys = "f"})) out.run("plan.fit");
  if (button_right(bar, "today", "Today", {.keys = "0"}, 10)) out.run("plan.today");
  query_field(state, out, middle(bar, 30));
}

void legend(Rect& bar, const char* words, ImU32 color, float thickness) {
  const theme::Palette& c = theme::colors();
  const Rect text = cut_right(bar, text_width(words, theme::small), 7);
  draw_text(text.x, bar.center_y(), words, theme::small, c.text_secondary);
  const Rect line = cut_right(bar, 18, 16);
  fill({line.x, line.center_y() - thickness / 2, line.w, thickness}, color);
}

// What the cursor's bar means for the others, and what the colours mean.
void plan_words(const State& state, const PlanShown& shown, Rect r) {
  const theme::Palette& c = theme::colors();
  const IdScope ids("plan-words");
  Rect bar = inset(r, 16, 0);
  const std::string days = std::to_string(shown.times.critical_days);
  const std::string critical = "critical path, " + days + (days == "1" ? " day" : " days");
  legend(bar, "blocks", c.border_strong, 1.5f);
  if (shown.times.critical_days > 0) legend(bar, critical.c_str(), c.status_progress, 3);
  const std::string counts = plan_counts(shown.net);
  float x = bar.x;
  mirror(id_of("counts"), bar, {.role = Aria::heading, .name = counts, .level = 2});
  x += draw_text(x, bar.center_y(), counts, theme::small_strong, c.text_primary) + 14;
  const std::uint32_t at = bar_at_cursor(state);
  if (at == no_bar || !shown.net.bars[at].has_days) return;
  text_line({x, bar.y, bar.right() - x, bar.h}, bar_words(state, shown, at), theme::small, c.text_secondary);
}

void empty_plan(const State& state, Outbox& out, Rect r) {
  if (state.list.result.rows.empty()) return empty_list(state, out, r);
  empty_state(r,
              {icons::waypoints,
               Ring::backlog,
               theme::colors().text_tertiary,
               "No dates and no links yet",
               "An issue has a bar here when it has a start or due date, or blocks another one"},
              0);
}

}  // namespace

void plan_screen(const State& state, Outbox& out, Rect r) {
  Rect rest = r;
  list_header(state, out, cut_top(rest, theme::header_height));
  plan_bar_above(state, out, cut_top(rest, theme::query_bar_height));
  connection_banner(state, out, rest);
  const a11y::Scope main(scope_node(id_of("main"), rest, Aria::main, "Plan"));
  if (state.list.net.rows.empty()) return empty_plan(state, out, rest);
  const bool is_wide = rest.w > 760;
  if (state.detail_open && (is_wide || is_in_next(state)))
    plan_next(state, out, cut_right(rest, plan_next_width));
  const Rect words = cut_top(rest, words_height);
  plan_words(state, plan_rows(state, out, rest, is_wide ? plan_names_width : 170), words);
}

}  // namespace dits::web
