// See app.hpp.
#include "web/app.hpp"

#include <algorithm>

#include "imgui.h"
#include "web/platform/glyphs.hpp"
#include "web/store/selectors.hpp"
#include "web/theme/fonts.hpp"
#include "web/theme/tokens.hpp"
#include "web/ui/app_screen.hpp"
#include "web/widgets/item.hpp"

namespace dits::web {

App::App(Platform& platform) : platform_(platform), desk_(platform) {
  theme::load_fonts(system_font_loader());
  ImGui::GetStyle().FontSizeBase = 13;
}

PlatformHooks App::hooks() {
  return {.frame = [this] { frame(); },
          .route_changed = [this](const std::string& path_and_query) { desk_.route_changed(path_and_query); },
          .key_pressed = [this](const KeyPress& press) { return key_pressed(press); },
          .file_given = [this](const GivenFile& file) { desk_.file_given(file); },
          .leaving = [this] { desk_.leaving(); }};
}

void App::start() { desk_.start(); }

void App::frame() {
  // Rings and round corners: a tenth of the screen's pixel from the true curve at most, or their corners are seen.
  ImGui::GetStyle().CircleTessellationMaxError = 0.1f / std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  desk_.begin_frame();
  const Environment& environment = platform_.environment();
  theme::use_dark(is_dark(desk_.state()));

  const FrameStats stats = platform_.frame_stats();
  Outbox outbox;
  const int next_frame_ms = app_screen(desk_.state(),
                                       outbox,
                                       {.now_ms = platform_.monotonic_ms(),
                                        .is_mac = environment.mac,
                                        .logic_ms = stats.logic_ms,
                                        .key_to_frame_ms = stats.key_to_frame_ms,
                                        .frames = stats.frames});
  if (next_frame_ms >= 0) platform_.wake_after(next_frame_ms);
  if (!outbox.is_empty()) {
    desk_.apply(outbox);
    platform_.request_frames();  // what was drawn shows the state before
  }

  const std::string title = document_title(desk_.state());
  if (title != shown_title_) {
    shown_title_ = title;
    platform_.set_title(title);
  }
}

bool App::key_pressed(const KeyPress& press) {
  const bool control = press.command || press.ctrl;
  // With Ctrl a key is a command's, whatever has the ring.
  if (!control && widgets::takes_key(press.key)) return false;
  // A field of a screen, without a mode of its own: sign-in, settings.
  const Mode mode = desk_.state().mode;
  const bool is_form = mode == Mode::normal || mode == Mode::login || mode == Mode::setup;
  if (press.in_text && is_form && !control) return false;
  return desk_.key_pressed({.key = press.key,
                            .code = press.code,
                            .control = control,
                            .shift = press.shift,
                            .alt = press.alt,
                            .in_text = press.in_text});
}

}  // namespace dits::web
