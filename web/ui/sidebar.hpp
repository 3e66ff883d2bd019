// The column at the left: smart views, projects, areas, saved views, settings. 232 wide, or a rail of 48.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

// Of a place that is no project and no area.
const char* sidebar_icon(const SidebarRow& row);

void sidebar(const State& state, Outbox& out, Rect r, bool is_rail);

}  // namespace dits::web
