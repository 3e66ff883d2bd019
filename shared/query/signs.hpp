// Characters that mean something in a query and in a title as it is typed, in all the forms that word
// processors, phones and East Asian keyboards make of them: the one place that gives the plain form. And the
// marks that nobody sees, which come along when text is copied from a page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dits::query {

// A character, what a plain keyboard has for it, and how many bytes it has.
struct Sign {
  char plain = '\0';  // '\0': a letter like any other
  std::size_t length = 1;
  bool has_equals = false;  // ≤ and ≥
};

// Of length 0 at the end of the text.
Sign sign_at(std::string_view text, std::size_t at);
char plain_at(std::string_view text, std::size_t at);

// Length in bytes of the white space at `at`, of whatever width; 0 when there is none.
std::size_t space_length(std::string_view text, std::size_t at);

// Length in bytes of the mark at `at` that shows nothing: of direction, of zero width, a soft hyphen, a byte
// order mark; 0 when there is none. Within a word it may belong to it, at its ends it does not.
std::size_t mark_length(std::string_view text, std::size_t at);

// Behind the marks that stand at `at`.
std::size_t behind_marks(std::string_view text, std::size_t at);

std::string_view without_outer_marks(std::string_view text);
std::string_view without_outer_space(std::string_view text);  // nor marks

// "op[U+200B]en": so that a message shows what it is about.
std::string with_marks_named(std::string_view text);

}  // namespace dits::query
