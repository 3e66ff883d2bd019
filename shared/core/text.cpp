#include "shared/core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "shared/core/invisible.hpp"
#include "shared/core/lower_case.hpp"

namespace dits {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Length of the sequence that starts at `at`, or 0 when it is not well-formed (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t offset = 1; offset < length; ++offset) {
    if (!is_continuation(text[at + offset])) return 0;
  }
  const unsigned second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogates
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
  return length;
}

}  // namespace

bool is_storable_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0 || text[at] == '\0') return false;
    at += length;
  }
  return true;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if (!is_continuation(c)) ++count;
  }
  return count;
}

char32_t take_code_point(std::string_view text, std::size_t& at) {
  const std::size_t length = sequence_length(text, at);
  if (length == 0) {
    ++at;
    return 0xFFFD;
  }
  const auto byte = [&](std::size_t offset) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + offset]));
  };
  char32_t code_point = byte(0);
  if (length == 2) code_point = (code_point & 0x1FU) << 6U | (byte(1) & 0x3FU);
  if (length == 3) code_point = (code_point & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  if (length == 4) {
    code_point =
        (code_point & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
  }
  at += length;
  return code_point;
}

void append_code_point(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | code_point >> 6U);
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | code_point >> 12U);
    put(0x80U | (code_point >> 6U & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | code_point >> 18U);
    put(0x80U | (code_point >> 12U & 0x3FU));
    put(0x80U | (code_point >> 6U & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

char32_t fold_code_point(char32_t code_point) {
  if (code_point < 0x80) return code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
  const auto* range = std::upper_bound(
      std::begin(lower_case_ranges),
      std::end(lower_case_ranges),
      code_point,
      [](char32_t wanted, const LowerCaseRange& candidate) { return wanted < candidate.first; });
  if (range == std::begin(lower_case_ranges)) return code_point;
  --range;
  if (code_point > range->last || (code_point - range->first) % range->stride != 0) return code_point;
  return static_cast<char32_t>(static_cast<std::int64_t>(code_point) + range->delta);
}

Capitals capitals_of(std::string_view folded) {
  std::vector<char32_t> letters;
  for (std::size_t at = 0; at < folded.size();) letters.push_back(take_code_point(folded, at));
  std::sort(letters.begin(), letters.end());
  letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
  Capitals found;
  for (const LowerCaseRange& range : lower_case_ranges) {
    const auto lower = [&](char32_t capital) {
      return static_cast<char32_t>(static_cast<std::int64_t>(capital) + range.delta);
    };
    auto letter = std::lower_bound(letters.begin(), letters.end(), lower(range.first));
    for (; letter != letters.end() && *letter <= lower(range.last); ++letter) {
      const auto capital = static_cast<char32_t>(static_cast<std::int64_t>(*letter) - range.delta);
      if (fold_code_point(capital) != *letter) continue;  // between the strides
      append_code_point(found.capitals, capital);
      append_code_point(found.folded, *letter);
    }
  }
  return found;
}

std::string fold_case(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      folded += static_cast<char>(fold_code_point(static_cast<unsigned char>(text[at++])));
    } else {
      append_code_point(folded, fold_code_point(take_code_point(text, at)));
    }
  }
  return folded;
}

bool is_visible(char32_t code_point) {
  const auto* range = std::partition_point(
      std::begin(invisible_ranges), std::end(invisible_ranges), [=](const InvisibleRange& candidate) {
        return candidate.last < code_point;
      });
  return range == std::end(invisible_ranges) || code_point < range->first;
}

bool is_visible(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_visible(take_code_point(text, at))) return true;
  }
  return false;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view white = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

bool matches_wildcard(std::string_view text, std::string_view pattern) {
  // Greedy with one point to fall back to: linear for one '*', text × pattern at worst.
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace dits
