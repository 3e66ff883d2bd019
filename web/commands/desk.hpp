// The desk: state, undo stack and connection in one place, and the one path by which anything changes. The
// app owns one, hands it what the platform reports, gives its state to the screens and brings back their
// outbox.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/api/gateway.hpp"
#include "web/commands/command.hpp"
#include "web/commands/keymap.hpp"
#include "web/store/state.hpp"
#include "web/store/undo.hpp"

namespace dits::web {

class Desk {
 public:
  explicit Desk(Platform& platform);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Reads what the browser keeps, asks who is signed in, loads the issues. Call once; what comes later
  // arrives by itself.
  void start();

  // What the platform's hooks report.
  void route_changed(const std::string& path_and_query);
  bool key_pressed(const Chord& chord);  // true: taken
  void begin_frame();                    // clock and surroundings; before the screens are drawn

  // Runs and applies what the screens put out, in order; after they are drawn.
  void apply(Outbox& outbox);
  void run(const Invocation& invocation);
  void change(const Change& change);

  const State& state() const { return state_; }

 private:
  void run_effect(const Effect& effect);
  void write(std::vector<Change> changes, const std::string& title);  // reduce, undo step, send
  void undo_last();
  void redo_last();
  void publish_undo();

  State state_;
  UndoStack undo_;
  Gateway gateway_;
  std::uint64_t next_step_ = 1;
};

}  // namespace dits::web
