// Titles: plain text, but for code between backticks and the names of emoji.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace dits::markdown {

// Words, code, or the character of an emoji.
struct TitlePiece {
  std::size_t begin = 0;  // bytes of the title: of code without its backticks, of an emoji with its colons
  std::size_t end = 0;
  std::string_view text;  // what is drawn: these bytes, or the character; lives as long as the title
  bool is_code = false;
};

// In order; what lies between them is not drawn. As many backticks as begin code end it; those that nothing
// ends are text. Linear in the title.
std::vector<TitlePiece> title_pieces(std::string_view title);

}  // namespace dits::markdown
