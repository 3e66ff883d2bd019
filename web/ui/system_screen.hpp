// Insights → System: how the server does, for administrators. Tiles, charts over time, alerts, parts,
// instances and the slowest statements.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void system_screen(const State& state, Outbox& out, Rect r);
// The same below the phone's top bar, in one column.
void phone_system_screen(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
