// The wiring of the web app: what the platform reports goes to the desk, the desk's state to the screens, and
// what they put out back to the desk. One frame = inbox -> reduce -> ui -> commands -> requests.
#pragma once

#include <string>

#include "web/commands/desk.hpp"
#include "web/platform/platform.hpp"

namespace dits::web {

class App {
 public:
  // Dear ImGui's context exists by now. Loads the fonts into it.
  explicit App(Platform& platform);

  // What to start the platform with.
  PlatformHooks hooks();

  // Asks who is signed in, and loads what is theirs. Call after the platform has started.
  void start();

  const State& state() const { return desk_.state(); }

 private:
  void frame();
  bool key_pressed(const KeyPress& press);

  Platform& platform_;
  Desk desk_;
  std::string shown_title_;
};

}  // namespace dits::web
