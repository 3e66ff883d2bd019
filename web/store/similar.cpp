#include "web/store/similar.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "shared/core/text.hpp"

namespace dits::web {

namespace {

constexpr std::size_t shortest_word = 3;  // bytes
constexpr std::size_t most_words = 32;    // of a title that is looked for

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Takes the next word that counts off a folded text; empty at its end.
std::string_view take_word(std::string_view& text) {
  while (!text.empty()) {
    const auto begin = std::find_if(text.begin(), text.end(), is_of_word);
    const auto end = std::find_if_not(begin, text.end(), is_of_word);
    const auto at = static_cast<std::size_t>(begin - text.begin());
    const std::string_view word = text.substr(at, static_cast<std::size_t>(end - begin));
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    if (word.size() >= shortest_word) return word;
  }
  return {};
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view word = take_word(text); !word.empty() && words.size() < most_words;
       word = take_word(text)) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

// From 0 to 1: how much of both titles is in the other.
float likeness(const std::vector<std::string_view>& words, std::string_view title) {
  std::uint32_t shared = 0;  // a bit for each word
  std::size_t count = 0;
  for (std::string_view word = take_word(title); !word.empty(); word = take_word(title)) {
    ++count;
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end()) shared |= std::uint32_t{1} << static_cast<unsigned>(found - words.begin());
  }
  std::size_t both = 0;
  for (; shared != 0; shared &= shared - 1) ++both;
  return 2 * static_cast<float>(both) / static_cast<float>(words.size() + count);
}

}  // namespace

std::vector<Slot> similar_issues(const State& state, std::string_view title, std::size_t most) {
  constexpr float least = 0.6f;
  const std::string folded = fold_case(std::string(title));
  const std::vector<std::string_view> words = words_of(folded);
  if (words.empty()) return {};
  std::vector<std::tuple<bool, float, Slot>> found;  // so that the greatest are the first
  for (Slot slot = 0; slot < state.entities.issues.size(); ++slot) {
    const Issue& issue = state.entities.issues[slot];
    if (!issue.id.is_set() || issue.deleted_at) continue;
    const IssueFacts& facts = state.entities.facts[slot];
    const float alike = likeness(words, facts.folded_title);
    if (alike >= least) found.emplace_back(!facts.is_closed, alike, slot);
  }
  std::sort(found.rbegin(), found.rend());
  std::vector<Slot> slots;
  for (const auto& each : found) {
    if (slots.size() < most) slots.push_back(std::get<2>(each));
  }
  return slots;
}

}  // namespace dits::web
