// Insights: how the issues of the query bar flow, and when they are done.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void insights_screen(const State& state, Outbox& out, Rect r);
void phone_insights(const State& state, Outbox& out, Rect r);  // below the query field

}  // namespace dits::web
