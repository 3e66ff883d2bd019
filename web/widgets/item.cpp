// Hit tests by ImGui's button behaviour, a focus order of our own, and the layers everything lives in.
#include "web/widgets/item.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "imgui_internal.h"
#include "web/platform/touch.hpp"
#include "web/theme/metrics.hpp"
#include "web/widgets/symbols.hpp"
#include "web/widgets/typed_ahead.hpp"

namespace dits::widgets {

namespace {

struct TabStop {
  ImGuiID id = 0;
  Rect place;
  int layer = 0;
  int region = 0;  // 0: none
};

struct ScrollState {
  float offset = 0;
  float measured_height = 0;
  double shown_until_ms = 0;
};

struct Fade {
  double began_ms = 0;
  int last_frame = 0;
};

// A modal layer that is open, and what had the focus when it came.
struct OpenModal {
  ImGuiID name = 0;
  ImGuiID focus = 0;
  bool had_ring = false;
};

struct Memory {
  FrameInput input;
  int frame = 0;
  int wake_ms = -1;

  ImGuiID focus = 0;
  bool is_ring_visible = false;
  bool is_focus_new = false;
  bool is_focus_alive = false;  // drawn in this frame
  bool is_focus_in_region = false;
  bool activates_focus = false;
  bool is_tab_used = false;
  bool is_tab_left = false;
  std::vector<TabStop> stops;
  int layer = 0;
  int modal_layer = 0;       // of the frame being drawn
  int last_modal_layer = 0;  // of the frame before
  int region = 0;
  int next_region = 0;
  std::vector<OpenModal> modals;        // from the bottom to the top
  std::vector<OpenModal> drawn_modals;  // in this frame

  bool is_press_spent = false;  // the button is still down that began a drag

  ImGuiID tip = 0;
  double tip_since_ms = 0;
  double last_tip_ms = -1e9;

  std::unordered_map<ImGuiID, ScrollState> scrolls;
  std::unordered_map<ImGuiID, Fade> fades;
  std::vector<Scroll*> open_scrolls;
};

Memory memory;

bool is_reachable() { return memory.layer >= memory.last_modal_layer; }

// The stop that lies next in this direction and overlaps most, else the next in order.
ImGuiID neighbour(const TabStop& from, float dx, float dy) {
  ImGuiID best = 0;
  float best_cost = 1e9f;
  for (const TabStop& stop : memory.stops) {
    if (stop.id == from.id || stop.region != from.region || stop.layer != from.layer) continue;
    const float along = (stop.place.center_x() - from.place.center_x()) * dx +
                        (stop.place.center_y() - from.place.center_y()) * dy;
    if (along < 2) continue;
    const float aside = std::abs((stop.place.center_x() - from.place.center_x()) * dy) +
                        std::abs((stop.place.center_y() - from.place.center_y()) * dx);
    const float cost = along + 3 * aside;
    if (cost < best_cost) {
      best_cost = cost;
      best = stop.id;
    }
  }
  return best;
}

void move_focus_by_tab(bool backwards) {
  std::vector<TabStop> order;
  for (const TabStop& stop : memory.stops) {
    if (stop.layer < memory.modal_layer) continue;
    // A region is one stop: its focused widget, else its first.
    if (stop.region && !order.empty() && order.back().region == stop.region) {
      if (stop.id == memory.focus) order.back() = stop;
      continue;
    }
    order.push_back(stop);
  }
  if (order.empty()) return;
  const auto at =
      std::find_if(order.begin(), order.end(), [](const TabStop& stop) { return stop.id == memory.focus; });
  const std::size_t count = order.size();
  std::size_t next = 0;
  if (at == order.end()) {
    next = backwards ? count - 1 : 0;
  } else {
    const auto index = static_cast<std::size_t>(at - order.begin());
    next = (index + (backwards ? count - 1 : 1)) % count;
  }
  if (order[next].id != memory.focus) ImGui::ClearActiveID();
  begin_typed_ahead();
  set_focus(order[next].id, true);
  wake_within(0);
}

void handle_focus_keys() {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  if (ImGui::IsKeyPressed(ImGuiKey_Tab)) {
    if (!memory.is_tab_used) move_focus_by_tab(io.KeyShift);
    return;
  }
  if (!memory.is_ring_visible || !memory.focus || is_typing()) return;
  const auto at = std::find_if(
      memory.stops.begin(), memory.stops.end(), [](const TabStop& stop) { return stop.id == memory.focus; });
  if (at == memory.stops.end() || !at->region) return;
  ImGuiID to = 0;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) to = neighbour(*at, 0, 1);
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) to = neighbour(*at, 0, -1);
  if (ImGui::IsKeyPressed(ImGuiKey_RightArrow)) to = neighbour(*at, 1, 0);
  if (ImGui::IsKeyPressed(ImGuiKey_LeftArrow)) to = neighbour(*at, -1, 0);
  if (to) {
    set_focus(to, true);
    wake_within(0);
  }
}

