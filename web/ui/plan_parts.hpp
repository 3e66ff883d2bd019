// What the parts of the layout Plan share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "web/store/plan.hpp"
#include "web/ui/parts.hpp"

namespace dits::web {

constexpr float plan_bar_height = 20;
constexpr float plan_names_width = 250;
constexpr float plan_next_width = 240;

// The bars as they are shown now: with what is dragged where it would be.
struct PlanShown {
  const PlanNet& net;
  const PlanTimes& times;
  const PlanDrag& drag;
  // Has it moved, by hand or pushed?
  bool is_moved(std::uint32_t bar) const;
};
// Found anew only when the list or what is dragged changes. `drag`: as it would be let go now.
PlanShown shown_plan(const State& state, const BoardDrag& drag);

// Where rows and days lie on the screen.
struct PlanPlace {
  const PlanNet& net;
  Rect days;         // the bars; names stand left of it, on a phone above the bars
  double left = 0;   // the day at its left edge
  float scale = 32;  // pixels a day
  float row_height = 36;
  float head_height = 32;
  float bar_top = 8;  // in a row
  float top = 0;      // of the first row

  double day_at(float x) const { return left + static_cast<double>((x - days.x) / scale); }
  float x_of(double day) const;
  double middle() const { return day_at(days.center_x()); }
  float offset_of(std::size_t row) const;  // from the top of the first row; also for the one behind the last
  std::size_t row_at(float y) const;       // the row there, or the last one
  Rect row(std::size_t at) const;
  Rect bar(const BarTimes& time, float row_top) const;
};

// ---- words ----
std::string plan_days_words(const BarTimes& time);  // "Fri 10 to Thu 16 July", "31 July"
// "No slack", "2 days of slack", "3 days short"; empty where nothing is linked.
std::string slack_words(const PlanShown& shown, std::uint32_t bar);
// "A day late moves 3 others, #148 to Sat 1 Aug 2026"; empty when it moves nothing.
std::string late_words(const State& state, std::uint32_t bar);
std::string plan_counts(const PlanNet& net);  // "11 issues, 10 links"
// "#128  Fri 10 to Thu 16 July.  No slack.  A day late moves …".
std::string bar_words(const State& state, const PlanShown& shown, std::uint32_t bar);
// What readers hear of a bar: status, days, slack, links.
std::string bar_description(const State& state, const PlanShown& shown, std::uint32_t bar);

// ---- pieces ----
void plan_head(const PlanPlace& place, PlanZoom zoom, Date today, Rect r);
void plan_grid(const PlanPlace& place, PlanZoom zoom, Rect r);
// Links that touch the rows from `first` to `last`.
void plan_arrows(const PlanShown& shown, const PlanPlace& place, std::size_t first, std::size_t last);
struct BarLook {
  bool is_lifted = false;
  bool is_late = false;
  float done = 0;  // 0..1
};
void draw_plan_bar(const PlanShown& shown, std::uint32_t bar, Rect r, const BarLook& look);
float done_part(const State& state, Slot slot);

// The rows as they are drawn now.
struct PlanDraw {
  const State& state;
  Outbox& out;
  const PlanShown& shown;
  const PlanPlace& place;
  Rect body;                    // all rows, with their names
  float names = 0;              // the width of the names; 0: they stand above the bars
  std::uint32_t over = no_bar;  // under the pointer while a link is dragged
  bool is_circle = false;       // and this link would close one

  Rect row(std::size_t at) const;  // with its name
};
inline bool is_dragged(const State& state) { return !state.drag.issues.empty(); }
Rect common(Rect a, Rect b);

// ---- drags ----
void begin_plan_drag(const PlanDraw& draw, std::uint32_t bar, DragPart part);
// What is dragged, were it let go now.
BoardDrag held_plan_drag(const State& state, const PlanPlace& place);
void find_link_target(PlanDraw& draw, const BoardDrag& drag);
void follow_plan_drag(const PlanDraw& draw, BoardDrag drag);

// ---- what of the days is seen ----
// Where rows and days lie in `days`; moves on as the state, wheel and finger want it.
PlanPlace place_plan(const State& state, Outbox& out, Rect days, float names);
void move_middle(const State& state, Outbox& out, double middle);

// The rows; `names` is the width of their names, 0: they stand above the bars.
PlanShown plan_rows(const State& state, Outbox& out, Rect r, float names);
void plan_next(const State& state, Outbox& out, Rect r);
// A press in the list of what comes next leads to the bar.
void next_rows(const State& state, Outbox& out, Rect r, float row_height);

}  // namespace dits::web
