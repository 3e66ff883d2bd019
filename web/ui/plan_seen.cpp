// Which days of a plan are seen, and where its rows lie: it begins with today, and follows the cursor, the
// wheel and a finger.
#include <algorithm>
#include <cmath>

#include "web/theme/metrics.hpp"
#include "web/ui/plan_parts.hpp"
#include "web/widgets/text_area.hpp"

namespace dits::web {

namespace {

double middle_before = 0;  // when the finger came down

// The middle of the days that are shown at first: today a third from the left, or the bars where none is
// near.
double first_middle(const State& state, float width, float scale) {
  const PlanNet& net = state.list.net;
  const double room = static_cast<double>(width / scale);
  int first = 0;
  int last = 0;
  bool has_any = false;
  for (const PlanBar& bar : net.bars) {
    if (!bar.has_days) continue;
    first = has_any ? std::min(first, bar.begin) : bar.begin;
    last = has_any ? std::max(last, bar.end) : bar.end;
    has_any = true;
  }
  const double today = state.today.days;
  if (!has_any || (first < today + room / 2 && last > today - room / 4)) return today + room / 6;
  return first >= today ? first + room / 3 : last - room / 3;
}

void fit_all(const State& state, Outbox& out, float width) {
  int first = state.today.days;
  int last = state.today.days + 1;
  bool has_any = false;
  for (const PlanBar& bar : state.list.net.bars) {
    if (!bar.has_days) continue;
    const int begin = std::min(bar.begin, bar.end - 1);
    first = has_any ? std::min(first, begin) : begin;
    last = has_any ? std::max(last, bar.end) : bar.end;
    has_any = true;
  }
  int zoom = 0;
  const auto days = static_cast<float>(last - first);
  while (zoom + 1 < plan_zoom_count && days * pixels_per_day(static_cast<PlanZoom>(zoom)) > width - 80)
    ++zoom;
  move_middle(state, out, (first + last) / 2.0);
  if (zoom != static_cast<int>(state.route.zoom)) out.run("plan.zoom", std::int64_t{zoom});
}

// After a move of the cursor its bar is seen: answers the day at the left edge.
double left_with_cursor(const State& state, Outbox& out, const PlanPlace& place) {
  const std::uint32_t bar = bar_at_cursor(state);
  PlanState plan = state.plan;
  plan.wants_bar = false;
  double left = place.left;
  if (bar != no_bar && state.list.net.bars[bar].has_days) {
    const double margin =
        std::min(40.0, static_cast<double>(place.days.w) / 4) / static_cast<double>(place.scale);
    const double room = static_cast<double>(place.days.w / place.scale);
    const double first = state.list.net.bars[bar].begin - margin;
    const double last = state.list.net.bars[bar].end + margin;
    if (last > left + room) left = last - room;
    if (first < left) left = first;
    if (left != place.left) plan.middle = left + room / 2;
  }
  out.change(PlanChanged{plan});
  return left;
}

void pan_by_wheel(const State& state, Outbox& out, const PlanPlace& place, Rect r) {
  ImGuiIO& io = ImGui::GetIO();
  const float wheel = io.MouseWheelH != 0 ? io.MouseWheelH : io.KeyShift ? io.MouseWheel : 0;
  if (wheel != 0 && is_hovered(r)) {
    const float pixels = wheel * 5 * ImGui::GetStyle().FontSizeBase;
    move_middle(state, out, place.middle() - static_cast<double>(pixels / place.scale));
    io.MouseWheelH = 0;
    if (io.KeyShift) io.MouseWheel = 0;
  }
  const Sweep finger = sweep();
  if (finger.phase == Sweep::Phase::none) middle_before = place.middle();
  if (finger.phase == Sweep::Phase::moving && r.contains(finger.start))
    move_middle(state, out, middle_before - static_cast<double>(finger.distance / place.scale));
}

}  // namespace

float PlanPlace::x_of(double day) const {
  return days.x + std::floor(static_cast<float>((day - left) * static_cast<double>(scale)));
}

float PlanPlace::offset_of(std::size_t row) const {
  const std::size_t count = net.rows.size();
  const bool has_heads = count > 0 && net.rows.front().is_head();
  if (!has_heads) return row_height * static_cast<float>(row);
  const std::size_t heads = row < count ? net.rows[row].group : net.rows.back().group;
  return row_height * static_cast<float>(row - heads) + head_height * static_cast<float>(heads);
}

std::size_t PlanPlace::row_at(float y) const {
  std::size_t low = 0;
  std::size_t high = net.rows.size();
  while (low + 1 < high) {
    const std::size_t half = (low + high) / 2;
    (top + offset_of(half) <= y ? low : high) = half;
  }
  return low;
}

Rect PlanPlace::row(std::size_t at) const {
  return {days.x, top + offset_of(at), days.w, offset_of(at + 1) - offset_of(at)};
}

Rect PlanPlace::bar(const BarTimes& time, float row_top) const {
  const float y = row_top + bar_top;
  const float x = x_of(time.begin);
  if (time.begin == time.end) {
    // A milestone lies in the middle of its day, which is the last one before its point.
    const float middle = x_of(time.end - 0.5);
    return {middle - 8, y + plan_bar_height / 2 - 8, 16, 16};
  }
  return {x + 1, y, std::max(3.0f, x_of(time.end) - x - 2), plan_bar_height};
}

void move_middle(const State& state, Outbox& out, double middle) {
  PlanState plan = state.plan;
  plan.middle = middle;
  plan.wants_fit = plan.wants_bar = false;
  out.change(PlanChanged{plan});
}

Rect common(Rect a, Rect b) {
  return rect_between({std::max(a.x, b.x), std::max(a.y, b.y)},
                      {std::min(a.right(), b.right()), std::min(a.bottom(), b.bottom())});
}

PlanPlace place_plan(const State& state, Outbox& out, Rect days, float names) {
  PlanPlace place{state.list.net, days};
  place.scale = pixels_per_day(state.route.zoom);
  if (names == 0) {
    place.row_height = theme::phone_row_height;
    place.bar_top = 30;
  }
  const double room = static_cast<double>(days.w / place.scale);
  place.left = state.plan.middle.value_or(first_middle(state, days.w, place.scale)) - room / 2;
  if (state.plan.wants_fit) {
    fit_all(state, out, days.w);
  } else if (state.plan.wants_bar) {
    place.left = left_with_cursor(state, out, place);
  }
  pan_by_wheel(state, out, place, days);
  return place;
}

}  // namespace dits::web
