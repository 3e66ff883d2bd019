// Text in pieces that can be drawn: characters one by one, as Dear ImGui draws them, and runs that only the
// browser can (letters that join, stack or go from right to left, emoji of several characters).
#pragma once

#include <string_view>
#include <vector>

namespace dits::widgets {

struct TextRun {
  std::string_view text;
  bool is_shaped = false;  // goes to the browser as one picture
};

// In the order in which they stand from left to right. Empty where all of it goes character by character.
std::vector<TextRun> text_runs(std::string_view text);

// Whether the first letter that has a direction goes from right to left.
bool begins_right_to_left(std::string_view text);

bool has_letters(std::string_view text);

// Where `text` may be cut at or before this byte without parting what belongs together.
std::size_t cut_before(std::string_view text, std::size_t at);

}  // namespace dits::widgets
