// The layout Plan: issues as bars on a line of days, with what blocks what.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void plan_screen(const State& state, Outbox& out, Rect r);
void phone_plan(const State& state, Outbox& out, Rect r);
// What can be started, in a sheet over everything; nothing while it is closed.
void phone_plan_sheet(const State& state, Outbox& out);

}  // namespace dits::web
