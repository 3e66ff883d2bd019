// Today: what is in work, what is late, what is due, and how full the week is.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void today_screen(const State& state, Outbox& out, Rect r);
void phone_today_screen(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
