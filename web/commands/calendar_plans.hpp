// Plans of the commands of a calendar: its cursor, what it shows, and dates that are moved by days.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

// the cursor
Plan plan_calendar_step(const State& state, const Invocation& invocation, int days);
Plan plan_calendar_day(const State& state, const Invocation& invocation);  // the one in the argument
Plan plan_calendar_issue(const State& state, const Invocation& invocation, int step);
Plan plan_calendar_end(const State& state, bool to_last);
Plan plan_calendar_open_day(const State& state, const Invocation& invocation);
Plan plan_calendar_tray(const State& state, const Invocation& invocation);
// what is shown
Plan plan_calendar_period(const State& state, const Invocation& invocation, int step);
Plan plan_calendar_today(const State& state, const Invocation& invocation);
Plan plan_calendar_span(const State& state, const Invocation& invocation, bool by_week);
Plan plan_week_start(const State& state, const Invocation& invocation);
// dates
std::string distance_words(int days);  // "2 days later", "a day earlier"
enum class DateEdge { both, start, due };
Plan plan_calendar_move(const State& state, const Invocation& invocation, DateEdge edge, int days);
Plan plan_calendar_place(const State& state, const Invocation& invocation);
Plan plan_calendar_drop(const State& state, const Invocation& invocation);

}  // namespace dits::web
