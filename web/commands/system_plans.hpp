// Plans of the commands of Insights → System.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

Plan plan_go_system(const State& state, const Invocation& invocation);
Plan plan_insights_chart(const State& state, const Invocation& invocation, std::size_t chart);
Plan plan_insights_this_chart(const State& state, const Invocation& invocation);  // its place, from 0
Plan plan_insights_next_chart(const State& state, const Invocation& invocation, int step);
Plan plan_insights_read(const State& state, const Invocation& invocation, int by);  // values left or right
Plan plan_insights_range(const State& state, const Invocation& invocation);  // its number; without: the next
Plan plan_insights_zoom(const State& state, const Invocation& invocation, int step);  // 1: a longer range
Plan plan_insights_copy(const State& state, const Invocation& invocation);
Plan plan_insights_plan(const State& state,
                        const Invocation& invocation);  // a statement's name; again closes it
Plan plan_insights_leave(const State& state, const Invocation& invocation);

}  // namespace dits::web
