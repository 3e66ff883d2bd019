// When and how a picture is made: animation frames on demand, several passes of logic where input has piled
// up, one rendering at most, and none at all when the picture would be the same.
#include <algorithm>
#include <array>

#include <emscripten.h>
#include <emscripten/html5.h>

#include "imgui_internal.h"
#include "web/platform/browser.hpp"
#include "web/platform/emscripten_bridge.hpp"
#include "web/platform/long_text.hpp"
#include "web/platform/long_text_frame.hpp"
#include "web/platform/mirror_frame.hpp"
#include "web/platform/renderer.hpp"
#include "web/platform/touch_recognizer.hpp"

namespace dits {

namespace {

// ImGui lets one event of a kind through a pass, so that nothing is missed; fast typing would lag without
// more passes.
constexpr int most_passes = 16;

struct Graphics {
  int wanted_frames = 0;
  bool is_scheduled = false;
  bool in_frame = false;
  bool context_lost = false;
  ImVec2 pixels{};  // of the canvas' own
  double last_pass_ms = 0;
  double input_ms = 0;      // of the first input that no frame has answered; 0: none
  double drawn_pixels = 0;  // of all frames together
  std::string shown_mirror;
  FrameStats stats;
};

Graphics graphics;

void one_pass(double elapsed_s) {
  ImGui::GetIO().DeltaTime = static_cast<float>(std::clamp(elapsed_s, 0.001, 0.1));
  browser().run_queue();
  ImGui::NewFrame();
  // The soft edge of a shape is one pixel of the canvas wide.
  ImGui::GetDrawListSharedData()->InitialFringeScale = 1 / ImGui::GetIO().DisplayFramebufferScale.x;
  a11y::begin_frame();
  begin_long_text_frame();
  browser().hooks().frame();
  ImGui::Render();
}

bool is_input_left() { return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0 || a11y::has_actions(); }

void show_long_texts() {
  for (const LongTextArea& area : long_text_areas()) {
    const std::array<float, 12> numbers = {area.min.x,
                                           area.min.y,
                                           area.max.x - area.min.x,
                                           area.max.y - area.min.y,
                                           area.clip_min.x,
                                           area.clip_min.y,
                                           area.clip_max.x,
                                           area.clip_max.y,
                                           area.font_px,
                                           area.line_height_px,
                                           area.padding.x,
                                           area.padding.y};
    const std::array<ImU32, 4> colors = {
        area.text_color, area.placeholder_color, area.caret_color, area.selection_color};
    const int flags = (area.mono ? 1 : 0) | (area.take_focus ? 2 : 0) | (area.read_only ? 4 : 0) |
                      (area.covered ? 8 : 0) | (area.drop_focus ? 16 : 0) | (area.markdown ? 32 : 0);
    web_area(area.id,
             numbers.data(),
             area.name.c_str(),
             area.placeholder.c_str(),
             colors.data(),
             area.holes.empty() ? nullptr : &area.holes.Data->Min.x,
             area.holes.Size,
             flags,
             area.revision,
             area.text.c_str());
  }
  web_areas_shown();
}

void show_beside_canvas() {
  if (a11y::frame_text() != graphics.shown_mirror) {
    graphics.shown_mirror = a11y::frame_text();
    web_mirror(graphics.shown_mirror.data(), static_cast<int>(graphics.shown_mirror.size()));
  }
  for (const std::string& sentence : a11y::take_announcements()) web_announce(sentence.c_str());
  show_long_texts();
  web_set_cursor(ImGui::GetMouseCursor());
}

// Returns the pixels that were drawn.
long long render() {
  if (graphics.context_lost) return 0;
  return renderer::draw(
      *ImGui::GetDrawData(), static_cast<int>(graphics.pixels.x), static_cast<int>(graphics.pixels.y));
}

void draw_frame() {
  if (graphics.in_frame || graphics.pixels.x < 1 || graphics.pixels.y < 1) return;
  const double began_ms = emscripten_get_now();
  touch_recognizer().update(began_ms);
  run_logic();
  graphics.in_frame = true;
  show_beside_canvas();
  const double rendering_ms = emscripten_get_now();
  const long long drawn_pixels = render();
  web_drawn();
  const double ended_ms = emscripten_get_now();
  FrameStats& stats = graphics.stats;
  if (drawn_pixels == 0) ++stats.skipped;
  graphics.drawn_pixels += static_cast<double>(drawn_pixels);
  if (++stats.frames == 1) web_first_frame();
  stats.logic_ms = rendering_ms - began_ms;
  stats.render_ms = ended_ms - rendering_ms;
  if (graphics.input_ms > 0) stats.key_to_frame_ms = ended_ms - graphics.input_ms;
  graphics.input_ms = 0;
  web_stats(stats.frames,
            stats.skipped,
            stats.logic_ms,
            stats.render_ms,
            stats.key_to_frame_ms,
            graphics.drawn_pixels);
  const double due_ms = touch_recognizer().due_in_ms(ended_ms);
  if (due_ms == 0) request_animation_frames(1);
  if (due_ms > 0) web_wake_after(static_cast<int>(due_ms) + 1);
  graphics.in_frame = false;
}

EM_BOOL animation_frame(double, void*) {
  graphics.is_scheduled = false;
  if (graphics.wanted_frames > 0) {
    --graphics.wanted_frames;
    draw_frame();
  }
  if (graphics.wanted_frames > 0 || is_input_left()) request_animation_frames(1);
  return EM_FALSE;
}

}  // namespace

void run_logic() {
  if (graphics.in_frame || graphics.pixels.x < 1) return;
  graphics.in_frame = true;
  const double now_ms = emscripten_get_now();
  double elapsed_s = (now_ms - graphics.last_pass_ms) / 1000;
  graphics.last_pass_ms = now_ms;
  for (int pass = 0; pass < most_passes; ++pass) {
    one_pass(elapsed_s);
    touch_recognizer().end_frame();  // after every pass: a swipe that ended must be seen to end once
    elapsed_s = 0;
    if (!is_input_left()) break;
  }
  graphics.in_frame = false;
}

void draw_at_once() { draw_frame(); }

void show_mirror_again() { graphics.shown_mirror.clear(); }

LongTextCaret caret_of_long_text(ImGuiID id) {
  std::array<float, 3> place{};
  web_area_caret(id, place.data());
  return {{place[0], place[1]}, place[2]};
}

void note_input() {
  if (graphics.input_ms == 0) graphics.input_ms = emscripten_get_now();
}

void request_animation_frames(int count) {
  graphics.wanted_frames = std::max(graphics.wanted_frames, count);
  if (graphics.is_scheduled) return;
  graphics.is_scheduled = true;
  emscripten_request_animation_frame(animation_frame, nullptr);
}

bool open_graphics() {
  EmscriptenWebGLContextAttributes attributes;
  emscripten_webgl_init_context_attributes(&attributes);
  attributes.majorVersion = 2;
  // The canvas has its context since the page began, with what boot.js asked for. Each extension would be
  // asked for by waiting for another process, and none is used.
  attributes.enableExtensionsByDefault = EM_FALSE;
  const EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context = emscripten_webgl_create_context("#canvas", &attributes);
  if (context <= 0) return false;
  emscripten_webgl_make_context_current(context);
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendPlatformName = "dits_browser";
  io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
  // A caret that blinks would draw a frame twice a second, for ever.
  io.ConfigInputTextCursorBlink = false;
  renderer::open();
  return true;
}

FrameStats BrowserPlatform::frame_stats() const { return graphics.stats; }

}  // namespace dits

extern "C" {

EMSCRIPTEN_KEEPALIVE void platform_wake() { dits::request_animation_frames(1); }

EMSCRIPTEN_KEEPALIVE void platform_resized(float width, float height, float pixel_width, float pixel_height) {
  if (width < 1 || height < 1) return;
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {width, height};
  io.DisplayFramebufferScale = {pixel_width / width, pixel_height / height};
  dits::graphics.pixels = {pixel_width, pixel_height};
  dits::renderer::redraw();
  dits::draw_frame();  // at once: a resized canvas is empty
  dits::request_animation_frames(2);
}

EMSCRIPTEN_KEEPALIVE void platform_context_lost() {
  dits::graphics.context_lost = true;
  dits::renderer::forget();
  dits::forget_pictures();
}

EMSCRIPTEN_KEEPALIVE void platform_context_restored() {
  dits::graphics.context_lost = false;
  dits::request_animation_frames(3);
}
}