// What had the focus when a layer came has it again when the layer goes, unless something that is there has
// taken it. A layer that takes the place of another one goes back to where that one came from.
void settle_modals() {
  std::optional<OpenModal> gone;
  for (const OpenModal& modal : memory.modals) {
    const bool is_drawn = std::any_of(memory.drawn_modals.begin(),
                                      memory.drawn_modals.end(),
                                      [&](const OpenModal& drawn) { return drawn.name == modal.name; });
    if (!is_drawn && !gone) gone = modal;
  }
  if (gone) {
    bool is_replaced = false;
    for (OpenModal& drawn : memory.drawn_modals) {
      const bool is_new = std::none_of(memory.modals.begin(),
                                       memory.modals.end(),
                                       [&](const OpenModal& modal) { return modal.name == drawn.name; });
      if (!is_new) continue;
      drawn.focus = gone->focus;
      drawn.had_ring = gone->had_ring;
      is_replaced = true;
    }
    if (!is_replaced && !memory.is_focus_alive && gone->focus != 0) {
      set_focus(gone->focus, gone->had_ring);
      wake_within(0);
    }
  }
  memory.modals = memory.drawn_modals;
}

}  // namespace

void begin_frame(const FrameInput& input) {
  memory.input = input;
  ++memory.frame;
  if (!ImGui::IsMouseDown(0)) memory.is_press_spent = false;
  memory.wake_ms = -1;
  memory.stops.clear();
  memory.drawn_modals.clear();
  memory.layer = 0;
  memory.last_modal_layer = memory.modal_layer;
  memory.modal_layer = 0;
  memory.region = 0;
  memory.next_region = 0;
  memory.is_focus_alive = false;
  memory.is_tab_used = false;
  memory.is_tab_left = false;
  theme::use_pixel_density(ImGui::GetCurrentContext()->FontRasterizerDensity);
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1)) memory.is_ring_visible = false;
  memory.activates_focus =
      memory.is_ring_visible && memory.focus && !is_typing() && !io.KeyCtrl && !io.KeyAlt &&
      (ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_Space, false) ||
       ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false));
}

int end_frame() {
  memory.is_focus_new = false;
  settle_modals();
  handle_focus_keys();  // what gets the focus here is brought into view by the next frame
  if (keep_typed_ahead()) wake_within(0);
  if (memory.modal_layer != memory.last_modal_layer) wake_within(0);
  if (memory.focus) {
    const auto at = std::find_if(memory.stops.begin(), memory.stops.end(), [](const TabStop& stop) {
      return stop.id == memory.focus;
    });
    memory.is_focus_in_region = at != memory.stops.end() && at->region != 0;
  }
  if (memory.frame % 256 == 0) {
    std::erase_if(memory.fades,
                  [](const auto& entry) { return entry.second.last_frame + 64 < memory.frame; });
  }
  return memory.wake_ms;
}

double now_ms() { return memory.input.now_ms; }
bool is_motion_reduced() { return memory.input.reduced_motion; }

void wake_within(int ms) {
  if (memory.wake_ms < 0 || ms < memory.wake_ms) memory.wake_ms = ms;
}

bool has_waited(ImGuiID id, int ms) {
  Fade& fade = memory.fades[id];
  if (fade.last_frame + 1 < memory.frame) fade.began_ms = now_ms();
  fade.last_frame = memory.frame;
  const double left = fade.began_ms + ms - now_ms();
  if (left <= 0) return true;
  wake_within(static_cast<int>(left) + 1);
  return false;
}

bool appeared(ImGuiID id) {
  Fade& fade = memory.fades[id ^ 0x5EED5EEDu];
  const bool is_new = fade.last_frame + 1 < memory.frame;
  fade.last_frame = memory.frame;
  return is_new;
}

