#include "shared/markdown/links.hpp"

#include <algorithm>

#include "shared/core/text.hpp"

namespace dits::markdown {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word_character(char32_t c) {
  if (c < 0x80)
    return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'_';
  constexpr char32_t multiplication = 0xD7;
  constexpr char32_t division = 0xF7;
  constexpr char32_t first_letter = 0xC0;         // before it stand the signs of Latin 1
  constexpr char32_t first_punctuation = 0x2000;  // and behind it symbols, and writing without blanks
  return c >= first_letter && c < first_punctuation && c != multiplication && c != division;
}

// Length of the mention that begins at `at`, where a # stands; 0 when it is none.
std::size_t mention_length(std::string_view text, std::size_t at) {
  constexpr std::size_t max_digits = 9;
  if (at > 0 &&
      (is_word_before(text, at) || text[at - 1] == '/' || text[at - 1] == '&' || text[at - 1] == '#'))
    return 0;
  std::size_t end = at + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t digits = end - at - 1;
  const bool is_cut = is_word_at(text, end);
  if (digits == 0 || digits > max_digits || text[at + 1] == '0' || is_cut) return 0;
  return end - at;
}

}  // namespace

bool is_word_at(std::string_view text, std::size_t at) {
  return at < text.size() && is_word_character(take_code_point(text, at));
}

bool is_word_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
  return is_word_character(take_code_point(text, begin));
}

bool is_safe_link(std::string_view address) {
  const bool has_bad_character = std::any_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
  });
  if (address.empty() || has_bad_character || address.substr(0, 2) == "//") return false;
  if (address.front() == '/') return true;
  const std::size_t end_of_scheme = address.find_first_of(":/?#");
  if (end_of_scheme == std::string_view::npos || address[end_of_scheme] != ':') return false;
  const std::string scheme = fold_case(address.substr(0, end_of_scheme));
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

void append_with_mentions(std::vector<Span>& spans, const Span& span) {
  const std::string_view text = span.text;
  // Without the text, which may be long and must not be copied for every piece.
  const Span style = {span.kind,
                      span.is_bold,
                      span.is_italic,
                      span.is_struck,
                      span.is_code,
                      span.is_raised,
                      span.is_lowered,
                      {},
                      span.target,
                      span.number};
  std::size_t copied = 0;
  const auto copy_until = [&](std::size_t end) {
    if (end == copied) return;
    Span piece = style;
    piece.text = std::string(text.substr(copied, end - copied));
    spans.push_back(std::move(piece));
  };
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    const std::size_t length = mention_length(text, at);
    if (length == 0) continue;
    copy_until(at);
    Span mention = style;
    mention.kind = SpanKind::mention;
    mention.text = std::string(text.substr(at, length));
    for (const char digit : text.substr(at + 1, length - 1))
      mention.number = mention.number * 10 + (digit - '0');
    spans.push_back(std::move(mention));
    copied = at + length;
  }
  copy_until(text.size());
}

}  // namespace dits::markdown
