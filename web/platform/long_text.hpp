// A real text area of the browser, laid over the canvas while a long text is edited. Word wrap, spelling,
// IME, undo, selection handles and dictation come with it; Dear ImGui's multi-line field has none of these.
//
// Immediate mode: it is there while it is called in each frame, and keeps caret and undo history as long as
// the id stays. It is its own node of the accessibility tree, so do not mirror it. Keys come to
// hooks.key_pressed with in_text set (Ctrl+Enter, Escape); those left over are the text area's.
#pragma once

#include <string>
#include <string_view>

#include "imgui.h"
#include "web/platform/held_text.hpp"

namespace dits {

struct LongTextOptions {
  HeldText name;  // for readers and tests: "Description"
  HeldText placeholder = {};
  bool mono = false;
  bool take_focus = false;   // when it appears, or when this becomes true
  bool drop_focus = false;   // the caret leaves
  bool single_line = false;  // Enter is not taken as text
  bool read_only = false;
  bool markdown = false;  // lists go on by themselves, Tab indents them: see shared/markdown/writing
  bool covered = false;   // something modal lies over it: it is seen, dimmed, and nothing reaches it
  float font_px = 13;
  float line_height_px = 20;
  ImVec2 padding = {10, 8};
  ImU32 text_color = IM_COL32(0, 0, 0, 255);
  ImU32 placeholder_color = IM_COL32(110, 110, 110, 255);
  ImU32 caret_color = IM_COL32(0, 0, 0, 255);
  ImU32 selection_color = IM_COL32(60, 140, 200, 90);
};

struct LongTextEvents {
  bool changed = false;      // `text` was replaced by what the user wrote
  bool blurred = false;      // the caret left: a good moment to save
  bool focused = false;      // the caret is in it now
  bool caret_moved = false;  // with or without a change
  float content_height = 0;  // CSS pixels that the text needs, padding included; 0 until known
  int caret = 0;             // byte offset into `text`
};

// Where the caret of an area stands: the upper end of its line.
struct LongTextCaret {
  ImVec2 place;
  float line_height = 0;
};
LongTextCaret caret_of_long_text(ImGuiID id);

// Text areas are the browser's, and lie over all that is drawn. Those of this frame leave this place free,
// for what is drawn over them.
void cover_long_texts(ImVec2 min, ImVec2 max);

// Shows `text` between `min` and `max` (background and border are the caller's to draw beneath). When the
// caller changes `text`, the area follows. Keyed by `id`.
LongTextEvents long_text(
    ImGuiID id, ImVec2 min, ImVec2 max, std::string& text, const LongTextOptions& options);

}  // namespace dits
