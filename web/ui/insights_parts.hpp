// The charts of Insights, from the top of `flow`: `columns` side by side, each `height` high. Scrolls to the
// one that the keys read.
#pragma once

#include "web/store/insights.hpp"
#include "web/ui/system_parts.hpp"

namespace dits::web {

void insights_charts(const State& state, Outbox& out, Scroll& scroll, Flow& flow, int columns, float height);

}  // namespace dits::web
