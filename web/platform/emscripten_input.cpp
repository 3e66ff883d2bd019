// Keys, mouse, wheel and touch from the browser to Dear ImGui and the keymap, and which of them the browser
// keeps.
#include <cfloat>
#include <cmath>
#include <cstring>
#include <string>

#include <emscripten.h>
#include <emscripten/html5.h>

#include "imgui_internal.h"
#include "shared/markdown/writing.hpp"
#include "web/platform/browser.hpp"
#include "web/platform/emscripten_bridge.hpp"
#include "web/platform/keys.hpp"
#include "web/platform/long_text_frame.hpp"
#include "web/platform/mirror_frame.hpp"
#include "web/platform/touch_recognizer.hpp"
#include "web/platform/wheel.hpp"

namespace dits {

namespace {

// What lies above the canvas under the pointer or has the keyboard; see library_input.js.
constexpr int over_text_area = 1;
constexpr int over_link = 2;

constexpr int hover_delay_ms = 420;  // tooltips come 400 ms after the pointer rests

std::string clipboard;
bool text_is_wanted = false;

bool is_one_character(std::string_view key) {
  if (key.empty()) return false;
  std::size_t characters = 0;
  for (const char c : key) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return characters == 1;
}

template <typename Event>
void add_modifiers(const Event& event) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(ImGuiMod_Ctrl, event.ctrlKey);
  io.AddKeyEvent(ImGuiMod_Shift, event.shiftKey);
  io.AddKeyEvent(ImGuiMod_Alt, event.altKey);
  io.AddKeyEvent(ImGuiMod_Super, event.metaKey);
}

KeyPress key_press_from(const EmscriptenKeyboardEvent& event, bool in_text) {
  KeyPress press;
  static KeyboardLayout layout;
  // With Alt a key makes signs that say nothing of its layout.
  press.key = event.altKey ? std::string(event.key) : layout.key_of(event.key, event.code, event.shiftKey);
  press.code = event.code;
  press.shift = event.shiftKey;
  press.meta = event.metaKey;
  press.repeat = event.repeat;
  press.in_text = in_text;
  // Ctrl and Alt together make a character on some layouts (AltGr): that is text, not a command.
  const bool is_alt_gr = event.ctrlKey && event.altKey && is_one_character(event.key);
  press.ctrl = event.ctrlKey && !is_alt_gr;
  press.alt = event.altKey && !is_alt_gr;
  press.command = browser().environment().mac ? press.meta : press.ctrl;
  return press;
}

// Whether the browser must not act on a key that went to ImGui: what an editor needs is ours, other shortcuts
// stay its own.
bool belongs_to_us(const KeyPress& press, ImGuiKey key) {
  if (press.command || press.ctrl || press.meta || press.alt) {
    if (!press.in_text) return false;
    switch (key) {
      case ImGuiKey_A:
      case ImGuiKey_Z:
      case ImGuiKey_Y:
      case ImGuiKey_LeftArrow:
      case ImGuiKey_RightArrow:
      case ImGuiKey_Home:
      case ImGuiKey_End:
      case ImGuiKey_Backspace:
      case ImGuiKey_Delete:
        return true;
      default:
        return false;
    }
  }
  if (key >= ImGuiKey_F1 && key <= ImGuiKey_F12) return false;
  // Characters reach a text field through the hidden text area; without one they would scroll the page or
  // search in it.
  if (is_one_character(press.key)) return !press.in_text;
  return key != ImGuiKey_None;
}

// A field of the browser has the keyboard and keeps it, but for the keys that leave it and, in one of the
// mirror, those that act on the widget behind it. Returns whether it does.
bool is_kept_by_foreign_field(ImGuiKey key) {
  constexpr int in_text_area = over_text_area;
  const int field = web_is_foreign_field_focused();
  if (field == 0) return false;
  if (key == ImGuiKey_Tab || key == ImGuiKey_Escape) {
    web_leave_foreign_field();
    return false;
  }
  if (field == in_text_area) return true;
  return key != ImGuiKey_Enter && key != ImGuiKey_UpArrow && key != ImGuiKey_DownArrow;
}

bool key_down(const EmscriptenKeyboardEvent& event) {
  const ImGuiKey key = imgui_key_of(event.key, event.code);
  const KeyPress press = key_press_from(event, text_is_wanted || web_is_foreign_field_focused() != 0);
  if (press.command && key == ImGuiKey_V) return false;  // the paste event brings the text

  if (key == ImGuiKey_Enter || key == ImGuiKey_Space) {
    if (const ImGuiID id = web_mirror_focus_of_reader(); id != 0) {
      a11y::push_click(id);
      request_animation_frames(3);
      return true;
    }
  }
  // What was typed before this key must be in its field when the key acts on it: Ctrl+Enter saves all of the
  // text.
  if (press.in_text && (press.command || !is_one_character(press.key))) run_logic();
  add_modifiers(event);
  if (browser().hooks().key_pressed && browser().hooks().key_pressed(press)) {
    run_logic();  // within the handler, where the browser allows to copy and to focus
    // The next key may come before the next frame: it must not go into the field that this one has left.
    if (press.in_text) draw_at_once();
    request_animation_frames(3);
    return true;
  }
  const bool is_plain_tab = key == ImGuiKey_Tab && !press.ctrl && !press.alt && !press.meta;
  if (is_plain_tab && web_is_foreign_field_focused() == over_text_area) {
    const markdown::Stroke stroke = press.shift ? markdown::Stroke::outdent : markdown::Stroke::indent;
    if (web_area_stroke(static_cast<int>(stroke))) return true;
  }
  if (is_kept_by_foreign_field(key)) return false;
  if (key != ImGuiKey_None) ImGui::GetIO().AddKeyEvent(key, true);
  request_animation_frames(3);
  // What is typed next, before this key comes up or a frame is drawn, is for the field that it leads to.
  if (key == ImGuiKey_Tab && press.in_text) {
    run_logic();
    draw_at_once();
  }
  if (press.command && (key == ImGuiKey_C || key == ImGuiKey_X)) {
    run_logic();  // offers the text before the browser's copy event asks for it
    return false;
  }
  return belongs_to_us(press, key);
}

EM_BOOL on_key(int type, const EmscriptenKeyboardEvent* event, void*) {
  // Input methods and dead keys: the text area hears of the outcome.
  if (event->keyCode == 229 || std::strcmp(event->key, "Process") == 0 ||
      std::strcmp(event->key, "Dead") == 0) {
    return EM_FALSE;
  }
  note_input();
  if (type == EMSCRIPTEN_EVENT_KEYDOWN) return key_down(*event);
  add_modifiers(*event);
  const ImGuiKey key = imgui_key_of(event->key, event->code);
  if (key != ImGuiKey_None) ImGui::GetIO().AddKeyEvent(key, false);
  request_animation_frames(2);
  return EM_FALSE;
}

bool mouse_down(const EmscriptenMouseEvent& event, int button) {
  const int kind = web_kind_under_pointer(event.clientX, event.clientY);
  if (kind == over_text_area) return false;
  const bool opens_tab = event.button == 1 || event.ctrlKey || event.metaKey || event.shiftKey;
  if (kind == over_link && opens_tab) return false;  // the browser opens links of the mirror in new tabs
  if (web_is_foreign_field_focused() != 0) web_leave_foreign_field();
  ImGui::GetIO().AddMouseButtonEvent(button, true);
  request_animation_frames(4);
  return event.button == 0;  // the focus stays where it is
}

EM_BOOL on_mouse(int type, const EmscriptenMouseEvent* event, void*) {
  static constexpr int imgui_buttons[] = {0, 2, 1, 3, 4};
  const int button = imgui_buttons[event->button % 5];
  ImGuiIO& io = ImGui::GetIO();
  touch_recognizer().mouse_used();
  io.AddMouseSourceEvent(ImGuiMouseSource_Mouse);
  add_modifiers(*event);
  io.AddMousePosEvent(static_cast<float>(event->clientX), static_cast<float>(event->clientY));
  if (type == EMSCRIPTEN_EVENT_MOUSEDOWN) {
    note_input();
    return mouse_down(*event, button);
  }
  if (type == EMSCRIPTEN_EVENT_MOUSEUP) {
    note_input();
    io.AddMouseButtonEvent(button, false);
    run_logic();  // what a click does may need the user's gesture: copying, opening a tab
    request_animation_frames(4);
    return EM_FALSE;
  }
  request_animation_frames(2);
  web_wake_after(hover_delay_ms);
  return EM_FALSE;
}

EM_BOOL on_mouse_leave(int, const EmscriptenMouseEvent*, void*) {
  ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX);
  request_animation_frames(2);
  return EM_FALSE;
}

