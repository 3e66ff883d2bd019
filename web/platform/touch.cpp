// Tap, hold, drag, swipe and throw, out of one finger's path.
#include <algorithm>
#include <cfloat>
#include <cmath>

#include "web/platform/touch_recognizer.hpp"
#include "web/platform/wheel.hpp"

namespace dits {

namespace {

constexpr float slop_px = 8;         // a finger trembles this much while it taps
constexpr double hold_ms = 250;      // design/SCREENS.md: a drag by touch starts after this
constexpr float throw_speed = 0.1F;  // pixels a millisecond below which a list does not roll on
constexpr float friction_ms = 325;   // speed falls to 1/e in this time

void move_mouse_to(ImVec2 at) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMouseSourceEvent(ImGuiMouseSource_TouchScreen);
  io.AddMousePosEvent(at.x, at.y);
}

// A finger that is gone hovers over nothing.
void take_mouse_away() { ImGui::GetIO().AddMousePosEvent(-FLT_MAX, -FLT_MAX); }

}  // namespace

void TouchRecognizer::finger_down(ImVec2 at, double now_ms) {
  state_ = State::down;
  start_ = last_ = at;
  start_ms_ = last_ms_ = now_ms;
  velocity_ = unspent_ = {};
  long_press_ = false;
  touch_ = true;
  swipe_ = {};
  move_mouse_to(at);
}

void TouchRecognizer::finger_moved(ImVec2 at, double now_ms) {
  const ImVec2 moved{at.x - start_.x, at.y - start_.y};
  if (state_ == State::down && (std::fabs(moved.x) > slop_px || std::fabs(moved.y) > slop_px)) {
    state_ = std::fabs(moved.x) > 1.5F * std::fabs(moved.y) ? State::swiping : State::scrolling;
  }
  if (state_ == State::scrolling || state_ == State::swiping) {
    const ImVec2 step{at.x - last_.x, at.y - last_.y};
    scroll_by(state_ == State::scrolling ? ImVec2{0, step.y} : ImVec2{step.x, 0});
    const auto elapsed = static_cast<float>(std::max(now_ms - last_ms_, 1.0));
    velocity_.x += 0.6F * (step.x / elapsed - velocity_.x);
    velocity_.y += 0.6F * (step.y / elapsed - velocity_.y);
    last_ms_ = now_ms;
    if (state_ == State::swiping) swipe_ = {Swipe::Phase::moving, start_, moved.x};
  }
  if (state_ == State::dragging) move_mouse_to(at);
  last_ = at;
}

void TouchRecognizer::finger_up(double now_ms) {
  ImGuiIO& io = ImGui::GetIO();
  switch (state_) {
    case State::down:
      move_mouse_to(last_);
      io.AddMouseButtonEvent(0, true);
      io.AddMouseButtonEvent(0, false);
      take_mouse_away();
      state_ = State::idle;
      break;
    case State::dragging:
      io.AddMouseButtonEvent(0, false);
      take_mouse_away();
      state_ = State::idle;
      break;
    case State::swiping:
      swipe_.phase = Swipe::Phase::ended;
      [[fallthrough]];
    case State::scrolling: {
      const bool paused = now_ms - last_ms_ > 60;  // the finger rested before it left
      const bool thrown = !paused && state_ == State::scrolling && std::fabs(velocity_.y) > throw_speed;
      state_ = thrown ? State::rolling : State::idle;
      last_ms_ = now_ms;
      if (!thrown) take_mouse_away();
      break;
    }
    case State::idle:
    case State::rolling:
      break;
  }
}

void TouchRecognizer::cancel() {
  if (state_ == State::dragging) ImGui::GetIO().AddMouseButtonEvent(0, false);
  if (state_ == State::swiping) swipe_.phase = Swipe::Phase::cancelled;
  if (state_ != State::idle) take_mouse_away();
  state_ = State::idle;
}

void TouchRecognizer::update(double now_ms) {
  if (state_ == State::down && now_ms - start_ms_ >= hold_ms) {
    state_ = State::dragging;
    long_press_ = true;
    ImGui::GetIO().AddMouseButtonEvent(0, true);
  }
  if (state_ == State::rolling) {
    const auto elapsed = static_cast<float>(std::min(now_ms - last_ms_, 50.0));
    last_ms_ = now_ms;
    scroll_by({0, velocity_.y * elapsed});
    velocity_.y *= std::exp(-elapsed / friction_ms);
    if (std::fabs(velocity_.y) < 0.02F) {
      state_ = State::idle;
      take_mouse_away();
    }
  }
}

double TouchRecognizer::due_in_ms(double now_ms) const {
  if (state_ == State::rolling) return 0;
  if (state_ == State::down) return std::max(start_ms_ + hold_ms - now_ms, 0.0);
  return -1;
}

void TouchRecognizer::end_frame() {
  if (swipe_.phase == Swipe::Phase::ended || swipe_.phase == Swipe::Phase::cancelled) swipe_ = {};
}

void TouchRecognizer::mouse_used() { touch_ = long_press_ = false; }

void TouchRecognizer::scroll_by(ImVec2 pixels) {
  unspent_.x += pixels.x;
  unspent_.y += pixels.y;
  const ImVec2 whole{std::trunc(unspent_.x), std::trunc(unspent_.y)};
  if (whole.x == 0 && whole.y == 0) return;
  unspent_.x -= whole.x;
  unspent_.y -= whole.y;
  add_wheel_pixels(whole);
}

TouchRecognizer& touch_recognizer() {
  static TouchRecognizer recognizer;
  return recognizer;
}

const Swipe& swipe() { return touch_recognizer().current_swipe(); }
bool is_long_press() { return touch_recognizer().is_long_press(); }
bool is_touch() { return touch_recognizer().is_touch(); }

}  // namespace dits
