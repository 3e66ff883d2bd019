// The desk: state, undo stack and connection in one place, and the one path by which anything changes. The
// app owns one, hands it what the platform reports, gives its state to the screens and brings back their
// outbox.
#pragma once

#include <string>
#include <vector>

#include "web/api/gateway.hpp"
#include "web/commands/command.hpp"
#include "web/commands/keymap.hpp"
#include "web/store/state.hpp"
#include "web/store/undo.hpp"

namespace dits::web {

class Desk : private GatewayListener {
 public:
  explicit Desk(Platform& platform);
  ~Desk() override = default;
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Reads what the browser keeps, asks who is signed in, loads the issues. Call once; what comes later
  // arrives by itself.
  void start();

  // What the platform's hooks report.
  void route_changed(const std::string& path_and_query);
  bool key_pressed(const Chord& chord);  // true: taken
  void file_given(const GivenFile& file);
  void leaving();      // the tab goes into the background, or away
  void begin_frame();  // clock and surroundings; before the screens are drawn

  // Runs and applies what the screens put out, in order; after they are drawn.
  void apply(Outbox& outbox);
  void run(const Invocation& invocation);
  void change(const Change& change);

  const State& state() const { return state_; }

 private:
  void arrived(const std::vector<Change>& changes) override;
  void confirmed(std::uint64_t undo_token, std::int64_t change_id) override;
  void refused(const std::vector<std::uint64_t>& undo_tokens) override;
  void undo_refused(const std::string& title, const std::vector<std::int64_t>& change_ids) override;
  void found_undo(const std::string& text) override;
  void gone_for_ever(const Uuid& id) override;

  void run_plan(const Plan& plan);
  void run_effect(const Effect& effect);
  struct Written {
    std::vector<Change> inverse;  // undoes the changes, in order
    std::vector<Uuid> entities;   // that they are about
  };
  // Reduces the changes and sends them.
  Written write(const std::vector<Change>& changes, const std::string& title, std::uint64_t token);
  void undo_last();
  void redo_last();
  void put_in_place_of(const std::string& placeholder, const std::string& text);
  void settle_conflict(IssueId id, bool keeps_mine);
  void save_preferences();
  void complain(const std::string& sentence);
  void show_undo_toast(const std::string& title, bool can_undo);
  void publish_undo();
  void follow();  // what has to be loaded, what the address bar shows
  void open_new_issue();
  // The query that was typed and the day that was gone to.
  void write_address();
  bool has_other_query() const;
  bool address_lags() const;

  State state_;
  UndoStack undo_;
  Gateway gateway_;
  std::uint64_t next_token_ = 1;
  std::size_t run_depth_ = 0;  // a command that runs a command
  std::string own_url_;        // that the desk itself wrote into the address bar
  bool url_is_due_ = false;
  Screen loaded_screen_ = Screen::inbox;
  std::uint32_t seen_toasts_ = 1;
};

}  // namespace dits::web