EM_BOOL on_wheel(int, const EmscriptenWheelEvent* event, void*) {
  if (event->mouse.ctrlKey) return EM_FALSE;  // the browser zooms
  if (web_kind_under_pointer(event->mouse.clientX, event->mouse.clientY) == over_text_area) return EM_FALSE;
  const double line_px = 20;
  const double unit = event->deltaMode == DOM_DELTA_PIXEL  ? 1
                      : event->deltaMode == DOM_DELTA_LINE ? line_px
                                                           : 30 * line_px;
  const ImVec2 pixels{static_cast<float>(std::round(-event->deltaX * unit)),
                      static_cast<float>(std::round(-event->deltaY * unit))};
  // Shift turns a wheel sideways; browsers have done so already where ImGui would again.
  ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, false);
  note_input();
  add_wheel_pixels(pixels);
  request_animation_frames(2);
  return EM_TRUE;
}

EM_BOOL on_focus(int type, const EmscriptenFocusEvent*, void*) {
  ImGui::GetIO().AddFocusEvent(type == EMSCRIPTEN_EVENT_FOCUS);
  request_animation_frames(2);
  return EM_FALSE;
}

void tap_key(ImGuiKey key) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddKeyEvent(key, true);
  io.AddKeyEvent(key, false);
  request_animation_frames(3);
}

}  // namespace

