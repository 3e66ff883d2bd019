// Bars that are moved by hand, and the dates that this makes.
#include <algorithm>

#include "web/store/calendar.hpp"
#include "web/store/plan.hpp"
#include "web/store/state.hpp"

namespace dits::web {

std::optional<BarMove> moved_bar(const PlanNet& net, std::uint32_t at, DragPart part, int days) {
  const PlanBar& bar = net.bars[at];
  if (!bar.has_days) return std::nullopt;
  BarMove move{at, bar.begin, bar.end};
  const bool is_milestone = bar.length() == 0;
  if (part == DragPart::start) {
    move.begin = std::min((is_milestone ? bar.end - 1 : bar.begin) + days, bar.end - 1);
  } else if (part == DragPart::due && !is_milestone) {
    move.end = std::max(bar.end + days, bar.begin + 1);
  } else {
    move.begin += days;
    move.end += days;
  }
  if (move == BarMove{at, bar.begin, bar.end}) return std::nullopt;
  return move;
}

PlanDrag plan_drag(const State& state, const BoardDrag& held) {
  PlanDrag drag;
  if (held.part == DragPart::link || !held.from_day || !held.over_day) return drag;
  const PlanNet& net = state.list.net;
  for (const IssueId id : held.issues) {
    const std::uint32_t bar = find_bar(net, find_slot(state.entities, id));
    if (bar == no_bar) continue;
    if (const auto move = moved_bar(net, bar, held.part, held.over_day->days - held.from_day->days))
      drag.moves.push_back(*move);
  }
  drag.dragged = drag.moves.size();
  if (!held.is_alone && drag.dragged > 0) drag.moves = cascade(net, drag.moves);
  return drag;
}

IssuePatch patch_to(const Issue& issue, const BarMove& move) {
  const Date begin = day_after(Date{move.begin}, 0);
  const Date last = day_after(Date{move.end - 1}, 0);
  IssuePatch patch;
  const bool has_start = issue.start_date || move.begin < move.end;
  const bool has_due = issue.due_date || move.end - move.begin > 1;
  if (has_start && issue.start_date != begin) patch.start_date = std::optional<Date>(begin);
  if (has_due && issue.due_date != last) patch.due_date = std::optional<Date>(last);
  return patch;
}

}  // namespace dits::web
