// What fingers do, as widgets want to know it. Most of it arrives as mouse input and needs no code: a tap is
// a click, a drag scrolls (with inertia) as a wheel would, a finger held for a quarter of a second presses
// the mouse button and then drags. What a mouse cannot say is here.
#pragma once

#include "imgui.h"

namespace dits {

struct Swipe {
  enum class Phase { none, moving, ended, cancelled };
  Phase phase = Phase::none;
  ImVec2 start = {};   // where the finger came down: the row that is meant
  float distance = 0;  // CSS pixels to the right; negative to the left
};

// The sideways movement of this frame. `ended` and `cancelled` are seen for one frame.
const Swipe& swipe();

// The pressed mouse button is a finger that was held still: released without a drag, it selects instead of
// opening.
bool is_long_press();

// The last pointer was a finger: targets grow, hover means nothing.
bool is_touch();

}  // namespace dits
