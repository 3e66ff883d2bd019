// A word is a run of letters and digits with single signs between them, so that versions, addresses and paths
// are one. What belongs to a run hangs on each character and its neighbours alone: a piece of a text that is
// such a run lies within one of the text's. Scripts without spaces are taken in pairs of characters, and very
// long runs in overlapping pieces.
#include "server/cache/issue_words.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dits {
namespace {

constexpr std::size_t longest_part = 32;
constexpr std::size_t longest_word = 2 * longest_part;  // overlapping by half, so that any part is in one
constexpr std::size_t most_parts = 8;
// Beside its letters, of a word while they are collected: its place, its node, what the allocator adds.
constexpr std::size_t place_bytes = 128;

enum class Kind : std::uint8_t { gap, letter, joiner, ideograph };

struct Sign {
  Kind kind;
  std::size_t length;  // bytes
};

Sign sign_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    const bool is_letter = (first >= 'a' && first <= 'z') || (first >= '0' && first <= '9');
    if (is_letter) return {Kind::letter, 1};
    constexpr std::string_view joiners = "-._/:@#+=&%~'";
    return {joiners.find(text[at]) != std::string_view::npos ? Kind::joiner : Kind::gap, 1};
  }
  const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  const std::size_t length = std::min(wanted, text.size() - at);
  const unsigned second = length < 2 ? 0U : static_cast<unsigned char>(text[at + 1]);
  const bool is_gap = first == 0xC2 ||                                          // U+0080 to U+00BF
                      (first == 0xE2 && (second == 0x80 || second == 0x81)) ||  // U+2000 to U+207F
                      (first == 0xE3 && second == 0x80);                        // U+3000 to U+303F
  if (is_gap) return {Kind::gap, length};
  return {first >= 0xE3 && first <= 0xED ? Kind::ideograph : Kind::letter, length};
}

// take(run, kind) for each run of letters or of ideographs.
template <typename Take>
void for_each_run(std::string_view text, Take take) {
  for (std::size_t at = 0; at < text.size();) {
    const Sign first = sign_at(text, at);
    std::size_t end = at + first.length;
    if (first.kind == Kind::gap || first.kind == Kind::joiner) {
      at = end;
      continue;
    }
    while (end < text.size()) {
      const Sign next = sign_at(text, end);
      const std::size_t behind = end + next.length;
      const bool joins = first.kind == Kind::letter && next.kind == Kind::joiner && behind < text.size() &&
                         sign_at(text, behind).kind == Kind::letter;
      if (next.kind != first.kind && !joins) break;
      end = behind;
    }
    take(text.substr(at, end - at), first.kind);
    at = end;
  }
}

// take(pair) for each two neighbours of a run of ideographs; a single one is taken alone.
template <typename Take>
void for_each_pair(std::string_view run, Take take) {
  std::size_t at = 0;
  std::size_t middle = sign_at(run, 0).length;
  if (middle == run.size()) take(run);
  while (middle < run.size()) {
    const std::size_t end = middle + sign_at(run, middle).length;
    take(run.substr(at, end - at));
    at = middle;
    middle = end;
  }
}

template <typename Take>
void for_each_word(std::string_view text, Take take) {
  for_each_run(text, [&](std::string_view run, Kind kind) {
    if (kind == Kind::ideograph) return for_each_pair(run, take);
    for (; run.size() > longest_word; run.remove_prefix(longest_part)) take(run.substr(0, longest_word));
    take(run);
  });
}

void append_difference(std::string& out, std::int64_t difference) {
  auto rest = static_cast<std::uint64_t>(difference);
  for (; rest >= 0x80; rest >>= 7U) out += static_cast<char>(0x80U | (rest & 0x7FU));
  out += static_cast<char>(rest);
}

void append_numbers(std::vector<std::int64_t>& out, std::string_view differences) {
  std::int64_t number = 0;
  std::uint64_t difference = 0;
  unsigned shift = 0;
  for (const char c : differences) {
    const auto byte = static_cast<unsigned char>(c);
    difference |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    shift += 7;
    if (byte >= 0x80) continue;
    number += static_cast<std::int64_t>(difference);
    out.push_back(number);
    difference = 0;
    shift = 0;
  }
}

void sort_once(std::vector<std::int64_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

using Found = std::optional<std::vector<std::int64_t>>;

Found find_part(const UserWords& words, std::string_view part) {
  std::vector<std::int64_t> all;
  for (const auto& layer : words.layers) {
    const Found found = layer->find(part, words.most);
    if (!found) return std::nullopt;
    all.insert(all.end(), found->begin(), found->end());
  }
  sort_once(all);
  if (all.size() > words.most) return std::nullopt;
  return all;
}

// Those that are in both, when both are known.
void keep_common(Found& known, Found found) {
  if (!found) return;
  if (!known) {
    known = std::move(found);
    return;
  }
  std::vector<std::int64_t> common;
  std::set_intersection(
      known->begin(), known->end(), found->begin(), found->end(), std::back_inserter(common));
  known = std::move(common);
}

}  // namespace

