// One issue: beside the list, as a page of its own, and on a phone.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void issue_pane(const State& state, Outbox& out, const Issue& issue, Rect r);
void issue_screen(const State& state, Outbox& out, Rect r);
void phone_issue_screen(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