bool is_phone() { return ImGui::GetIO().DisplaySize.x < theme::phone_width; }

Rect window_rect() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  return {0, 0, size.x, size.y};
}

ImGuiID id_of(std::string_view name) { return ImGui::GetID(name.data(), name.data() + name.size()); }
ImGuiID id_of(std::uint64_t number) {
  return ImHashData(&number, sizeof number, ImGui::GetCurrentWindowRead()->IDStack.back());
}

IdScope::IdScope(std::string_view name) { ImGui::PushID(name.data(), name.data() + name.size()); }
IdScope::IdScope(std::uint64_t number) { ImGui::PushOverrideID(id_of(number)); }
IdScope::~IdScope() { ImGui::PopID(); }

ClipScope::ClipScope(Rect r) {
  const Rect s = snapped(r);
  ImGui::PushClipRect(s.min(), s.max(), true);
}
ClipScope::~ClipScope() { ImGui::PopClipRect(); }

ItemState hit(ImGuiID id, Rect r, int flags) {
  ItemState state;
  state.id = id;
  const ImRect box(r.min(), r.max());
  const bool is_disabled = (flags & item_disabled) != 0;
  const bool is_seen = ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_NoNav);
  const bool was_asked = a11y::take_click(id) && !is_disabled;
  if (is_reachable() && !is_disabled && !(flags & item_no_tab_stop)) {
    memory.stops.push_back({id, r, memory.layer, memory.region});
  }
  if (a11y::take_focus(id)) set_focus(id, false);
  if (memory.focus == id) {
    memory.is_focus_alive = true;
    state.has_ring = memory.is_ring_visible;
    if (memory.is_focus_new) reveal(r);
    if (memory.activates_focus && !is_disabled) state.clicked = true;
  }
  if (was_asked) state.clicked = true;
  if (!is_seen || is_disabled) {
    if (is_disabled && is_seen) state.hovered = is_hovered(r);
    return state;
  }
  bool is_pressed = false;
  const int button_flags =
      (flags & item_on_press) ? ImGuiButtonFlags_PressedOnClick : ImGuiButtonFlags_PressedOnClickRelease;
  is_pressed =
      ImGui::ButtonBehavior(box, id, &state.hovered, &state.held, button_flags | ImGuiButtonFlags_NoNavFocus);
  if (is_pressed && !is_long_press()) {
    state.clicked = true;
    set_focus(id, false);
  }
  if (state.hovered) {
    // When the button is up again: what opens by it may take the caret.
    state.double_clicked = is_pressed && ImGui::GetIO().MouseClickedLastCount[0] == 2;
    state.context = ImGui::IsMouseReleased(1) || (is_pressed && is_long_press());
  }
  return state;
}

void add_tab_stop(ImGuiID id, Rect r) {
  if (is_reachable()) memory.stops.push_back({id, r, memory.layer, memory.region});
  if (memory.focus == id) memory.is_focus_alive = true;
}

void mirror(const ItemState& state, Rect r, a11y::Node node) {
  node.id = state.id;
  node.min = r.min();
  node.max = r.max();
  node.focused = node.focused || (memory.focus == state.id && state.id != 0);
  a11y::node(node);
}

void mirror(ImGuiID id, Rect r, a11y::Node node) {
  node.id = id;
  node.min = r.min();
  node.max = r.max();
  a11y::node(node);
}

ItemState item(ImGuiID id, Rect r, const a11y::Node& node, int flags) {
  const ItemState state = hit(id, r, flags | (node.disabled ? item_disabled : 0));
  mirror(state, r, node);
  return state;
}

a11y::Node scope_node(ImGuiID id, Rect r, Aria role, HeldText name) {
  a11y::Node node;
  node.id = id;
  node.role = role;
  node.name = std::move(name);
  node.min = r.min();
  node.max = r.max();
  return node;
}

bool is_near_view(Rect r) {
  const ImDrawList& list = canvas();
  return r.bottom() >= list.GetClipRectMin().y - view_margin && r.y <= list.GetClipRectMax().y + view_margin;
}

bool is_hovered(Rect r) {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  return context.HoveredWindow == ImGui::GetCurrentWindow() &&
         ImGui::IsMouseHoveringRect(r.min(), r.max(), true);
}

ImVec2 mouse() { return ImGui::GetIO().MousePos; }

bool is_dragging(const ItemState& state) {
  return state.held && (ImGui::IsMouseDragging(0, 4) || is_long_press());
}

