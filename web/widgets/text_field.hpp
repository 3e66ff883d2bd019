// Fields that are typed into: one line, with our own frame around ImGui's editing.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "web/platform/held_text.hpp"
#include "web/widgets/item.hpp"

namespace dits::widgets {

// A stretch of the text in another colour: for the query field.
struct ColoredSpan {
  std::size_t begin = 0;  // bytes
  std::size_t end = 0;
  ImU32 color = 0;
  ImU32 background = 0;   // 0: none
  bool is_wrong = false;  // dotted underline
};

struct TextFieldOptions {
  HeldText name;  // for readers and tests
  HeldText placeholder = {};
  HeldText error = {};  // what is wrong; drawn by the caller below, see field_error
  bool is_secret = false;
  bool takes_focus = false;  // while it is true in the frame it appears
  bool selects_all = false;  // when it gets the focus
  bool keeps_caret = false;  // after Enter
  bool is_bare = false;      // no frame: title fields, palette input
  bool is_disabled = false;
  theme::TextStyle style = theme::body;
  const char* icon = nullptr;
  float pad = 10;
  float room_right = 0;  // left free for what the caller draws at the right end
  ImU32 line = 0;        // 0: border/strong
  Aria role = Aria::textbox;
  ImGuiID controls = 0;  // the listbox of a combobox
  ImGuiID active_descendant = 0;
  bool is_expanded = false;
  std::span<const ColoredSpan> spans = {};
};

struct TextFieldEvents {
  bool changed = false;    // `text` is new
  bool submitted = false;  // Enter
  bool focused = false;    // has the caret now
  bool blurred = false;    // had it until now
  int caret = 0;           // byte offset, while focused
  float caret_x = 0;       // where the caret stands on screen
  std::string pasted;      // several lines, which are one in the field
};

constexpr float field_height = 32;
constexpr float touch_field_height = 40;

TextFieldEvents text_field(std::string_view id, Rect r, std::string& text, const TextFieldOptions& options);
// The id that the field will have in the id scope of here.
ImGuiID text_field_id(std::string_view id);
// Puts the caret into the field with this id when it is drawn next.
void focus_text_field(ImGuiID id);
// Takes the caret out of whatever field has it.
void leave_text_field();
// Where the caret of the active field stands after the next change from outside, in bytes.
void place_caret(ImGuiID id, int byte);
// The red line below a field: icon and sentence. 20 high.
void field_error(float x, float y, float width, std::string_view sentence);

}  // namespace dits::widgets
