// Under 700 px: a bar above, the screen, five tabs below.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void phone_frame(const State& state, Outbox& out, Rect window);

}  // namespace dits::web