bool begins_drag(const ItemState& state) {
  if (memory.is_press_spent || !is_dragging(state)) return false;
  memory.is_press_spent = true;
  return true;
}

void focus_ring(Rect r, float radius) { outline(inset(r, -3), theme::colors().focus_ring, radius + 3, 2); }

bool has_focus(ImGuiID id) { return id != 0 && memory.focus == id; }

void set_focus(ImGuiID id, bool visible) {
  if (memory.focus != id) memory.is_focus_new = true;
  memory.focus = id;
  memory.is_ring_visible = visible;
}

void clear_focus() {
  memory.focus = 0;
  memory.is_ring_visible = false;
}

void leave_tab_to_keymap() { memory.is_tab_left = true; }
void keep_focus_on_tab() { memory.is_tab_used = true; }

bool is_typing() { return ImGui::GetIO().WantTextInput; }

bool takes_key(std::string_view key) {
  if (key == "Tab") return !memory.is_tab_left;
  if (is_typing()) return false;
  if (!memory.focus || !memory.is_ring_visible || !memory.is_focus_alive) return false;
  if (key == "Enter" || key == " ") return true;
  if (memory.is_focus_in_region && key.substr(0, 5) == "Arrow") return true;
  const bool is_modifier = key == "Shift" || key == "Control" || key == "Alt" || key == "Meta";
  if (!is_modifier) memory.is_ring_visible = false;  // a command: what has the focus now is the command's
  return false;
}

ArrowRegion::ArrowRegion() { memory.region = ++memory.next_region; }
ArrowRegion::~ArrowRegion() { memory.region = 0; }

Layer::Layer(const char* name, LayerKind kind, Rect r) : is_modal_(kind == LayerKind::modal) {
  const Rect place = kind == LayerKind::floating ? r : window_rect();
  ImGui::SetNextWindowPos(place.min());
  ImGui::SetNextWindowSize({place.w, place.h});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
  ImGui::Begin(name,
               nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoFocusOnAppearing |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);
  ImGui::PopStyleVar(3);
  if (kind != LayerKind::page) ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  ++memory.layer;
  if (!is_modal_) return;
  memory.modal_layer = memory.layer;
  const ImGuiID id = ImHashStr(name);
  const auto open = std::find_if(
      memory.modals.begin(), memory.modals.end(), [&](const OpenModal& modal) { return modal.name == id; });
  memory.drawn_modals.push_back(
      open != memory.modals.end() ? *open : OpenModal{id, memory.focus, memory.is_ring_visible});
}

Layer::~Layer() { ImGui::End(); }

bool Layer::is_pressed_outside(Rect r) const {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  return ImGui::IsMouseClicked(0) && context.HoveredWindow == ImGui::GetCurrentWindow() &&
         !r.contains(mouse());
}

Scroll::Scroll(std::string_view name, Rect view, float content_height)
    : id_(id_of(name)), view_(view), content_height_(content_height) {
  begin();
}

Scroll::Scroll(std::string_view name, Rect view) : id_(id_of(name)), view_(view), content_height_(0) {
  content_height_ = memory.scrolls[id_].measured_height;
  begin();
}

void Scroll::end_at(float y) {
  ScrollState& state = memory.scrolls[id_];
  const float height = y - top();
  if (std::abs(height - state.measured_height) > 0.5f) wake_within(0);
  state.measured_height = height;
}

void Scroll::begin() {
  ScrollState& state = memory.scrolls[id_];
  ImGuiIO& io = ImGui::GetIO();
  if (io.MouseWheel != 0 && !io.KeyCtrl && is_hovered(view_)) {
    state.offset -= std::round(io.MouseWheel * 5 * ImGui::GetStyle().FontSizeBase);
    state.shown_until_ms = now_ms() + 800;
    io.MouseWheel = 0;
  }
  state.offset = std::round(std::clamp(state.offset, 0.0f, std::max(0.0f, content_height_ - view_.h)));
  const Rect s = snapped(view_);
  ImGui::PushClipRect(s.min(), s.max(), true);
  memory.open_scrolls.push_back(this);
}

