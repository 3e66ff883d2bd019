// The platform's side of long_text.hpp: which text areas a frame wants, and what the user did in them.
#pragma once

#include <string>
#include <vector>

#include "imgui_internal.h"

namespace dits {

struct LongTextArea {
  ImGuiID id = 0;
  ImVec2 min, max;
  ImVec2 clip_min, clip_max;
  std::string name;
  std::string placeholder;
  bool mono = false;
  bool take_focus = false;
  bool drop_focus = false;
  bool single_line = false;
  bool read_only = false;
  bool markdown = false;
  bool covered = false;
  ImVector<ImRect> holes = {};
  float font_px = 13;
  float line_height_px = 20;
  ImVec2 padding;
  ImU32 text_color = 0;
  ImU32 placeholder_color = 0;
  ImU32 caret_color = 0;
  ImU32 selection_color = 0;
  // What the caller wants it to hold. A revision that the area has not seen yet replaces its content.
  std::string text;
  int revision = 0;
};

void begin_long_text_frame();

// The areas of this frame; others are to be removed.
std::vector<LongTextArea>& long_text_areas();

// What the user did; told before a frame.
void push_long_text_change(ImGuiID id, std::string text, int caret);
void push_long_text_caret(ImGuiID id, int caret);
void push_long_text_focus(ImGuiID id, bool focused);
void push_long_text_height(ImGuiID id, float content_height);

}  // namespace dits
