// Many lines of text: a frame of ours around the browser's own text area.
#pragma once

#include <string>
#include <string_view>

#include "web/platform/held_text.hpp"
#include "web/platform/long_text.hpp"
#include "web/widgets/item.hpp"

namespace dits::widgets {

struct TextAreaOptions {
  HeldText name;
  HeldText placeholder = {};
  bool takes_focus = false;  // when it appears, or when this becomes true
  bool drops_focus = false;  // in this frame: the caret leaves
  bool is_covered = false;   // something modal lies over it
  bool is_mono = false;
  bool is_bare = false;  // no frame
  bool is_single_line = false;
  bool is_markdown = false;    // lists go on by themselves, Tab indents them
  bool shows_no_text = false;  // the caller has drawn it beneath, in colours
  theme::TextStyle style = theme::prose;
};

struct TextAreaEvents {
  bool changed = false;
  bool focused = false;
  bool blurred = false;
  float content_height = 0;  // what the text needs; 0 until known
  std::size_t caret = 0;     // byte offset into the text
  bool caret_moved = false;  // with or without a change
  ImGuiID id = 0;
};

// Where the caret of the area stands on screen.
LongTextCaret caret_of_text_area(const TextAreaEvents& events);

TextAreaEvents text_area(std::string_view id, Rect r, std::string& text, const TextAreaOptions& options);

// A finger moving sideways that began at `start`.
struct Sweep {
  enum class Phase { none, moving, ended } phase = Phase::none;
  ImVec2 start;
  float distance = 0;  // to the right
};
Sweep sweep();

}  // namespace dits::widgets
