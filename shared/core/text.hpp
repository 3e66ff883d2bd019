// UTF-8 text: checks, folding and searching, the same on server and web.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dits {

// True for well-formed UTF-8 (RFC 3629) without a NUL byte: what PostgreSQL's text accepts.
bool is_storable_text(std::string_view text);

// Code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

// Lower case, one code point in, one out: the simple mapping of Unicode, so that positions by code point keep
// their meaning. Folding twice changes nothing. The function fold_text of the database does the same.
std::string fold_case(std::string_view text);
char32_t fold_code_point(char32_t code_point);

// The letters beyond ASCII that fold to a letter of `folded`, each once, and at the same places what they
// fold to.
struct Capitals {
  std::string capitals;
  std::string folded;
};
Capitals capitals_of(std::string_view folded);

// Decodes the code point at `at` and moves past it; U+FFFD for a broken sequence (and moves one byte).
char32_t take_code_point(std::string_view text, std::size_t& at);
void append_code_point(std::string& text, char32_t code_point);

// False when there is nothing but white space, controls, format and filler characters: a name that nobody
// could see. Every script's count.
bool is_visible(std::string_view text);
bool is_visible(char32_t code_point);

std::string_view trim(std::string_view text);  // ASCII white space at both ends

// True when `pattern`, in which '*' stands for any run of characters, covers all of `text`. Both are taken as
// they are: fold first.
bool matches_wildcard(std::string_view text, std::string_view pattern);

}  // namespace dits
