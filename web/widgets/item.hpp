// What answers: hit tests, keyboard focus, layers, scrolling and tooltips. Every widget takes an id, a
// rectangle and a node for the ARIA mirror; ImGui keeps which one is hovered and held.
#pragma once

#include <cstdint>
#include <string_view>

#include "web/platform/mirror.hpp"
#include "web/widgets/geometry.hpp"
#include "web/widgets/paint.hpp"

namespace dits::widgets {

using Aria = a11y::Role;
using Tri = a11y::Tri;

// ---- the frame ----

struct FrameInput {
  double now_ms = 0;  // any steady clock
  bool reduced_motion = false;
};

// Around everything that is drawn in a frame.
void begin_frame(const FrameInput& input);
// When the next frame is needed though nothing happens (a tooltip, a fade), in ms; -1 when never.
int end_frame();

double now_ms();
bool is_motion_reduced();
// Asks for a frame in `ms` at the latest.
void wake_within(int ms);

// Whether `id` has been asked for at least `ms` in consecutive frames; sees to the frame that says yes.
bool has_waited(ImGuiID id, int ms);
// True in the first of the consecutive frames in which it is asked.
bool appeared(ImGuiID id);

// Under 700 px the layout is the phone's: rows, fields and targets grow.
bool is_phone();
Rect window_rect();

// ---- ids ----

ImGuiID id_of(std::string_view name);
ImGuiID id_of(std::uint64_t number);

class IdScope {
 public:
  explicit IdScope(std::string_view name);
  explicit IdScope(std::uint64_t number);
  ~IdScope();
  IdScope(const IdScope&) = delete;
  IdScope& operator=(const IdScope&) = delete;
};

// Cuts drawing, hits and mirror nodes to `r`.
class ClipScope {
 public:
  explicit ClipScope(Rect r);
  ~ClipScope();
  ClipScope(const ClipScope&) = delete;
  ClipScope& operator=(const ClipScope&) = delete;
};

// ---- hits ----

struct ItemState {
  ImGuiID id = 0;
  bool hovered = false;
  bool held = false;
  bool clicked = false;  // mouse, Enter or Space on the focus, or a screen reader
  bool double_clicked = false;
  bool context = false;   // right button, or a finger held still
  bool has_ring = false;  // has the keyboard: draw the focus ring
};

enum ItemFlags : int {
  item_plain = 0,
  item_no_tab_stop = 1,  // Tab passes it by: rows, cells, parts of a composite
  item_disabled = 2,
  item_on_press = 4,  // acts when the button goes down
};

// Where several overlap, the first one asked wins: ask for what lies inside before what it lies in.
ItemState hit(ImGuiID id, Rect r, int flags = item_plain);
// Tab stops here too: for widgets that hit() does not know, such as text fields.
void add_tab_stop(ImGuiID id, Rect r);
// Tells the mirror; id, place, focus and disabled are filled in.
void mirror(const ItemState& state, Rect r, a11y::Node node);
// A node that cannot be acted on.
void mirror(ImGuiID id, Rect r, a11y::Node node);
// Both.
ItemState item(ImGuiID id, Rect r, const a11y::Node& node, int flags = item_plain);

// A node with children in the mirror.
a11y::Node scope_node(ImGuiID id, Rect r, Aria role, HeldText name);

// Whether `r` is seen, or so near to what is seen that Tab may go there: what lies farther off need not be
// drawn, however much of it there is.
bool is_near_view(Rect r);
constexpr float view_margin = 160;

// The mouse is over `r` and nothing lies above it.
bool is_hovered(Rect r);
ImVec2 mouse();
// A press on `id` that moved 4 px (or a finger held) and goes on: where it began is
// `ImGui::GetIO().MouseClickedPos[0]`.
bool is_dragging(const ItemState& state);
// is_dragging() for what is carried somewhere: true once for each press, so that a drag that Esc ended does
// not begin again while the button is still down.
bool begins_drag(const ItemState& state);

void focus_ring(Rect r, float radius);

// ---- keyboard focus ----

bool has_focus(ImGuiID id);
// `visible`: show the ring, as after a key.
void set_focus(ImGuiID id, bool visible);
void clear_focus();
// Whether this key ("Enter", "ArrowDown", "Tab", …) belongs to the focused widget and not to the keymap.
bool takes_key(std::string_view key);
// The caller used this frame's Tab for something else.
void keep_focus_on_tab();
// While this is said in each frame, Tab goes to the keymap.
void leave_tab_to_keymap();
// A text field has the caret.
bool is_typing();
// Within: Up, Down, Left and Right move the focus, Tab leaves. Without one, Tab goes through every widget.
class ArrowRegion {
 public:
  ArrowRegion();
  ~ArrowRegion();
  ArrowRegion(const ArrowRegion&) = delete;
  ArrowRegion& operator=(const ArrowRegion&) = delete;
};

// ---- layers ----

enum class LayerKind : std::uint8_t {
  page,      // the whole window, at the bottom
  modal,     // the whole window; nothing beneath can be reached, Tab stays inside
  floating,  // only its rectangle
};

class Layer {
 public:
  Layer(const char* name, LayerKind kind, Rect r);
  ~Layer();
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  // A press in this layer outside of `r`: popups close.
  bool is_pressed_outside(Rect r) const;

 private:
  bool is_modal_;
};

// ---- scrolling ----

class Scroll {
 public:
  // Shows `content_height` pixels through `view`. The offset is kept by id.
  Scroll(std::string_view name, Rect view, float content_height);
  // For content whose height shows only when it is drawn: the last one is taken, and end_at tells the new
  // one.
  Scroll(std::string_view name, Rect view);
  ~Scroll();
  Scroll(const Scroll&) = delete;
  Scroll& operator=(const Scroll&) = delete;

  void end_at(float y);  // where the content ended on screen
  float top() const;     // where the content's beginning is now: view.y - offset
  float offset() const;
  float view_height() const { return view_.h; }
  void scroll_to(float offset);
  void scroll_by(float distance);
  // Moves as little as needed to show content from y0 to y1.
  void reveal(float y0, float y1);

 private:
  void begin();

  ImGuiID id_;
  Rect view_;
  float content_height_;
};

// Moves what is being scrolled here as little as needed to show `r`.
void reveal(Rect r);

// ---- tooltips ----

// After 400 ms over the item, or at once when another tip was just there.
void tooltip(const ItemState& state, Rect anchor, std::string_view text, std::string_view keys = {});
// One line in `r`; text that was cut shows all of itself in a tooltip.
void text_line(Rect r, std::string_view text, theme::TextStyle style, ImU32 color, Align align = Align::left);
// The box itself, for a tip that follows a drag.
void draw_tip(
    float x, float y, std::string_view text, std::string_view keys = {}, std::string_view more = {});

}  // namespace dits::widgets
