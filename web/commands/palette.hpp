// The palette's rows: commands, issues and places that fit what was typed, the best first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/commands/command.hpp"

namespace dits::web {

// Bytes [first, second) of a text that matched.
using MatchRange = std::pair<std::size_t, std::size_t>;

struct FuzzyMatch {
  int score = 0;  // 0: no match; word starts count most, then runs of letters, then short texts
  std::vector<MatchRange> ranges;
};
// Do the letters of `pattern` come in `text` in this order? Both as typed; case and accents of letters are
// folded.
FuzzyMatch fuzzy_match(std::string_view text, std::string_view pattern);

// Does each word of `pattern` begin a word of `text`, in any order? Case and accents are folded. An empty
// pattern begins nothing.
bool begins_words(std::string_view text, std::string_view pattern);

struct PaletteRow {
  enum class Kind : std::uint8_t { command, issue, place, argument, create } kind = Kind::command;
  std::string text;
  std::string detail;  // at the right: the issue's project
  std::vector<MatchRange> matches;
  const Command* command = nullptr;
  std::string icon;
  Slot slot = no_slot;          // issues: ring and id
  Invocation invocation;        // what Enter does
  bool takes_argument = false;  // Tab asks for it first
};
struct PaletteSection {
  std::string title;  // "On #128", "Issues", "Go to"
  std::vector<PaletteRow> rows;
};
struct PaletteAnswer {
  std::vector<PaletteSection> sections;
  std::size_t shown = 0;       // rows in all sections
  std::size_t considered = 0;  // "8 of 214"
  std::string target;          // "#128" or "3 selected", at the right of the input
};
// At most 50 rows. `>` commands, `#` issues, `/` query, `@` projects and areas, `?` help as first character.
PaletteAnswer palette_answer(const State& state);
// The row under the palette's cursor; nullptr: none.
const PaletteRow* palette_row(const PaletteAnswer& answer, std::size_t cursor);

}  // namespace dits::web
