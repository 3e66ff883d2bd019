// Issues as cards in columns, moved by hand or by keys.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void board_screen(const State& state, Outbox& out, Rect r);
// The columns alone; one at a time on a phone.
void board(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
