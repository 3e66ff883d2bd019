#include "shared/query/signs.hpp"

#include "shared/core/text.hpp"

namespace dits::query {

namespace {

struct SignForms {
  char plain;
  std::u32string_view forms;
  bool has_equals = false;
};
constexpr SignForms sign_forms[] = {{'"', U"\u201C\u201D\u201E\u201F\u00AB\u00BB\uFF02"},
                                    {'\'', U"\u2018\u2019\u201A\u201B\u2039\u203A\uFF07"},
                                    {'-', U"\u2010\u2011\u2012\u2013\u2014\u2212\uFE63\uFF0D"},
                                    {'+', U"\uFE62\uFF0B"},
                                    {':', U"\uFE55\uFF1A"},
                                    {',', U"\u3001\uFE50\uFF0C"},
                                    {'(', U"\uFF08"},
                                    {')', U"\uFF09"},
                                    {'<', U"\uFF1C"},
                                    {'=', U"\uFF1D"},
                                    {'>', U"\uFF1E"},
                                    {'<', U"\u2264\u2266", true},
                                    {'>', U"\u2265\u2267", true},
                                    {'*', U"\uFE61\uFF0A"},
                                    {'#', U"\uFE5F\uFF03"},
                                    {'!', U"\uFE57\uFF01"},
                                    {'@', U"\uFE6B\uFF20"}};

bool is_mark(char32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x180E || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F);
}

bool is_wide_space(char32_t c) {
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// Takes what `length_at` knows off both ends.
std::string_view without_outer(std::string_view text,
                               std::size_t (*length_at)(std::string_view, std::size_t)) {
  while (!text.empty() && length_at(text, 0) != 0) text.remove_prefix(length_at(text, 0));
  for (std::size_t length = 1; length <= 3;) {
    if (text.size() >= length && length_at(text, text.size() - length) == length) {
      text.remove_suffix(length);
      length = 1;
    } else {
      ++length;
    }
  }
  return text;
}

}  // namespace

Sign sign_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {'\0', 0};
  if (static_cast<unsigned char>(text[at]) < 0x80) return {text[at], 1};
  const std::size_t begin = at;
  const char32_t c = take_code_point(text, at);
  for (const SignForms& sign : sign_forms) {
    if (sign.forms.find(c) != std::u32string_view::npos) return {sign.plain, at - begin, sign.has_equals};
  }
  return {'\0', at - begin};
}

char plain_at(std::string_view text, std::size_t at) { return sign_at(text, at).plain; }

std::size_t space_length(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (static_cast<unsigned char>(c) < 0x80) return c == ' ' || (c >= '\t' && c <= '\r') ? 1 : 0;
  const std::size_t begin = at;
  return is_wide_space(take_code_point(text, at)) ? at - begin : 0;
}

std::size_t mark_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || static_cast<unsigned char>(text[at]) < 0x80) return 0;
  const std::size_t begin = at;
  return is_mark(take_code_point(text, at)) ? at - begin : 0;
}

std::size_t behind_marks(std::string_view text, std::size_t at) {
  while (const std::size_t mark = mark_length(text, at)) at += mark;
  return at;
}

std::string_view without_outer_marks(std::string_view text) { return without_outer(text, mark_length); }

std::string_view without_outer_space(std::string_view text) {
  return without_outer(text, [](std::string_view all, std::size_t at) {
    const std::size_t space = space_length(all, at);
    return space != 0 ? space : mark_length(all, at);
  });
}

std::string with_marks_named(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string named;
  for (std::size_t at = 0; at < text.size();) {
    if (mark_length(text, at) == 0) {
      named += text[at++];
      continue;
    }
    const char32_t c = take_code_point(text, at);
    named += "[U+";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) named += hex[c >> shift & 0xFU];
    named += ']';
  }
  return named;
}

}  // namespace dits::query
