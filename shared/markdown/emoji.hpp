// :smile: and its like: the names under which characters are offered while somebody types, and drawn.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dits::markdown {

struct Emoji {
  std::string_view name;
  std::string_view character;
};

// Each time the next one, by name, from what `rest` is left of all_emoji; false at the end.
std::string_view all_emoji();
bool take_emoji(std::string_view& rest, Emoji& emoji);

// A name between colons, with them, that stands for a character.
struct EmojiPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view character;
};
// The first one from `at` on; false when there is none.
bool find_emoji(std::string_view text, std::size_t at, EmojiPlace& found);

// The text with characters instead of the names that it holds between colons. Linear in it.
std::string with_emoji(std::string_view text);

}  // namespace dits::markdown
