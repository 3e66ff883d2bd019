// One finger's path: tap, hold and drag, scroll with a throw, swipe.
#include <doctest/doctest.h>

#include "web/platform/headless.hpp"
#include "web/platform/touch_recognizer.hpp"

namespace dits {

namespace {

struct Screen {
  int clicks = 0;
  bool is_held = false;
  bool was_long_press = false;
  float scroll_y = 0;
  Swipe last_swipe;

  void draw() {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({300, 300});
    ImGui::Begin("screen", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    if (ImGui::Button("row", {200, 40})) {
      ++clicks;
      was_long_press = is_long_press();
    }
    is_held = ImGui::IsItemActive();
    ImGui::Dummy({10, 2000});
    scroll_y = ImGui::GetScrollY();
    if (swipe().phase != Swipe::Phase::none) last_swipe = swipe();
    ImGui::End();
  }
};

struct Finger {
  explicit Finger(HeadlessPlatform& on) : platform(on) {}
  HeadlessPlatform& platform;

  void down(float x, float y) {
    touch_recognizer().finger_down({x, y}, platform.monotonic_ms());
    settle();
  }
  void move(float x, float y) {
    platform.advance(16);
    touch_recognizer().finger_moved({x, y}, platform.monotonic_ms());
    settle();
  }
  void up() {
    touch_recognizer().finger_up(platform.monotonic_ms());
    settle();
  }
  void settle() {
    platform.request_frames(2);
    platform.draw();
  }
};

}  // namespace

TEST_CASE("A tap is one click, and the finger hovers over nothing afterwards") {
  HeadlessPlatform platform(300, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  Finger finger(platform);
  finger.down(50, 30);
  CHECK(screen.clicks == 0);
  finger.up();
  CHECK(screen.clicks == 1);
  CHECK_FALSE(screen.was_long_press);
  CHECK_FALSE(ImGui::IsMousePosValid());
  CHECK(is_touch());
}

TEST_CASE("A finger held still presses, drags from then on, and is known as a long press") {
  HeadlessPlatform platform(300, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  Finger finger(platform);
  finger.down(50, 30);
  platform.advance(300);
  CHECK(screen.is_held);
  finger.move(60, 34);
  CHECK(screen.is_held);
  finger.up();
  CHECK(screen.clicks == 1);
  CHECK(screen.was_long_press);
}

TEST_CASE(
    "A finger that moves up scrolls by as many pixels, clicks nothing, and a throw rolls on and stops") {
  HeadlessPlatform platform(300, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  Finger finger(platform);
  finger.down(50, 200);
  for (int step = 1; step <= 10; ++step) finger.move(50, 200 - static_cast<float>(step) * 10);
  CHECK(screen.scroll_y == doctest::Approx(100).epsilon(0.05));
  const float at_release = screen.scroll_y;
  finger.up();
  for (int frame = 0; frame < 200; ++frame) platform.advance(16);
  CHECK(screen.scroll_y > at_release + 20);
  CHECK(touch_recognizer().due_in_ms(platform.monotonic_ms()) < 0);
  CHECK(screen.clicks == 0);
}

TEST_CASE("A sideways movement is a swipe that ends where the finger leaves") {
  HeadlessPlatform platform(300, 300);
  Screen screen;
  platform.start({.frame = [&] { screen.draw(); }});
  Finger finger(platform);
  finger.down(50, 30);
  for (int step = 1; step <= 9; ++step) finger.move(50 + static_cast<float>(step) * 10, 31);
  CHECK(screen.last_swipe.phase == Swipe::Phase::moving);
  CHECK(screen.last_swipe.distance == doctest::Approx(90));
  CHECK(screen.last_swipe.start.x == 50);
  finger.up();
  CHECK(screen.last_swipe.phase == Swipe::Phase::ended);
  CHECK(swipe().phase == Swipe::Phase::none);
  CHECK(screen.clicks == 0);
}

}  // namespace dits
