#include "shared/model/sql_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace dits {
namespace {

constexpr std::array<std::string_view, 92> keywords = {
    "all",       "analyze",   "and",       "any",       "array",        "as",       "asc",     "between",
    "both",      "by",        "case",      "cast",      "collate",      "conflict", "cross",   "current",
    "default",   "delete",    "desc",      "distinct",  "do",           "else",     "end",     "escape",
    "except",    "exists",    "explain",   "false",     "fetch",        "filter",   "first",   "following",
    "for",       "from",      "full",      "group",     "having",       "ilike",    "in",      "inner",
    "insert",    "intersect", "interval",  "into",      "is",           "join",     "last",    "lateral",
    "left",      "like",      "limit",     "matched",   "materialized", "merge",    "natural", "not",
    "nothing",   "null",      "nulls",     "offset",    "on",           "or",       "order",   "outer",
    "over",      "partition", "preceding", "recursive", "returning",    "right",    "rows",    "select",
    "set",       "show",      "similar",   "some",      "table",        "then",     "to",      "true",
    "unbounded", "union",     "update",    "using",     "values",       "when",     "where",   "window",
    "with",      "within",    "without",   "zone"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// The end of a quoted piece that begins at `at`: a doubled quote stands for itself, and in E'…' a backslash
// hides what follows it.
std::size_t end_of_quoted(std::string_view text, std::size_t at, bool has_escapes) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (has_escapes && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (i + 1 < text.size() && text[i + 1] == quote) {
        ++i;
      } else {
        return i + 1;
      }
    }
  }
  return text.size();
}

// Comments of this kind nest.
std::size_t end_of_block_comment(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (std::size_t i = at; i + 1 < text.size(); ++i) {
    if (text[i] == '/' && text[i + 1] == '*') {
      ++depth;
      ++i;
    } else if (text[i] == '*' && text[i + 1] == '/') {
      ++i;
      if (--depth == 0) return i + 1;
    }
  }
  return text.size();
}

// $$…$$ or $tag$…$tag$; `at` itself when it is none.
std::size_t end_of_dollar_quote(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (is_letter(text[end]) || (end > at + 1 && is_digit(text[end])))) ++end;
  if (end >= text.size() || text[end] != '$') return at;
  const std::string_view mark = text.substr(at, end + 1 - at);
  const std::size_t close = text.find(mark, end + 1);
  return close == std::string_view::npos ? text.size() : close + mark.size();
}

SqlToken next_token(std::string_view text, std::size_t at) {
  const char c = text[at];
  const auto take = [&](SqlPiece piece, std::size_t end) {
    return SqlToken{piece, text.substr(at, end - at)};
  };
  std::size_t end = at + 1;
  if (is_space(c)) {
    while (end < text.size() && is_space(text[end])) ++end;
    return take(SqlPiece::space, end);
  }
  if (c == '-' && text.substr(at, 2) == "--") {
    return take(SqlPiece::comment, std::min(text.find('\n', at), text.size()));
  }
  if (c == '/' && text.substr(at, 2) == "/*") return take(SqlPiece::comment, end_of_block_comment(text, at));
  if (c == '\'') return take(SqlPiece::string, end_of_quoted(text, at, false));
  if ((c == 'e' || c == 'E') && end < text.size() && text[end] == '\'') {
    return take(SqlPiece::string, end_of_quoted(text, end, true));
  }
  if (c == '"') return take(SqlPiece::quoted_name, end_of_quoted(text, at, false));
  if (c == '$') {
    if (const std::size_t close = end_of_dollar_quote(text, at); close != at)
      return take(SqlPiece::string, close);
  }
  if (is_digit(c)) {
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    return take(SqlPiece::number, end);
  }
  if (is_letter(c)) {
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '$')) ++end;
    const std::string word = lower(text.substr(at, end - at));
    const bool is_keyword = std::binary_search(keywords.begin(), keywords.end(), word);
    return take(is_keyword ? SqlPiece::keyword : SqlPiece::name, end);
  }
  return take(SqlPiece::symbol, end);
}

bool is_silent(const SqlToken& token) {
  return token.piece == SqlPiece::space || token.piece == SqlPiece::comment;
}

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view text) {
  std::vector<SqlToken> tokens;
  for (std::size_t at = 0; at < text.size();) {
    tokens.push_back(next_token(text, at));
    at += tokens.back().text.size();
  }
  return tokens;
}

SqlKind kind_of_sql(std::string_view text) {
  SqlKind kind = SqlKind::empty;
  bool is_over = false;
  bool is_with = false;
  for (const SqlToken& token : sql_tokens(text)) {
    if (is_silent(token)) continue;
    if (is_over) return SqlKind::several;
    if (token.text == ";") {
      is_over = kind != SqlKind::empty;
      continue;
    }
    const std::string word = lower(token.text);
    const bool is_write = word == "insert" || word == "update" || word == "delete" || word == "merge";
    if (kind == SqlKind::empty) {
      is_with = word == "with";
      const bool is_read = word == "select" || word == "values" || word == "table" || word == "show" ||
                           word == "explain" || word == "with" || word == "(";
      kind = is_write ? SqlKind::writes : is_read ? SqlKind::reads : SqlKind::other;
    } else if (is_with && is_write && token.piece == SqlPiece::keyword) {
      kind = SqlKind::writes;
    }
  }
  return kind;
}

std::string_view sql_statement(std::string_view text) {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t at = 0;
  bool has_begun = false;
  for (const SqlToken& token : sql_tokens(text)) {
    if (token.text == ";" && has_begun) break;
    const bool is_blank = token.piece == SqlPiece::space || token.text == ";";
    if (!has_begun && !is_blank) {
      has_begun = true;
      begin = at;
    }
    at += token.text.size();
    // A comment without a line end behind it would swallow what is put after the statement.
    if (has_begun && !is_silent(token)) end = at;
  }
  return has_begun && end > begin ? text.substr(begin, end - begin) : std::string_view{};
}

}  // namespace dits
