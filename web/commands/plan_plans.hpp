// Plans of the commands of the layout Plan: its cursor, what of it is seen, bars that are moved.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

// the cursor
Plan plan_row_step(const State& state, const Invocation& invocation, int step);
Plan plan_row_end(const State& state, bool to_last);
// To what blocks the cursor's issue, or to what it blocks: the one nearest in time.
Plan plan_link_step(const State& state, const Invocation& invocation, bool to_blocked);
Plan plan_next_list(const State& state, const Invocation& invocation);
// what is seen
Plan plan_zoom(const State& state, const Invocation& invocation, int step);  // or the one in the argument
Plan plan_fit(const State& state, const Invocation& invocation);
Plan plan_plan_today(const State& state, const Invocation& invocation);
Plan plan_pan(const State& state, const Invocation& invocation, int step);
// bars
Plan plan_bar_move(const State& state, const Invocation& invocation, DragPart part, int days);
Plan plan_bar_drop(const State& state, const Invocation& invocation);

}  // namespace dits::web
