// Everything that is seen: picks the screen, lays the frame around it and the popups over it.
#pragma once

#include "web/commands/outbox.hpp"
#include "web/store/state.hpp"

namespace dits::web {

struct AppFrame {
  double now_ms = 0;  // any steady clock
  bool is_mac = false;
  // Of the frame before, for the developer overlay.
  double logic_ms = 0;
  double key_to_frame_ms = 0;
  int frames = 0;
};

// Draws one frame. Returns after how many ms the next one is needed though nothing happens; -1: never.
int app_screen(const State& state, Outbox& out, const AppFrame& frame);

}  // namespace dits::web
