// Issues on their days: a month or a week beside the tray of what is overdue or has no date.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void calendar_screen(const State& state, Outbox& out, Rect r);
// The month over the list of the chosen day.
void phone_calendar(const State& state, Outbox& out, Rect r);
// The tray, over everything, when it was asked for.
void phone_calendar_sheet(const State& state, Outbox& out);

}  // namespace dits::web