bool is_text_wanted() { return text_is_wanted; }

void connect_text_input() {
  ImGui::GetIO().ConfigMacOSXBehaviors = web_is_mac();
  ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
  platform.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) {
    clipboard = text;
    web_offer_copy(text);
  };
  platform.Platform_GetClipboardTextFn = [](ImGuiContext*) { return clipboard.c_str(); };
  platform.Platform_SetImeDataFn = [](ImGuiContext*, ImGuiViewport*, ImGuiPlatformImeData* data) {
    text_is_wanted = data->WantVisible || data->WantTextInput;
    web_caret(text_is_wanted, data->InputPos.x, data->InputPos.y, data->InputLineHeight);
  };
}

void listen_to_input() {
  const char* const window = EMSCRIPTEN_EVENT_TARGET_WINDOW;
  emscripten_set_keydown_callback(window, nullptr, EM_TRUE, on_key);
  emscripten_set_keyup_callback(window, nullptr, EM_TRUE, on_key);
  emscripten_set_mousedown_callback(window, nullptr, EM_TRUE, on_mouse);
  emscripten_set_mouseup_callback(window, nullptr, EM_TRUE, on_mouse);
  emscripten_set_mousemove_callback(window, nullptr, EM_TRUE, on_mouse);
  // Without capture: an element of the mirror that goes from under the pointer must not look like the page.
  emscripten_set_mouseleave_callback(EMSCRIPTEN_EVENT_TARGET_DOCUMENT, nullptr, EM_FALSE, on_mouse_leave);
  // On the app: wheel listeners of the window are passive and could not keep the page from scrolling.
  emscripten_set_wheel_callback("#app", nullptr, EM_TRUE, on_wheel);
  // Without capture: the blur of a text area must not look like the window's.
  emscripten_set_focus_callback(window, nullptr, EM_FALSE, on_focus);
  emscripten_set_blur_callback(window, nullptr, EM_FALSE, on_focus);
}

}  // namespace dits

