// What is drawn of a plan and answers to nothing: the line of days, bars, arrows.
#include <array>
#include <cmath>

#include "web/store/calendar.hpp"
#include "web/ui/plan_parts.hpp"

namespace dits::web {

namespace {

enum class Unit { day, week, month, quarter, year };

struct Units {
  Unit upper;
  Unit lower;
};
Units units_of(PlanZoom zoom) {
  constexpr std::array<Units, plan_zoom_count> units{{{Unit::week, Unit::day},
                                                      {Unit::month, Unit::week},
                                                      {Unit::year, Unit::month},
                                                      {Unit::year, Unit::quarter}}};
  return units[static_cast<std::size_t>(zoom)];
}

Date first_of(Unit unit, Date day) {
  if (unit == Unit::day) return day;
  if (unit == Unit::week) return week_begin(day, 0);
  const CivilDate civil = civil_from_date(day);
  const unsigned month = unit == Unit::year      ? 1
                         : unit == Unit::quarter ? civil.month - (civil.month - 1) % 3
                                                 : civil.month;
  return date_from_civil({civil.year, month, 1});
}

Date after(Unit unit, Date day) {
  if (unit == Unit::day) return Date{day.days + 1};
  if (unit == Unit::week) return Date{day.days + 7};
  return month_after(day, unit == Unit::year ? 12 : unit == Unit::quarter ? 3 : 1);
}

std::string label_of(Unit unit, Date day, bool is_lower) {
  const CivilDate civil = civil_from_date(day);
  const std::string year = std::to_string(civil.year);
  switch (unit) {
    case Unit::day:
      return std::to_string(civil.day);
    case Unit::week:
      if (is_lower) return std::to_string(civil.day);
      return "Week " + std::to_string(iso_week(day)) + ", " + std::string(full_month_name(civil.month)) +
             ' ' + year;
    case Unit::month:
      if (is_lower) return std::string(month_name(civil.month));
      return std::string(full_month_name(civil.month)) + ' ' + year;
    case Unit::quarter:
      return "Q" + std::to_string((civil.month - 1) / 3 + 1);
    case Unit::year:
      break;
  }
  return year;
}

// Each unit that is seen, from its begin to the next one's.
template <typename Do>
void each_unit(const PlanPlace& place, Unit unit, const Do& act) {
  const Date begin{static_cast<int>(std::floor(place.left))};
  const double end = place.day_at(place.days.right());
  for (Date day = first_of(unit, day_after(begin, 0)); day.days < end;) {
    const Date next = after(unit, day);
    if (next <= day) break;  // the end of all days
    act(day, place.x_of(day.days), place.x_of(next.days));
    day = next;
  }
}

ImU32 bar_ink(const BarTimes& time, const BarLook& look) {
  const theme::Palette& c = theme::colors();
  if (look.is_lifted) return c.accent_base;
  if (look.is_late) return c.signal_danger;
  return time.is_critical ? c.status_progress : c.text_tertiary;
}

void draw_diamond(Rect r, ImU32 color, bool is_filled) {
  const float x = r.center_x();
  const float y = r.center_y();
  const float d = r.w / 2;
  if (is_filled) {
    canvas().AddQuadFilled({x - d, y}, {x, y - d}, {x + d, y}, {x, y + d}, color);
  } else {
    canvas().AddQuad({x - d, y}, {x, y - d}, {x + d, y}, {x, y + d}, color, 1.2f);
  }
}

void draw_arrow_head(ImVec2 tip, bool is_down, ImU32 color) {
  const float d = is_down ? -5.0f : 5.0f;
  canvas().AddTriangleFilled({tip.x - 4, tip.y + d}, {tip.x + 4, tip.y + d}, tip, color);
}

struct LinkEnds {
  Rect from;
  Rect to;
  bool is_milestone = false;  // what it leads to
};

// Out of the bar's end, then up or down to the other bar; back to the left in the gap between two rows.
void draw_elbow(const LinkEnds& ends, float row_height, ImU32 color, float thickness) {
  const bool is_down = ends.to.y > ends.from.y;
  const ImVec2 start{ends.from.right(), ends.from.center_y()};
  const float into = ends.is_milestone ? ends.to.center_x() : std::min(ends.to.x + 9, ends.to.center_x());
  const ImVec2 tip{into, is_down ? ends.to.y - 1 : ends.to.bottom() + 1};
  std::array<ImVec2, 5> points{};
  int count = 0;
  const auto add = [&](float x, float y) { points[static_cast<std::size_t>(count++)] = {x, y}; };
  add(start.x, start.y);
  if (into >= start.x + 3) {
    add(into, start.y);
  } else {
    const float gap = start.y + (is_down ? row_height / 2 : -row_height / 2);
    add(start.x + 6, start.y);
    add(start.x + 6, gap);
    add(into, gap);
  }
  add(tip.x, tip.y + (is_down ? -4.0f : 4.0f));
  canvas().AddPolyline(points.data(), count, color, 0, thickness);
  draw_arrow_head(tip, is_down, color);
}

}  // namespace

void plan_head(const PlanPlace& place, PlanZoom zoom, Date today, Rect r) {
  const theme::Palette& c = theme::colors();
  const ClipScope clip(r);
  const Units units = units_of(zoom);
  const float upper = r.y + 12;
  const float lower = r.y + 32;
  each_unit(place, units.upper, [&](Date day, float x, float end) {
    const std::string label = label_of(units.upper, day, false);
    const float width = text_width(label, theme::small);
    // What began before stays in sight while it has room.
    const float at = std::min(std::max(x, r.x) + 5, end - width - 6);
    draw_text(at, upper, label, theme::small, c.text_secondary);
    if (x >= r.x) vertical_line(x, r.y + 4, 16, c.border_default);
  });
  each_unit(place, units.lower, [&](Date day, float x, float end) {
    const bool is_today = today >= day && today.days < after(units.lower, day).days;
    const std::string label = label_of(units.lower, day, true);
    const float width = text_width(label, theme::mono_small);
    const bool is_day = units.lower == Unit::day;
    const float at = is_day ? (x + end - width) / 2 : x + 5;
    if (is_today) fill({at - 6, lower - 8, width + 12, 17}, c.accent_base, 8.5f);
    draw_text(at, lower, label, theme::mono_small, is_today ? c.text_on_accent : c.text_tertiary);
  });
}

void plan_grid(const PlanPlace& place, PlanZoom zoom, Rect r) {
  const theme::Palette& c = theme::colors();
  const Units units = units_of(zoom);
  if (zoom == PlanZoom::day || zoom == PlanZoom::week) {
    each_unit(place, Unit::week, [&](Date, float x, float end) {
      const float weekend = x + std::floor((end - x) * 5 / 7);
      fill({weekend, r.y, end - weekend, r.h}, c.bg_inset);
    });
  }
  each_unit(place, units.lower, [&](Date, float x, float) { vertical_line(x, r.y, r.h, c.border_subtle); });
  each_unit(place, units.upper, [&](Date, float x, float) { vertical_line(x, r.y, r.h, c.border_default); });
}

void plan_arrows(const PlanShown& shown, const PlanPlace& place, std::size_t first, std::size_t last) {
  const theme::Palette& c = theme::colors();
  const PlanNet& net = shown.net;
  const auto draw = [&](const PlanLink& link) {
    const BarTimes& from = shown.times.bars[link.from];
    const BarTimes& to = shown.times.bars[link.to];
    if (!from.is_placed || !to.is_placed) return;
    const LinkEnds ends{place.bar(from, place.top + place.offset_of(net.row_of[link.from])),
                        place.bar(to, place.top + place.offset_of(net.row_of[link.to])),
                        to.begin == to.end};
    const bool is_bad = is_broken(net, shown.times, link);
    const bool is_hot = is_critical(shown.times, link);
    draw_elbow(ends,
               place.row_height,
               is_bad   ? c.signal_danger
               : is_hot ? c.status_progress
                        : c.border_strong,
               is_hot || is_bad ? 1.8f : 1.3f);
  };
  for (std::size_t row = first; row < last; ++row) {
    const std::uint32_t bar = net.rows[row].bar;
    if (bar == no_bar) continue;
    for (std::uint32_t at = net.out_begin[bar]; at < net.out_begin[bar + 1]; ++at) draw(net.links[at]);
    for (std::uint32_t at = net.in_begin[bar]; at < net.in_begin[bar + 1]; ++at) {
      const PlanLink& link = net.links[net.in_links[at]];
      const std::size_t other = net.row_of[link.from];
      if (other < first || other >= last) draw(link);  // else it is drawn already
    }
  }
}

void draw_plan_bar(const PlanShown& shown, std::uint32_t bar, Rect r, const BarLook& look) {
  const theme::Palette& c = theme::colors();
  const BarTimes& time = shown.times.bars[bar];
  const ImU32 ink = bar_ink(time, look);
  if (look.is_lifted) shadow(r, 4);
  if (time.begin == time.end) {
    const bool has_days = shown.net.bars[bar].has_days;
    if (!has_days) fill(inset(r, 4), c.bg_canvas);
    draw_diamond(r, ink, has_days);
    return;
  }
  fill(r, theme::mix(c.bg_canvas, ink, 0.18f), 4);
  if (look.done > 0) {
    const Rect part{r.x, r.y, std::floor(r.w * look.done), r.h};
    fill(part,
         theme::mix(c.bg_canvas, ink, 0.58f),
         4,
         look.done < 1 ? ImDrawFlags_RoundCornersLeft : ImDrawFlags_RoundCornersAll);
  }
  outline(r, ink, 4, time.is_critical || look.is_lifted ? 1.6f : 1.0f);
}

}  // namespace dits::web
