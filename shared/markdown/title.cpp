#include "shared/markdown/title.hpp"

#include <algorithm>
#include <utility>

#include "shared/markdown/emoji.hpp"

namespace dits::markdown {

namespace {

struct Pieces {
  std::string_view title;
  std::vector<TitlePiece> all;

  void add(std::size_t begin, std::size_t end, bool is_code) {
    if (begin < end) all.push_back({begin, end, title.substr(begin, end - begin), is_code});
  }

  void add_words(std::size_t begin, std::size_t end) {
    const std::string_view words = title.substr(0, end);
    for (EmojiPlace emoji; find_emoji(words, begin, emoji); begin = emoji.end) {
      add(begin, emoji.begin, false);
      all.push_back({emoji.begin, emoji.end, emoji.character, false});
    }
    add(begin, end, false);
  }
};

std::size_t end_of_ticks(std::string_view title, std::size_t at) {
  return std::min(title.find_first_not_of('`', at), title.size());
}

// Where the next run of exactly so many backticks begins; npos when there is none.
std::size_t find_ticks(std::string_view title, std::size_t at, std::size_t count) {
  while ((at = title.find('`', at)) != std::string_view::npos) {
    const std::size_t end = end_of_ticks(title, at);
    if (end - at == count) return at;
    at = end;
  }
  return at;
}

}  // namespace

std::vector<TitlePiece> title_pieces(std::string_view title) {
  Pieces pieces{title, {}};
  std::size_t copied = 0;
  // Titles are short: so many runs that nothing ends are looked for, and no more.
  int searches_left = 64;
  for (std::size_t at = title.find('`'); at != std::string_view::npos; at = title.find('`', at)) {
    const std::size_t begin = end_of_ticks(title, at);
    const std::size_t end =
        searches_left-- > 0 ? find_ticks(title, begin, begin - at) : std::string_view::npos;
    if (end != std::string_view::npos) {
      pieces.add_words(copied, at);
      pieces.add(begin, end, true);
      copied = end + (begin - at);
    }
    at = end == std::string_view::npos ? begin : copied;
  }
  pieces.add_words(copied, title.size());
  return std::move(pieces.all);
}

}  // namespace dits::markdown
