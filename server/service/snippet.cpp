#include "server/service/snippet.hpp"

#include <algorithm>
#include <cstddef>

#include "shared/core/text.hpp"

namespace dits {

namespace {

constexpr std::size_t most_words = 24;
constexpr std::size_t most_looked_for = 32;  // of what is typed; each is compared with each word of the text

struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_ascii = true;
  bool is_found = false;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::vector<Word> words_in(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / 4);
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter(text[at])) {
      ++at;
      continue;
    }
    Word word;
    word.begin = at;
    for (; at < text.size() && is_letter(text[at]); ++at)
      word.is_ascii = word.is_ascii && static_cast<unsigned char>(text[at]) < 0x80;
    word.end = at;
    words.push_back(word);
  }
  return words;
}

// `folded` is the same when the capitals of `word`, which has ASCII letters alone, are made small.
bool equals_folded(std::string_view word, std::string_view folded) {
  return word.size() == folded.size() &&
         std::equal(word.begin(), word.end(), folded.begin(), [](char letter, char small) {
           return (letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter) == small;
         });
}

// A search cuts many texts: only words with letters beyond ASCII are folded one by one.
bool is_wanted(std::string_view text, const Word& word, const std::vector<std::string_view>& wanted) {
  const std::string_view letters = text.substr(word.begin, word.end - word.begin);
  if (!word.is_ascii) return std::ranges::find(wanted, fold_case(letters)) != wanted.end();
  return std::ranges::any_of(wanted, [&](std::string_view each) { return equals_folded(letters, each); });
}

// The place of the found word after which, within a snippet, most others follow.
std::size_t best_place(const std::vector<Word>& words) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!words[at].is_found) continue;
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = static_cast<std::size_t>(
        std::count_if(first,
                      first + static_cast<std::ptrdiff_t>(std::min(most_words, words.size() - at)),
                      [](const Word& word) { return word.is_found; }));
    if (count > most) {
      most = count;
      best = at;
    }
  }
  return best;
}

}  // namespace

std::string snippet_of(std::string_view text, const std::vector<std::string>& wanted) {
  std::vector<std::string_view> looked_for;
  for (const std::string& piece : wanted) {
    for (const Word& word : words_in(piece)) {
      if (looked_for.size() == most_looked_for) break;
      looked_for.push_back(std::string_view(piece).substr(word.begin, word.end - word.begin));
    }
  }
  std::vector<Word> words = words_in(text);
  if (words.empty()) return {};
  for (Word& word : words) word.is_found = is_wanted(text, word, looked_for);
  const std::size_t place = best_place(words);
  std::size_t last = place;
  for (std::size_t at = place; at < std::min(place + most_words, words.size()); ++at) {
    if (words[at].is_found) last = at;
  }
  const std::size_t spare = most_words - (last - place + 1);
  const std::size_t begin = place - std::min(place, spare / 2);
  const std::size_t end = std::min(begin + most_words, words.size());
  std::string snippet;
  std::size_t done = words[begin].begin;
  for (std::size_t at = begin; at < end; ++at) {
    if (!words[at].is_found) continue;
    snippet += text.substr(done, words[at].begin - done);
    snippet += '\x02';
    snippet += text.substr(words[at].begin, words[at].end - words[at].begin);
    snippet += '\x03';
    done = words[at].end;
  }
  return snippet += text.substr(done, words[end - 1].end - done);
}

}  // namespace dits
