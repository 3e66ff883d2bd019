// Before there is a session: signing in, and the first account.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void login_screen(const State& state, Outbox& out, Rect r);
void first_run_screen(const State& state, Outbox& out, Rect r);
// What was typed into them, the password first of all, goes when someone is signed in.
void forget_login_forms();

}  // namespace dits::web