Scroll::~Scroll() {
  memory.open_scrolls.pop_back();
  ScrollState& state = memory.scrolls[id_];
  if (content_height_ > view_.h + 1) {
    const float thumb_height = std::max(24.0f, view_.h * view_.h / content_height_);
    const float travel = view_.h - thumb_height;
    const float range = content_height_ - view_.h;
    const Rect track{view_.right() - 10, view_.y, 10, view_.h};
    const Rect thumb{view_.right() - 8, view_.y + travel * state.offset / range, 6, thumb_height};
    const ItemState bar = hit(ImHashStr("scrollbar", 0, id_), track, item_no_tab_stop | item_on_press);
    if (bar.held && travel > 0) {
      state.offset = std::clamp((mouse().y - view_.y - thumb_height / 2) / travel, 0.0f, 1.0f) * range;
      wake_within(0);
    }
    if (bar.hovered || bar.held || now_ms() < state.shown_until_ms) {
      fill(thumb, theme::with_alpha(theme::colors().border_strong, bar.held ? 0.8f : 0.5f), 3);
      if (!bar.hovered) wake_within(static_cast<int>(state.shown_until_ms - now_ms()) + 1);
    }
  }
  ImGui::PopClipRect();
}

float Scroll::top() const { return view_.y - memory.scrolls[id_].offset; }
float Scroll::offset() const { return memory.scrolls[id_].offset; }

void Scroll::scroll_to(float offset) {
  ScrollState& state = memory.scrolls[id_];
  const float to = std::round(std::clamp(offset, 0.0f, std::max(0.0f, content_height_ - view_.h)));
  if (to == state.offset) return;
  state.offset = to;
  state.shown_until_ms = now_ms() + 800;
  wake_within(0);
}
void Scroll::scroll_by(float distance) { scroll_to(offset() + distance); }

void Scroll::reveal(float y0, float y1) {
  if (y0 < offset()) {
    scroll_to(y0);
  } else if (y1 > offset() + view_.h) {
    scroll_to(std::min(y0, y1 - view_.h));
  }
}

void reveal(Rect r) {
  if (memory.open_scrolls.empty()) return;
  Scroll& scroll = *memory.open_scrolls.back();
  scroll.reveal(r.y - scroll.top() - 4, r.bottom() - scroll.top() + 4);
}

void draw_tip(float x, float y, std::string_view text, std::string_view keys, std::string_view more) {
  const OnTop on_top;
  const Rect window = window_rect();
  float width = 16 + std::round(text_width(text, theme::small));
  if (!keys.empty()) width += 8 + keys_width(keys);
  if (!more.empty()) width += 8 + text_width(more, theme::small);
  Rect r{std::clamp(x, 4.0f, std::max(4.0f, window.w - width - 4)), y, std::min(width, window.w - 8), 26};
  fill(r, theme::colors().text_primary, 5);
  float at = r.x + 8;
  at += draw_text(at, r.center_y(), text, theme::small, theme::colors().bg_canvas) + 8;
  if (!keys.empty()) at += draw_keys(at, r.center_y(), keys, CapStyle::on_dark) + 8;
  draw_text(at, r.center_y(), more, theme::small, theme::colors().bg_canvas);
}

void tooltip(const ItemState& state, Rect anchor, std::string_view text, std::string_view keys) {
  if (!state.hovered || state.held || is_touch() || text.empty()) {
    if (memory.tip == state.id) memory.tip = 0;
    return;
  }
  if (memory.tip != state.id) {
    memory.tip = state.id;
    memory.tip_since_ms = now_ms();
  }
  const double waited = now_ms() - memory.tip_since_ms;
  if (waited < 400 && now_ms() - memory.last_tip_ms > 300) {
    wake_within(static_cast<int>(400 - waited) + 1);
    return;
  }
  memory.last_tip_ms = now_ms();
  float width = 16 + text_width(text, theme::small) + (keys.empty() ? 0 : 8 + keys_width(keys));
  const float x = anchor.w < width ? anchor.center_x() - width / 2 : anchor.x;
  const bool has_room = anchor.bottom() + 34 < window_rect().h;
  draw_tip(x, has_room ? anchor.bottom() + 6 : anchor.y - 32, text, keys);
}

void text_line(Rect r, std::string_view text, theme::TextStyle style, ImU32 color, Align align) {
  if (!draw_text_in(r, text, style, color, align) || !is_hovered(r)) return;
  ItemState state;
  state.id = ImHashData(&r, sizeof r, ImHashStr(text.data(), text.size()));
  state.hovered = true;
  tooltip(state, r, text);
}

}  // namespace dits::widgets
