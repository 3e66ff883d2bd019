// Settings: account, appearance, labels, workflow, projects, views, sessions, tokens.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void settings_screen(const State& state, Outbox& out, Rect r);
void phone_settings_screen(const State& state, Outbox& out, Rect r);

}  // namespace dits::web
