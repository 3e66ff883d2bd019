#include "web/commands/calendar_plans.hpp"

#include <algorithm>
#include <utility>

#include "web/commands/issue_plans.hpp"

namespace dits::web {

namespace {

Plan go_to_day(const State& state, Date day) {
  CalendarState calendar = state.calendar;
  calendar.day = std::clamp(day, first_calendar_day, last_calendar_day);
  calendar.issue = {};
  calendar.is_day_open = false;
  return change_view(CalendarChanged{calendar});
}

// Another month or week is a place of its own: back leads here again.
Plan visit_day(const State& state, Date day, bool by_week) {
  Plan plan = go_to_day(state, day);
  Route route = state.route;
  route.by_week = by_week;
  route.day = std::clamp(day, first_calendar_day, last_calendar_day);
  if (!state.list.error && state.list.query_text != screen_query(state, route)) {
    route.has_query = true;
    route.query = state.list.query_text;
  }
  plan.effects.emplace_back(GoTo{std::move(route), false});
  return plan;
}

Plan go_to_issue(const State& state,
                 const std::vector<Slot>& slots,
                 IssueId here,
                 int step,
                 IssueId CalendarState::*cursor) {
  const auto at = std::find(slots.begin(), slots.end(), find_slot(state.entities, here)) - slots.begin();
  const auto count = static_cast<std::ptrdiff_t>(slots.size());
  const std::ptrdiff_t to = at == count ? 0 : at + step;
  if (to < 0 || to >= count) return {};
  CalendarState calendar = state.calendar;
  calendar.*cursor = issue_at(state, slots[static_cast<std::size_t>(to)]).id;
  return change_view(CalendarChanged{calendar});
}

Plan step_in_tray(const State& state, int step) {
  return go_to_issue(state, tray_issues(state), state.calendar.tray_issue, step, &CalendarState::tray_issue);
}

IssuePatch moved_whole(const Issue& issue, int days) {
  IssuePatch patch;
  if (issue.start_date) patch.start_date = std::optional<Date>(day_after(*issue.start_date, days));
  if (issue.due_date) patch.due_date = std::optional<Date>(day_after(*issue.due_date, days));
  return patch;
}

}  // namespace

std::string distance_words(int days) {
  const int count = std::abs(days);
  return (count == 1 ? std::string("a day") : std::to_string(count) + " days") +
         (days < 0 ? " earlier" : " later");
}

Plan plan_calendar_step(const State& state, const Invocation&, int days) {
  if (!is_in_tray(state)) return go_to_day(state, day_after(state.calendar.day, days));
  if (days == -1) return change_view(RegionFocused{Region::body});
  return days == 1 ? Plan{} : step_in_tray(state, days > 0 ? 1 : -1);
}

Plan plan_calendar_day(const State& state, const Invocation& invocation) {
  const Date* day = argument_as<Date>(invocation);
  if (day == nullptr) return refuse("Which day?");
  Plan plan = go_to_day(state, *day);
  plan.changes.emplace_back(RegionFocused{Region::body});
  return plan;
}

Plan plan_calendar_issue(const State& state, const Invocation&, int step) {
  if (is_in_tray(state)) return step_in_tray(state, step);
  const std::vector<Slot> here = issues_on(state.list.by_day, state.calendar.day, state.week_start);
  return go_to_issue(state, here, state.calendar.issue, step, &CalendarState::issue);
}

Plan plan_calendar_end(const State& state, bool to_last) {
  if (is_in_tray(state)) {
    const std::vector<Slot> tray = tray_issues(state);
    if (tray.empty()) return {};
    CalendarState calendar = state.calendar;
    calendar.tray_issue = issue_at(state, to_last ? tray.back() : tray.front()).id;
    return change_view(CalendarChanged{calendar});
  }
  const CalendarPeriod shown = shown_period(state);
  if (state.route.by_week) return go_to_day(state, Date{shown.first.days + (to_last ? 6 : 0)});
  CivilDate civil = civil_from_date(state.calendar.day);
  civil.day = to_last ? days_in_month(civil.year, civil.month) : 1;
  return go_to_day(state, date_from_civil(civil));
}

Plan plan_calendar_open_day(const State& state, const Invocation& invocation) {
  CalendarState calendar = state.calendar;
  if (const Date* day = argument_as<Date>(invocation); day != nullptr && *day != calendar.day) {
    calendar.day = *day;
    calendar.issue = {};
    calendar.is_day_open = false;
  }
  calendar.is_day_open = !calendar.is_day_open;
  if (issues_on(state.list.by_day, calendar.day, state.week_start).empty())
    return refuse("Nothing is on this day");
  Plan plan = change_view(RegionFocused{Region::body});
  plan.changes.emplace_back(CalendarChanged{calendar});
  return plan;
}

Plan plan_calendar_tray(const State& state, const Invocation&) {
  if (is_in_tray(state)) return change_view(RegionFocused{Region::body});
  if (tray_issues(state).empty())
    return refuse("The tray is empty: every issue has a due date that is to come");
  AppearanceChanged shown;
  shown.detail_open = true;
  Plan plan = change_view(shown);
  plan.changes.emplace_back(RegionFocused{Region::detail});
  return plan;
}

Plan plan_calendar_period(const State& state, const Invocation&, int step) {
  const Date day = state.calendar.day;
  const bool by_week = state.route.by_week;
  return visit_day(state, by_week ? day_after(day, 7 * step) : month_after(day, step), by_week);
}

Plan plan_calendar_today(const State& state, const Invocation&) {
  if (shown_period(state).contains(state.today)) return go_to_day(state, state.today);
  return visit_day(state, state.today, state.route.by_week);
}

Plan plan_calendar_span(const State& state, const Invocation&, bool by_week) {
  return visit_day(state, state.calendar.day, by_week);
}

Plan plan_week_start(const State& state, const Invocation& invocation) {
  AppearanceChanged change;
  change.week_start = state.week_start == 0 ? 6 : 0;
  if (const auto* day = argument_as<std::int64_t>(invocation))
    change.week_start = static_cast<unsigned>(*day);
  return change_view(change);
}

Plan plan_calendar_move(const State& state, const Invocation& invocation, DateEdge edge, int days) {
  if (const auto* given = argument_as<std::int64_t>(invocation)) days = static_cast<int>(*given);
  std::string refusal = "It has no date yet: d d sets one";
  std::string title = "Move " + target_name(targets_of(state, invocation)) + " " + distance_words(days);
  if (edge == DateEdge::start) title = "Move start " + distance_words(days);
  if (edge == DateEdge::due) title = "Move due date " + distance_words(days);
  Plan plan = patch_targets(state, invocation, title, [&](const Issue& issue) -> std::optional<IssuePatch> {
    const std::optional<DaySpan> span = days_of(issue);
    if (!span) return std::nullopt;
    if (edge == DateEdge::both) return moved_whole(issue, days);
    IssuePatch patch;
    if (edge == DateEdge::start) {
      const Date to = day_after(span->first, days);
      if (issue.due_date && to > *issue.due_date) {
        refusal = "The start would be after the due date";
        return std::nullopt;
      }
      if (issue.start_date != to) patch.start_date = std::optional<Date>(to);
    } else {
      const Date to = day_after(span->last, days);
      if (issue.start_date && to < *issue.start_date) {
        refusal = "The due date would be before the start";
        return std::nullopt;
      }
      if (issue.due_date != to) patch.due_date = std::optional<Date>(to);
    }
    return patch;
  });
  if (plan.changes.empty()) {
    if (plan.complaint.empty() && days != 0) plan.complaint = refusal;
    return plan;
  }
  // The cursor goes along, so that the next key moves the same issue.
  if (edge == DateEdge::both && !is_in_tray(state) && invocation.targets.empty()) {
    CalendarState calendar = state.calendar;
    calendar.day = day_after(calendar.day, days);
    plan.changes.emplace_back(CalendarChanged{calendar});
  }
  return plan;
}

Plan plan_calendar_place(const State& state, const Invocation& invocation) {
  Invocation on_day = invocation;
  on_day.argument = state.calendar.day;
  return plan_due_set(state, on_day);
}

Plan plan_calendar_drop(const State& state, const Invocation&) {
  const BoardDrag& drag = state.drag;
  Invocation on_dragged;
  on_dragged.targets = drag.issues;
  const Issue* first = drag.issues.empty() ? nullptr : find_issue(state.entities, drag.issues.front());
  const auto span = first != nullptr ? days_of(*first) : std::nullopt;
  Plan plan;
  if (first == nullptr) return plan;
  if (drag.is_over_tray) {
    if (drag.from_day) plan = plan_clear_dates(state, on_dragged);
  } else if (drag.over_day) {
    const Date over = *drag.over_day;
    if (drag.part == DragPart::start && span) {
      on_dragged.argument = std::min(over, span->last);
      plan = plan_start_set(state, on_dragged);
    } else if (drag.part == DragPart::due && span) {
      on_dragged.argument = std::max(over, span->first);
      plan = plan_due_set(state, on_dragged);
    } else if (drag.from_day) {
      on_dragged.argument = std::int64_t{over.days - drag.from_day->days};
      plan = plan_calendar_move(state, on_dragged, DateEdge::both, 0);
    } else {
      on_dragged.argument = over;
      plan = plan_due_set(state, on_dragged);
    }
    CalendarState calendar = state.calendar;
    calendar.day = over;
    calendar.issue = first->id;
    plan.changes.emplace_back(RegionFocused{Region::body});
    plan.changes.emplace_back(CalendarChanged{calendar});
  }
  plan.changes.emplace_back(DragChanged{});
  return plan;
}

}  // namespace dits::web
