// The bar at the bottom: the mode, where one is, the keys that matter here, and whether everything is saved.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void mode_line(const State& state, Outbox& out, Rect r, bool is_mac);

// For the screens without a session: a word, a place, and the server's name at the right.
struct PlainModeLine {
  HeldText mode;
  HeldText place;
  std::vector<std::pair<HeldText, HeldText>> hints;
};
void plain_mode_line(const PlainModeLine& line, Rect r);

}  // namespace dits::web
