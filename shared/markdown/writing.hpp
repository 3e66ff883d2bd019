// What a stroke of the keyboard does to a Markdown text beside writing its own character: lists go on by
// themselves, selected words are set in bold, a pasted address becomes a link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dits::markdown {

enum class Stroke : std::uint8_t {
  line_break,  // Enter
  indent,      // Tab
  outdent,     // Shift Tab
  paste,       // of one line
  bold,
  emphasis,
  code,
  link,
  list,
  check_list,
  quote
};

struct Selection {  // bytes; the caret where both are the same
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Edit {
  Selection place;  // what is replaced
  std::string text;
  Selection after;  // in the text as it is then
};

// Nothing: the stroke does what it does in any text. An item of a list or quote is followed by the next one,
// an empty one ends it; Tab and Shift Tab move items and what is selected over several lines; an address
// pasted over words makes them a link. The others take back what they did when they are done again. Within
// code blocks lines are lines.
std::optional<Edit> edit_for(Stroke stroke,
                             std::string_view text,
                             Selection selection,
                             std::string_view pasted = {});

// A sign that calls for choices, with what was typed behind it up to the caret: #12 and @fri begin a word,
// :smi too, /tab a line.
struct TypedSign {
  char sign = 0;  // # @ : /
  std::size_t begin = 0;
  std::string typed;
};
std::optional<TypedSign> sign_before(std::string_view text, std::size_t caret);

// Length of a text in UTF-16, as browsers count.
std::size_t utf16_length(std::string_view text);

}  // namespace dits::markdown
