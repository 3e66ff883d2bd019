// Turns the path of one finger into what Dear ImGui understands (mouse and wheel) and into the gestures of
// touch.hpp. Knows neither browser nor clock: times are given in milliseconds.
#pragma once

#include "imgui.h"
#include "web/platform/touch.hpp"

namespace dits {

class TouchRecognizer {
 public:
  void finger_down(ImVec2 at, double now_ms);
  void finger_moved(ImVec2 at, double now_ms);
  void finger_up(double now_ms);
  // A second finger came, or the browser took the gesture over.
  void cancel();

  // Before each animation frame: notices that a finger is held, and lets a thrown list roll on.
  void update(double now_ms);
  // Milliseconds until `update` has something to do; 0: in the next frame; negative: nothing.
  double due_in_ms(double now_ms) const;

  // After the passes of an animation frame: gestures that ended have been seen.
  void end_frame();

  // A mouse was used.
  void mouse_used();

  bool is_tracking() const { return state_ != State::idle && state_ != State::rolling; }
  const Swipe& current_swipe() const { return swipe_; }
  bool is_long_press() const { return long_press_; }
  bool is_touch() const { return touch_; }

 private:
  enum class State { idle, down, scrolling, swiping, dragging, rolling };

  void scroll_by(ImVec2 pixels);

  State state_ = State::idle;
  ImVec2 start_{}, last_{};
  double start_ms_ = 0, last_ms_ = 0;
  ImVec2 velocity_{};  // pixels a millisecond, smoothed
  ImVec2 unspent_{};   // part of a pixel that the list has not scrolled yet
  Swipe swipe_;
  bool long_press_ = false;
  bool touch_ = false;
};

// The one that swipe(), is_long_press() and is_touch() speak of.
TouchRecognizer& touch_recognizer();

}  // namespace dits
