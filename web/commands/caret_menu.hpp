// Choices at the caret of a text that is being written: issues behind #, days behind @, emoji behind :,
// blocks behind / at the begin of a line. The text keeps the keyboard: what is typed goes into it and filters
// the rows; Enter and Tab take one, Esc puts the rows away until another sign is typed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/commands/palette.hpp"

namespace dits::web {

struct CaretRow {
  std::string text;
  std::string detail;  // at the right
  std::vector<MatchRange> matches;
  std::string icon;      // Lucide's name, or
  std::string emoji;     // the character itself, or
  Slot slot = no_slot;   // the ring and number
  std::string written;   // takes the place of the sign and what was typed behind it
  std::size_t back = 0;  // so many characters before its end stands the caret then (ASCII)
};

// The rows for what was typed behind the sign; at most 8.
std::vector<CaretRow> caret_rows(const State& state, const CaretMenu& menu);

// The menu that the text calls for with the caret here: closed when no sign does, no row fits, or it was put
// away at this sign.
CaretMenu caret_menu_for(const State& state, std::string_view text, std::size_t caret);

Plan plan_caret_step(const State& state, const Invocation& invocation, int step);
// The row under the cursor, or the one whose number is given.
Plan plan_caret_take(const State& state, const Invocation& invocation);
Plan plan_caret_close(const State& state, const Invocation& invocation);

}  // namespace dits::web