std::vector<std::string> word_parts(std::string_view folded) {
  std::vector<std::string> parts;
  for_each_run(folded, [&](std::string_view run, Kind kind) {
    if (kind == Kind::ideograph)
      return for_each_pair(run, [&](std::string_view pair) { parts.emplace_back(pair); });
    parts.emplace_back(run.substr(0, longest_part));
    if (run.size() > longest_part) parts.emplace_back(run.substr(run.size() - longest_part));
  });
  return parts;
}

std::vector<std::string> word_parts(const query::TextPattern& pattern) {
  std::vector<std::string> parts;
  std::string_view rest = pattern.folded;
  while (!rest.empty()) {
    const std::size_t end = pattern.has_wildcard ? std::min(rest.find('*'), rest.size()) : rest.size();
    for (std::string& part : word_parts(rest.substr(0, end))) parts.push_back(std::move(part));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::stable_sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
    return a.size() > b.size();
  });
  if (parts.size() > most_parts) parts.resize(most_parts);
  return parts;
}

std::optional<std::vector<std::int64_t>> IssueWords::find(std::string_view part, std::size_t most) const {
  std::vector<std::int64_t> found;
  for (std::size_t at = words_.find(part); at != std::string::npos;) {
    const auto next = std::upper_bound(word_begins_.begin(), word_begins_.end(), at);
    const auto word = static_cast<std::size_t>(next - word_begins_.begin()) - 1;
    const std::size_t begin = number_begins_[word];
    const std::size_t end = number_begins_[word + 1];
    if (begin == end) return std::nullopt;
    append_numbers(found, std::string_view(numbers_).substr(begin, end - begin));
    if (found.size() > 2 * most) return std::nullopt;
    if (next == word_begins_.end()) break;
    at = words_.find(part, *next);
  }
  sort_once(found);
  if (found.size() > most) return std::nullopt;
  return found;
}

std::size_t IssueWords::bytes() const {
  return sizeof *this + words_.capacity() + numbers_.capacity() +
         (word_begins_.capacity() + number_begins_.capacity()) * sizeof(std::uint32_t);
}

void IssueWordsBuilder::add(std::int64_t number, std::string_view folded) {
  if (number != number_) ++issue_count_;
  number_ = number;
  for_each_word(folded, [this](std::string_view word) { add_word(word); });
}

void IssueWordsBuilder::add_word(std::string_view word) {
  auto found = places_.find(word);
  if (found == places_.end()) {
    found = places_.emplace(std::string(word), Place()).first;
    bytes_ += place_bytes + word.size();
  }
  Place& place = found->second;
  if (place.last == number_ || place.count > most_) return;
  if (++place.count > most_) {
    bytes_ -= place.numbers.size();
    place.numbers = std::string();
    return;
  }
  const std::size_t before = place.numbers.size();
  append_difference(place.numbers, number_ - place.last);
  bytes_ += place.numbers.size() - before;
  place.last = number_;
}

IssueWords IssueWordsBuilder::finish() {
  IssueWords words;
  words.issue_count_ = issue_count_;
  std::size_t letters = 0;
  std::size_t numbers = 0;
  for (const auto& [word, place] : places_) {
    letters += word.size() + 1;
    numbers += place.numbers.size();
  }
  words.words_.reserve(letters);
  words.numbers_.reserve(numbers);
  words.word_begins_.reserve(places_.size());
  words.number_begins_.reserve(places_.size() + 1);
  while (!places_.empty()) {
    const auto each = places_.extract(places_.begin());
    words.word_begins_.push_back(static_cast<std::uint32_t>(words.words_.size()));
    words.number_begins_.push_back(static_cast<std::uint32_t>(words.numbers_.size()));
    words.words_ += each.key();
    words.words_ += '\0';
    words.numbers_ += each.mapped().numbers;
  }
  words.number_begins_.push_back(static_cast<std::uint32_t>(words.numbers_.size()));
  return words;
}

std::optional<std::vector<std::int64_t>> UserWords::find(const query::TextPattern& pattern) const {
  Found found;
  for (const std::string& part : word_parts(pattern)) keep_common(found, find_part(*this, part));
  return found;
}

std::optional<std::vector<std::int64_t>> UserWords::find(const query::PlanNode& node) const {
  using Kind = query::PlanNode::Kind;
  if (node.kind == Kind::test)
    return node.test.kind == query::TestKind::text ? find(node.test.text) : std::nullopt;
  if (node.kind == Kind::negation) return std::nullopt;
  Found found;
  if (node.kind == Kind::all) {
    for (const query::PlanNode& child : node.children) keep_common(found, find(child));
    return found;
  }
  found.emplace();
  for (const query::PlanNode& child : node.children) {
    const Found more = find(child);
    if (!more) return std::nullopt;
    found->insert(found->end(), more->begin(), more->end());
  }
  sort_once(*found);
  if (found->size() > most) return std::nullopt;
  return found;
}

std::size_t UserWords::bytes() const {
  std::size_t bytes = sizeof *this + log.capacity();
  for (const auto& layer : layers) bytes += layer->bytes() + sizeof layer;
  return bytes;
}

}  // namespace dits
