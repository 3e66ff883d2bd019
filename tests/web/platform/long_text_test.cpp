// Text areas over the canvas: who may change the text, and who hears of it.
#include "web/platform/long_text.hpp"

#include <doctest/doctest.h>

#include "web/platform/headless.hpp"
#include "web/platform/long_text_frame.hpp"

namespace dits {

namespace {

struct Screen {
  std::string text = "first";
  bool is_shown = true;
  int changes = 0;
  int blurs = 0;

  void draw() {
    ImGui::Begin("screen");
    if (is_shown) {
      const LongTextEvents events = long_text(7, {0, 0}, {300, 100}, text, {.name = "Description"});
      changes += events.changed ? 1 : 0;
      blurs += events.blurred ? 1 : 0;
    }
    ImGui::End();
  }
};

}  // namespace

TEST_CASE("What the user writes replaces the text once; what the app writes reaches the area") {
  HeadlessPlatform platform;
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  CHECK(platform.value_of("textbox", "Description") == "first");

  platform.fill("textbox", "Description", "by the user");
  CHECK(screen.text == "by the user");
  CHECK(screen.changes == 1);

  const int revision = long_text_areas().front().revision;
  screen.text = "by the app";
  platform.request_frames();
  platform.draw();
  CHECK(long_text_areas().front().revision > revision);
  CHECK(screen.changes == 1);
}

TEST_CASE("Leaving the area is told once, and an area that is not drawn is gone") {
  HeadlessPlatform platform;
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  push_long_text_focus(7, true);
  push_long_text_focus(7, false);
  platform.advance(100);
  CHECK(screen.blurs == 1);

  screen.is_shown = false;
  platform.advance(100);
  CHECK_FALSE(platform.sees("textbox", "Description"));
}

}  // namespace dits
