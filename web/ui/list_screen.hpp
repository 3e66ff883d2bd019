// Issues in groups, with the detail pane beside them: every screen that shows issues as a list.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

// Header, query bar, banner and body into `r`.
void list_screen(const State& state, Outbox& out, Rect r);
// The grid alone: groups and rows, virtualised.
void issue_list(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
