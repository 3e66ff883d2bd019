// Fuzzy matching: the best way in which the letters of a pattern come one after the other in a text.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/text.hpp"
#include "web/commands/palette.hpp"

namespace dits::web {

namespace {

constexpr int word_start_points = 16;
constexpr int run_points = 10;
constexpr int letter_points = 1;
constexpr std::size_t longest_text = 160;  // letters that are looked at
constexpr std::size_t longest_pattern = 40;
constexpr int impossible = -1'000'000;

struct Letter {
  char32_t folded = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool starts_word = false;
};

bool is_separator(char32_t c) {
  return c == ' ' || c == '-' || c == '_' || c == ':' || c == '/' || c == '.' || c == ',' || c == '(' ||
         c == '#' || c == '"' || c == 0x203A;
}

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> letters;
  bool after_separator = true;
  for (std::size_t at = 0; at < text.size() && letters.size() < longest_text;) {
    Letter letter;
    letter.begin = at;
    const char32_t code_point = take_code_point(text, at);
    letter.end = at;
    letter.folded = fold_code_point(code_point);
    letter.starts_word = after_separator && !is_separator(code_point);
    after_separator = is_separator(code_point);
    letters.push_back(letter);
  }
  return letters;
}

// The next word of a folded text, taken off its front; empty at the end.
std::string_view take_word(std::string_view& text) {
  std::size_t begin = 0;
  std::size_t at = 0;
  while (at < text.size() && is_separator(take_code_point(text, at))) begin = at;
  std::size_t end = at = begin;
  while (at < text.size() && !is_separator(take_code_point(text, at))) end = at;
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

bool has_word_from(std::string_view text, std::string_view begin) {
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
    if (word.starts_with(begin)) return true;
  }
  return false;
}

}  // namespace

bool begins_words(std::string_view text, std::string_view pattern) {
  const std::string folded_text = fold_case(text);
  const std::string folded_pattern = fold_case(pattern);
  std::string_view rest = folded_pattern;
  std::string_view word = take_word(rest);
  if (word.empty()) return false;
  for (; !word.empty(); word = take_word(rest)) {
    if (!has_word_from(folded_text, word)) return false;
  }
  return true;
}

FuzzyMatch fuzzy_match(std::string_view text, std::string_view pattern) {
  std::vector<char32_t> wanted;
  for (std::size_t at = 0; at < pattern.size() && wanted.size() < longest_pattern;) {
    const char32_t code_point = fold_code_point(take_code_point(pattern, at));
    if (code_point != ' ') wanted.push_back(code_point);
  }
  FuzzyMatch match;
  if (wanted.empty()) {
    match.score = 1;
    return match;
  }
  const std::vector<Letter> letters = letters_of(text);
  const std::size_t width = letters.size();
  if (width < wanted.size()) return match;
  // A cheap look first: most texts do not have the letters at all.
  std::size_t found = 0;
  for (const Letter& letter : letters) {
    if (found < wanted.size() && letter.folded == wanted[found]) ++found;
  }
  if (found < wanted.size()) return match;

  // best[row][at]: the best score of the pattern up to `row` with its last letter on `at`; from[row][at]:
  // where the one before stands.
  std::vector<int> best(wanted.size() * width, impossible);
  std::vector<std::uint16_t> from(wanted.size() * width, 0);
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    int before = impossible;  // the best of the row above, left of `at`
    std::uint16_t before_at = 0;
    for (std::size_t at = row; at < width; ++at) {
      if (row > 0 && at > 0 && best[(row - 1) * width + at - 1] > before) {
        before = best[(row - 1) * width + at - 1];
        before_at = static_cast<std::uint16_t>(at - 1);
      }
      if (letters[at].folded != wanted[row]) continue;
      const int here = letter_points + (letters[at].starts_word ? word_start_points : 0);
      if (row == 0) {
        best[at] = here - static_cast<int>(std::min<std::size_t>(at, 8));
        continue;
      }
      const int in_run = best[(row - 1) * width + at - 1];
      int score = before == impossible ? impossible : before + here - 2;
      std::uint16_t source = before_at;
      if (in_run != impossible && in_run + here + run_points >= score) {
        score = in_run + here + run_points;
        source = static_cast<std::uint16_t>(at - 1);
      }
      best[row * width + at] = score;
      from[row * width + at] = source;
    }
  }
  const std::size_t last_row = (wanted.size() - 1) * width;
  const auto top = std::max_element(best.begin() + static_cast<std::ptrdiff_t>(last_row), best.end());
  if (*top == impossible) return match;
  // Shorter texts win among equals.
  match.score = std::max(1, *top * 4 - static_cast<int>(width) / 4);
  auto at = static_cast<std::size_t>(top - best.begin()) - last_row;
  for (std::size_t row = wanted.size(); row-- > 0;) {
    match.ranges.emplace_back(letters[at].begin, letters[at].end);
    at = from[row * width + at];
  }
  std::reverse(match.ranges.begin(), match.ranges.end());
  std::vector<MatchRange> joined;
  for (const MatchRange& range : match.ranges) {
    if (!joined.empty() && joined.back().second == range.first) {
      joined.back().second = range.second;
    } else {
      joined.push_back(range);
    }
  }
  match.ranges = std::move(joined);
  return match;
}

}  // namespace dits::web
