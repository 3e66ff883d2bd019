#include "web/widgets/text_runs.hpp"

#include <algorithm>

#include "imgui.h"
#include "imgui_internal.h"

namespace dits::widgets {

namespace {

// Longer ones of one direction are several pictures, parted at blanks.
constexpr std::size_t most_run_bytes = 96;

struct Character {
  char32_t code = 0;
  std::size_t size = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  unsigned int code = 0;
  const int size = ImTextCharFromUtf8(&code, text.data() + at, text.data() + text.size());
  return {static_cast<char32_t>(code), static_cast<std::size_t>(std::max(size, 1))};
}

bool is_between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_right_to_left(char32_t c) {
  return is_between(c, 0x590, 0x8FF) || is_between(c, 0xFB1D, 0xFDFF) || is_between(c, 0xFE70, 0xFEFE) ||
         is_between(c, 0x10800, 0x10FFF) || is_between(c, 0x1E800, 0x1EFFF);
}

bool is_regional(char32_t c) { return is_between(c, 0x1F1E6, 0x1F1FF); }

// What belongs to the character before it.
bool is_extension(char32_t c) {
  return is_between(c, 0x300, 0x36F) || is_between(c, 0x1AB0, 0x1AFF) || is_between(c, 0x1DC0, 0x1DFF) ||
         is_between(c, 0x20D0, 0x20FF) || is_between(c, 0xFE00, 0xFE0F) || is_between(c, 0xFE20, 0xFE2F) ||
         is_between(c, 0x1F3FB, 0x1F3FF) || is_between(c, 0xE0020, 0xE007F) || c == 0x200D;
}

// Scripts whose letters depend on their neighbours: of India and its neighbours to Mongolia, and single jamo.
bool is_dependent(char32_t c) {
  return is_between(c, 0x900, 0x109F) || is_between(c, 0x1100, 0x11FF) || is_between(c, 0x1700, 0x18AF) ||
         is_between(c, 0x1900, 0x1AAF) || is_between(c, 0xA800, 0xAADF) || is_right_to_left(c);
}

bool is_letter(char32_t c) {
  return is_between(c, 'A', 'Z') || is_between(c, 'a', 'z') || is_between(c, 0xC0, 0x58F) ||
         is_dependent(c) || is_between(c, 0x1E00, 0x1FFF) || is_between(c, 0x3040, 0xD7A3);
}

// What looks like one character to people, from `at` on.
std::size_t cluster_end(std::string_view text, std::size_t at) {
  Character c = character_at(text, at);
  std::size_t end = at + c.size;
  bool joins = false;
  bool may_pair = is_regional(c.code);
  while (end < text.size()) {
    c = character_at(text, end);
    const bool is_pair = may_pair && is_regional(c.code);
    if (!joins && !is_pair && !is_extension(c.code)) break;
    may_pair = may_pair && !is_pair;
    joins = c.code == 0x200D;
    end += c.size;
  }
  return end;
}

// Whether Dear ImGui would draw it wrongly.
bool needs_shaping(std::string_view text) {
  // Most texts have no such byte, and are not looked at more closely.
  const auto may_begin_one = [](char c) { return static_cast<unsigned char>(c) >= 0xCC; };
  if (std::none_of(text.begin(), text.end(), may_begin_one)) return false;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (is_extension(c.code) || is_dependent(c.code) || is_regional(c.code)) return true;
    at += c.size;
  }
  return false;
}

void append(std::vector<TextRun>& runs, std::string_view text, bool is_shaped) {
  if (!text.empty()) runs.push_back({text, is_shaped});
}

// May come out in colours of its own: a picture has them for all of it, or for nothing.
bool is_colorful(std::string_view cluster) {
  for (std::size_t at = 0; at < cluster.size();) {
    const Character c = character_at(cluster, at);
    if (c.code >= 0x1F000 || is_between(c.code, 0x2300, 0x2BFF) || c.code == 0xFE0F || c.code == 0x20E3)
      return true;
    at += c.size;
  }
  return false;
}

void append_right_to_left(std::vector<TextRun>& runs, std::string_view text) {
  while (text.size() > most_run_bytes) {
    std::size_t end = text.rfind(' ', most_run_bytes);
    if (end == std::string_view::npos || end == 0) end = cut_before(text, most_run_bytes);
    if (end == 0) break;
    append(runs, text.substr(0, end), true);
    text.remove_prefix(end);
  }
  append(runs, text, true);
}

// All of it, in pictures of no more than most_run_bytes where it has blanks; the last stands leftmost.
std::vector<TextRun> right_to_left_runs(std::string_view text) {
  std::vector<TextRun> runs;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = cluster_end(text, at);
    if (is_colorful(text.substr(at, end - at))) {
      append_right_to_left(runs, text.substr(begin, at - begin));
      append(runs, text.substr(at, end - at), true);
      begin = end;
    }
    at = end;
  }
  append_right_to_left(runs, text.substr(begin));
  std::reverse(runs.begin(), runs.end());
  return runs;
}

// 0: there is none.
char32_t first_letter(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    if (is_letter(c.code)) return c.code;
    at += c.size;
  }
  return 0;
}

// Words of letters that depend on each other, those that go from right to left with the blanks between them.
std::size_t dependent_end(std::string_view text, std::size_t at) {
  const bool is_backwards = is_right_to_left(character_at(text, at).code);
  std::size_t end = at;
  std::size_t next = at;
  while (next < text.size() && next - at < most_run_bytes) {
    const Character c = character_at(text, next);
    const bool is_same = is_dependent(c.code) && is_right_to_left(c.code) == is_backwards;
    const bool is_neutral = is_backwards && !is_letter(c.code) && c.code < 0x2000;
    if (!is_same && !is_extension(c.code) && !is_neutral && c.code != 0x200C) break;
    next += c.size;
    if (!is_neutral) end = next;
  }
  return end;
}

}  // namespace

bool begins_right_to_left(std::string_view text) {
  const char32_t letter = first_letter(text);
  return letter != 0 && is_right_to_left(letter);
}

bool has_letters(std::string_view text) { return first_letter(text) != 0; }

std::size_t cut_before(std::string_view text, std::size_t at) {
  std::size_t last = 0;
  for (std::size_t end = 0; end < std::min(at, text.size());) {
    end = cluster_end(text, end);
    if (end <= at) last = end;
  }
  return last;
}

std::vector<TextRun> text_runs(std::string_view text) {
  if (!needs_shaping(text)) return {};
  if (begins_right_to_left(text)) return right_to_left_runs(text);
  std::vector<TextRun> runs;
  std::size_t plain = 0;  // where what goes character by character begins
  for (std::size_t at = 0; at < text.size();) {
    const Character first = character_at(text, at);
    const std::size_t cluster = cluster_end(text, at);
    const bool is_run = is_dependent(first.code) || cluster > at + first.size;
    const std::size_t end = is_dependent(first.code) ? std::max(dependent_end(text, at), cluster) : cluster;
    if (is_run) {
      append(runs, text.substr(plain, at - plain), false);
      append(runs, text.substr(at, end - at), true);
      plain = end;
    }
    at = end;
  }
  append(runs, text.substr(plain), false);
  return runs;
}

}  // namespace dits::widgets