extern "C" {

EMSCRIPTEN_KEEPALIVE void platform_text(const char* text) {
  dits::note_input();
  ImGui::GetIO().AddInputCharactersUTF8(text);
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_key_tap(const char* key) { dits::tap_key(dits::imgui_key_of(key, "")); }

EMSCRIPTEN_KEEPALIVE void platform_pasted(const char* text) {
  dits::note_input();
  dits::clipboard = text;
  ImGuiIO& io = ImGui::GetIO();
  const ImGuiKey command = ImGui::GetIO().ConfigMacOSXBehaviors ? ImGuiMod_Super : ImGuiMod_Ctrl;
  io.AddKeyEvent(command, true);
  io.AddKeyEvent(ImGuiKey_V, true);
  io.AddKeyEvent(ImGuiKey_V, false);
  io.AddKeyEvent(command, false);
  dits::run_logic();
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_touch(int kind, float x, float y) {
  enum { start, move, end, cancel };
  dits::TouchRecognizer& recognizer = dits::touch_recognizer();
  const double now_ms = emscripten_get_now();
  switch (kind) {
    case start:
      recognizer.finger_down({x, y}, now_ms);
      break;
    case move:
      recognizer.finger_moved({x, y}, now_ms);
      break;
    case end:
      dits::note_input();
      recognizer.finger_up(now_ms);
      dits::run_logic();  // within the gesture, so that a text field may open the keyboard
      break;
    case cancel:
      recognizer.cancel();
      break;
    default:
      break;
  }
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_mirror_click(ImGuiID id) {
  dits::note_input();
  dits::a11y::push_click(id);
  dits::run_logic();
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_mirror_focus(ImGuiID id) {
  dits::a11y::push_focus(id);
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_mirror_value(ImGuiID id, const char* value) {
  dits::note_input();
  dits::a11y::push_value(id, value);
  dits::show_mirror_again();
  dits::request_animation_frames(3);
}

EMSCRIPTEN_KEEPALIVE void platform_area_changed(ImGuiID id, const char* text, int caret) {
  dits::note_input();
  dits::push_long_text_change(id, text, caret);
  dits::request_animation_frames(2);
}

EMSCRIPTEN_KEEPALIVE void platform_area_caret(ImGuiID id, int caret) {
  dits::push_long_text_caret(id, caret);
  dits::request_animation_frames(2);
}

// Edits the area that has the caret; 1 when the stroke did something of its own.
EMSCRIPTEN_KEEPALIVE int platform_area_stroke(
    int stroke, const char* text, int begin, int end, const char* pasted) {
  const std::string_view all = text;
  const auto edit = dits::markdown::edit_for(static_cast<dits::markdown::Stroke>(stroke),
                                             all,
                                             {static_cast<std::size_t>(begin), static_cast<std::size_t>(end)},
                                             pasted);
  if (!edit) return 0;
  std::string after(all);
  after.replace(edit->place.begin, edit->place.end - edit->place.begin, edit->text);
  const auto units = [](std::string_view of, std::size_t bytes) {
    return static_cast<int>(dits::markdown::utf16_length(of.substr(0, bytes)));
  };
  web_area_edit(units(all, edit->place.begin),
                units(all, edit->place.end),
                edit->text.c_str(),
                units(after, edit->after.begin),
                units(after, edit->after.end));
  return 1;
}

EMSCRIPTEN_KEEPALIVE void platform_area_focus(ImGuiID id, int focused) {
  dits::push_long_text_focus(id, focused != 0);
  dits::request_animation_frames(2);
}

EMSCRIPTEN_KEEPALIVE void platform_area_height(ImGuiID id, float height) {
  dits::push_long_text_height(id, height);
  dits::request_animation_frames(2);
}
}
