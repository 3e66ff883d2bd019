// Plans of the commands of the layout Insights. Those of system_plans.hpp lead here when it is shown: the
// keys are the same.
#pragma once

#include "web/commands/plans.hpp"

namespace dits::web {

Plan plan_go_insights(const State& state, const Invocation& invocation);  // of everything
Plan plan_insights_list(const State& state, const Invocation& invocation);
Plan plan_insights_export(const State& state, const Invocation& invocation);

Plan flow_chart(const State& state, std::size_t chart);
Plan flow_next_chart(const State& state, int step);
Plan flow_read(const State& state, int by);
Plan flow_range(const State& state, int days);
Plan flow_zoom(const State& state, int step);
Plan flow_copy(const State& state);
Plan flow_leave(const State& state);

}  // namespace dits::web
