// Splits a query into tokens without ever failing, so that an unfinished one can be coloured and completed
// too. Every byte that is neither white space nor a mark that shows nothing at the end of a word belongs to
// exactly one token. Signs may come in other forms (“text”, –label:bug, is：open), see signs.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dits::query {

enum class TokenKind : std::uint8_t {
  word,        // text to look for
  quoted,      // "text to look for"
  field,       // name and colon: `label:`; see name_of_field
  comparison,  // < <= > >= behind a field
  value,       // what stands behind a field
  quoted_value,
  comma,  // between values
  range,  // ..
  minus,  // negation, or the direction behind sort:
  open,   // (
  close,  // )
  keyword_or,
  keyword_and,
  keyword_not,
};

struct Token {
  TokenKind kind = TokenKind::word;
  std::size_t begin = 0;  // bytes in the query
  std::size_t end = 0;
  bool is_unterminated = false;  // a quote without its end
};

std::vector<Token> tokens_of(std::string_view query);

// The text of a word, value or quoted token, in normal form: without quotes, \" and \\ resolved.
std::string text_of(std::string_view query, const Token& token);

// The name in a field token, without its colon.
std::string_view name_of_field(std::string_view query, const Token& token);

// `typed` behind the quote that it begins with, if it does.
std::string_view without_quote(std::string_view typed);

// May this text stand without quotes, alone and behind a field, and be read as the same text? Errs on the
// side of quotes.
bool reads_as_word(std::string_view text);

}  // namespace dits::query
