// Keys to commands: a state machine over the command table. It holds no state: what was pressed so far is
// State::pending.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/commands/command.hpp"

namespace dits::web {

// A key as the platform saw it.
struct Chord {
  std::string key;       // the produced character ("p", "P", "?", " ") or "Enter", "Escape", "ArrowDown",
                         // "Backspace", "Delete", "Tab", …
  std::string code;      // the physical key, "KeyP": used when `key` is not Latin
  bool control = false;  // Ctrl, or Cmd on macOS
  bool shift = false;
  bool alt = false;
  bool in_text = false;  // a text field has the caret: plain characters are its own
};

// The table's name of a chord: "p", "P", "Ctrl Shift Z", "Alt ↓", "Enter", "Space", "Esc". Empty for a lone
// modifier.
std::string chord_name(const Chord& chord);

struct KeyAnswer {
  bool is_taken = false;                 // the page must not act on it
  std::optional<Invocation> invocation;  // run this
  std::vector<Change> changes;           // pending keys, closing of popups
};

// What a key means now. Text fields get what it does not take.
KeyAnswer answer_key(const State& state, const Chord& chord);

// The scopes whose keys are live, narrowest first.
std::vector<Scope> live_scopes(const State& state);

struct WhichKeyRow {
  std::string key;  // the next key: "h"
  const Command* command = nullptr;
  bool is_current = false;  // the value that the issue has now
};
// What may follow the pending keys; empty when none are pending.
std::vector<WhichKeyRow> which_key_rows(const State& state);
// 200 ms after the prefix.
bool shows_which_key(const State& state);

struct KeyHint {
  std::vector<std::string> caps;
  std::string text;
  std::string command;  // empty: for the eye only
};
// The 4 to 6 keys that matter here, for the middle of the mode line.
std::vector<KeyHint> mode_line_hints(const State& state, bool is_mac);

struct HelpSection {
  Scope scope = Scope::global;
  std::vector<const Command*> commands;
};
// For `?`: what is live on this screen comes first.
std::vector<HelpSection> keyboard_help(const State& state);

}  // namespace dits::web
