// Whatever the text, it is measured and drawn without harm at every place it is scrolled to, in steps that
// grow with it, and with as many corners as a screen takes.
#include "web/ui/markdown_view.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "imgui.h"
#include "shared/core/text.hpp"
#include "tests/fuzz/support/steps.hpp"
#include "web/platform/headless.hpp"
#include "web/theme/fonts.hpp"
#include "web/theme/fonts_data.hpp"
#include "web/widgets/item.hpp"

namespace {

using namespace dits;
using namespace dits::web;

struct Page {
  HeadlessPlatform platform{700, 500};
  std::string text;
  float width = 640;
  float offset = 0;
  float height = 0;

  Page() {
    theme::load_fonts(nullptr);
    theme::take_fonts(std::string(fonts::pack()));
    ImGui::GetStyle().FontSizeBase = 13;
    platform.start({.frame = [this] { frame(); }});
  }

  void frame() {
    widgets::begin_frame({.now_ms = platform.monotonic_ms()});
    {
      const widgets::Layer layer("page", widgets::LayerKind::page, widgets::window_rect());
      Flow flow{20, 20 - offset, width};
      markdown_view("text", flow, text, {.task_cursor = 1});
      height = flow.y + offset;
    }
    widgets::end_frame();
  }

  void draw() {
    platform.request_frames(1);
    platform.draw();
    constexpr int most_corners = 400'000;
    fuzz::require(ImGui::GetDrawData()->TotalVtxCount < most_corners);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Page screen;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_storable_text(text)) return 0;
  const fuzz::Budget budget(size, 400'000, 20'000'000);
  screen.text = text;
  for (const float width : {640.0f, 90.0f}) {
    screen.width = width;
    screen.offset = 0;
    screen.draw();
    fuzz::require(screen.height < 200'000.0f + 3'000.0f * static_cast<float>(size));
    for (const float part : {0.5f, 1.0f}) {
      screen.offset = part * std::max(0.0f, screen.height - 300);
      screen.draw();
    }
  }
  return 0;
}
