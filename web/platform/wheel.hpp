// Scrolling by pixels. Dear ImGui counts notches of a wheel and cuts the result to whole pixels; content
// shall follow the finger exactly.
#pragma once

#include "imgui.h"

namespace dits {

// Scrolls what lies under the pointer. Positive: the content moves right and down. Whole pixels.
inline void add_wheel_pixels(ImVec2 pixels) {
  // What UpdateMouseWheel in imgui.cpp multiplies a notch with; the twentieth of a pixel outweighs its
  // rounding.
  const float size = ImGui::GetStyle().FontSizeBase;
  if (size <= 0) return;
  const float x = pixels.x == 0 ? 0 : (pixels.x - 0.05F) / (2 * size);
  const float y = pixels.y == 0 ? 0 : (pixels.y - 0.05F) / (5 * size);
  ImGui::GetIO().AddMouseWheelEvent(x, y);
}

}  // namespace dits
