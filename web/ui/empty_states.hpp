// What stands where nothing is: no issues, no match, no such page, no connection.
#pragma once

#include "web/ui/parts.hpp"

namespace dits::web {

void empty_list(const State& state, Outbox& out, Rect r);
void not_found_screen(const State& state, Outbox& out, Rect r);
// The server cannot be reached and nothing is kept here yet.
void unreachable_screen(const State& state, Outbox& out, Rect r);

struct EmptyState {
  const char* icon = nullptr;  // else the ring
  Ring ring = Ring::backlog;
  ImU32 icon_color = 0;
  std::string title;
  std::string text;
};
// Draws the sign and the words in the middle of `r`; returns the row of 28 for buttons `actions_width` wide.
Rect empty_state(Rect r, const EmptyState& what, float actions_width);

}  // namespace dits::web
