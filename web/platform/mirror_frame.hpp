// The platform's side of the mirror: what a frame told, and the actions that come back. Only this room
// includes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"

namespace dits::a11y {

// Around each pass of hooks.frame.
void begin_frame();

// The tree as one text, in the order of reading: records end in '\x1e', fields are separated by '\x1f':
//   id (hex), parent (hex, 0: none), role, left, top, width, height, name, then "attribute=value" as the DOM
//   takes them.
// "value=", "href=", "type=" and "focused=" are properties, not ARIA attributes.
const std::string& frame_text();

// Sentences announced since the last call.
std::vector<std::string> take_announcements();

// What readers did; each is kept for the next few passes until a widget takes it.
void push_click(ImGuiID id);
void push_focus(ImGuiID id);
void push_value(ImGuiID id, std::string value);
bool has_actions();

}  // namespace dits::a11y
