// Studio: the data, unwrapped. Tables at the left, rows in the middle, one row at the right, SQL below.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void studio_screen(const State& state, Outbox& out, Rect r);
// Read only: the tables, then rows as cards.
void phone_studio_screen(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
