// Rectangles in CSS pixels, and cutting them up: the whole layout of the app is made of these cuts.
#pragma once

#include <algorithm>

#include "imgui.h"

namespace dits::widgets {

struct Rect {
  float x = 0;
  float y = 0;
  float w = 0;
  float h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float center_x() const { return x + w / 2; }
  float center_y() const { return y + h / 2; }
  ImVec2 min() const { return {x, y}; }
  ImVec2 max() const { return {x + w, y + h}; }
  bool contains(ImVec2 p) const { return p.x >= x && p.y >= y && p.x < x + w && p.y < y + h; }
  bool is_empty() const { return w <= 0 || h <= 0; }
};

inline Rect rect_between(ImVec2 min, ImVec2 max) { return {min.x, min.y, max.x - min.x, max.y - min.y}; }
inline Rect inset(Rect r, float dx, float dy) {
  return {r.x + dx, r.y + dy, std::max(0.0f, r.w - 2 * dx), std::max(0.0f, r.h - 2 * dy)};
}
inline Rect inset(Rect r, float d) { return inset(r, d, d); }
inline Rect moved(Rect r, float dx, float dy) { return {r.x + dx, r.y + dy, r.w, r.h}; }

// Each takes a strip off one side of `rest` and leaves what remains, less `gap`.
inline Rect cut_left(Rect& rest, float width, float gap = 0) {
  const float w = std::min(width, rest.w);
  const Rect cut{rest.x, rest.y, w, rest.h};
  rest.x += w + gap;
  rest.w = std::max(0.0f, rest.w - w - gap);
  return cut;
}
inline Rect cut_right(Rect& rest, float width, float gap = 0) {
  const float w = std::min(width, rest.w);
  const Rect cut{rest.right() - w, rest.y, w, rest.h};
  rest.w = std::max(0.0f, rest.w - w - gap);
  return cut;
}
inline Rect cut_top(Rect& rest, float height, float gap = 0) {
  const float h = std::min(height, rest.h);
  const Rect cut{rest.x, rest.y, rest.w, h};
  rest.y += h + gap;
  rest.h = std::max(0.0f, rest.h - h - gap);
  return cut;
}
inline Rect cut_bottom(Rect& rest, float height, float gap = 0) {
  const float h = std::min(height, rest.h);
  const Rect cut{rest.x, rest.bottom() - h, rest.w, h};
  rest.h = std::max(0.0f, rest.h - h - gap);
  return cut;
}

// A box of this size in the middle of `outer`.
inline Rect centered(Rect outer, float w, float h) {
  return {outer.x + (outer.w - w) / 2, outer.y + (outer.h - h) / 2, w, h};
}
// A box of this height in the vertical middle.
inline Rect middle(Rect outer, float h) { return {outer.x, outer.y + (outer.h - h) / 2, outer.w, h}; }

}  // namespace dits::widgets
