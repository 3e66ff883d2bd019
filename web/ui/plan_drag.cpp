// Bars in the hand: where they would be, what that pushes, and links that are drawn to other bars.
#include <cmath>

#include "web/ui/plan_parts.hpp"

namespace dits::web {

namespace {

constexpr float turn_within = 40;  // of an edge: the days move on under what is dragged

double grabbed_day = 0;  // where on the line of days the drag began

std::string drag_words(const PlanDraw& draw, const BoardDrag& drag) {
  const State& state = draw.state;
  const PlanNet& net = draw.shown.net;
  const Issue* issue = find_issue(state.entities, drag.issues.front());
  const std::string what = issue != nullptr ? number_text(*issue) : "";
  if (drag.part == DragPart::link) {
    if (draw.over == no_bar) return what + " blocks…";
    const Slot to = net.bars[draw.over].slot;
    const Slot from = find_slot(state.entities, drag.issues.front());
    if (from == to) return what + " blocks…";
    if (draw.is_circle) return circle_words(state, circle_of(state.entities, from, to));
    return what + " blocks " + number_text(issue_at(state, to));
  }
  const std::vector<BarMove>& moves = draw.shown.drag.moves;
  if (moves.empty()) return what + " stays";
  BarTimes time;
  time.begin = moves[0].begin;
  time.end = moves[0].end;
  std::string words = what + "  " + plan_days_words(time);
  if (draw.shown.drag.dragged > 1) words = std::to_string(draw.shown.drag.dragged) + " issues";
  const std::size_t pushed = moves.size() - draw.shown.drag.dragged;
  if (pushed == 1) words += ", and " + number_text(issue_at(state, net.bars[moves.back().bar].slot));
  if (pushed > 1) words += ", and " + std::to_string(pushed) + " that wait";
  const std::string slack = slack_words(draw.shown, moves[0].bar);
  return slack.empty() ? words : words + ". " + slack;
}

}  // namespace

void begin_plan_drag(const PlanDraw& draw, std::uint32_t bar, DragPart part) {
  const Slot slot = draw.shown.net.bars[bar].slot;
  grabbed_day = draw.place.day_at(ImGui::GetIO().MouseClickedPos[0].x);
  BoardDrag drag;
  drag.issues.push_back(issue_at(draw.state, slot).id);
  if (part == DragPart::whole && is_selected(draw.state, slot)) {
    for (const Slot each : draw.state.list.selected) {
      if (each != slot) drag.issues.push_back(issue_at(draw.state, each).id);
    }
  }
  drag.part = part;
  drag.from_day = Date{static_cast<int>(std::floor(grabbed_day))};
  draw.out.change(DragChanged{std::move(drag)});
}

BoardDrag held_plan_drag(const State& state, const PlanPlace& place) {
  BoardDrag drag = state.drag;
  if (drag.issues.empty() || drag.part == DragPart::link || !drag.from_day) return drag;
  const auto days = static_cast<int>(std::lround(place.day_at(mouse().x) - grabbed_day));
  drag.over_day = Date{drag.from_day->days + days};
  drag.is_alone = ImGui::GetIO().KeyAlt;
  return drag;
}

void find_link_target(PlanDraw& draw, const BoardDrag& drag) {
  const std::vector<PlanRow>& rows = draw.shown.net.rows;
  if (!is_dragged(draw.state) || drag.part != DragPart::link || !is_hovered(draw.body) || rows.empty())
    return;
  const std::size_t at = draw.place.row_at(mouse().y);
  if (!draw.row(at).contains(mouse()) || rows[at].is_head()) return;
  draw.over = rows[at].bar;
  const Slot from = find_slot(draw.state.entities, drag.issues.front());
  const Slot to = draw.shown.net.bars[draw.over].slot;
  draw.is_circle = from != to && !circle_of(draw.state.entities, from, to).empty();
}

void follow_plan_drag(const PlanDraw& draw, BoardDrag drag) {
  const theme::Palette& c = theme::colors();
  if (drag.part == DragPart::link) {
    const std::uint32_t from = find_bar(draw.shown.net, find_slot(draw.state.entities, drag.issues.front()));
    if (from != no_bar) {
      const Rect r = draw.place.bar(draw.shown.times.bars[from],
                                    draw.place.top + draw.place.offset_of(draw.shown.net.row_of[from]));
      const ClipScope clip(draw.place.days);
      canvas().AddLine(
          {r.right() + 7, r.center_y()}, mouse(), draw.is_circle ? c.signal_danger : c.accent_base, 2);
    }
    if (draw.over != no_bar && draw.over != from)
      drag.over_issue = issue_at(draw.state, draw.shown.net.bars[draw.over].slot).id;
  }
  const bool is_alone = drag.is_alone || drag.part == DragPart::link;
  draw_tip(mouse().x + 14,
           mouse().y + 18,
           drag_words(draw, drag),
           is_alone ? "Esc" : "Alt",
           is_alone ? "cancel" : "alone");
  const float from_left = mouse().x - draw.place.days.x;
  const float from_right = draw.place.days.right() - mouse().x;
  if (from_left < turn_within || from_right < turn_within) {
    const float step = (from_left < turn_within ? -6.0f : 6.0f) / draw.place.scale;
    move_middle(draw.state, draw.out, draw.place.middle() + static_cast<double>(step));
    wake_within(16);
  }
  if (!ImGui::IsMouseReleased(0)) return;
  draw.out.change(DragChanged{std::move(drag)});
  draw.out.run("plan.drop");
  draw.out.change(DragChanged{});
}

}  // namespace dits::web
