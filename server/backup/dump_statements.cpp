#include "server/backup/dump_statements.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "server/backup/bad_archive.hpp"
#include "shared/model/sql_text.hpp"

namespace dits {

namespace {

constexpr std::size_t shown_bytes = 80;

// How pg_dump 15 to 18 begins the statements of our schema, in lower case, with one space between its pieces.
constexpr std::array<std::string_view, 19> beginnings = {
    "select pg_catalog . set_config ( 'search_path' , '' , false ) ;",
    "create schema public ;",
    "comment on ",
    "create extension if not exists pg_trgm with schema public ;",
    "create type public . ",
    "create function public . ",
    "create table public . ",
    "create index ",
    "create unique index ",
    "create trigger ",
    "create policy ",
    "alter table only public . ",
    "alter table public . ",
    "set default_tablespace = ",
    "set default_table_access_method = ",
    "set client_encoding = 'UTF8' ;",
    "set standard_conforming_strings = on ;",
    "set check_function_bodies = false ;",
    "set row_security = ",
};

constexpr std::array<std::string_view, 6> harmless_settings = {
    "set statement_timeout = 0 ;",
    "set lock_timeout = 0 ;",
    "set idle_in_transaction_session_timeout = 0 ;",
    "set transaction_timeout = 0 ;",
    "set xmloption = content ;",
    "set client_min_messages = warning ;",
};

struct Statement {
  std::string_view text;
  std::string words;  // in lower case, one space between the pieces
  std::int64_t line = 0;
};

bool is_known(const Statement& statement) {
  const auto begins = [&](std::string_view beginning) { return statement.words.starts_with(beginning); };
  if (std::ranges::any_of(harmless_settings, begins)) return true;
  if (!std::ranges::any_of(beginnings, begins)) return false;
  if (!begins("create function ")) return true;
  const std::size_t language = statement.words.find(" language ");
  if (language == std::string::npos) return false;
  const std::string_view name = std::string_view(statement.words).substr(language + 10);
  return name.starts_with("sql ") || name.starts_with("plpgsql ");
}

Error unknown(const Statement& statement) {
  std::string shown(statement.text.substr(0, shown_bytes));
  std::ranges::replace(shown, '\n', ' ');
  if (statement.text.size() > shown_bytes) shown += "…";
  return bad_archive("Line " + std::to_string(statement.line) +
                     " holds a statement that no backup of DITS has: " + shown);
}

}  // namespace

Result<void> check_dumped_statements(std::string_view sql, std::int64_t first_line) {
  Statement statement;
  std::int64_t line = first_line;
  std::size_t begin = 0;
  std::size_t at = 0;
  for (const SqlToken& token : sql_tokens(sql)) {
    const bool is_silent = token.piece == SqlPiece::space || token.piece == SqlPiece::comment;
    if (!is_silent) {
      if (statement.words.empty()) {
        begin = at;
        statement.line = line;
      }
      const bool is_text = token.piece == SqlPiece::string || token.piece == SqlPiece::quoted_name;
      for (const char c : token.text)
        statement.words += !is_text && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      statement.words += ' ';
    }
    at += token.text.size();
    line += std::ranges::count(token.text, '\n');
    if (token.text != ";") continue;
    statement.text = sql.substr(begin, at - begin);
    statement.words.pop_back();
    if (!is_known(statement)) return unknown(statement);
    statement.words.clear();
  }
  if (statement.words.empty()) return {};
  statement.text = sql.substr(begin);
  return unknown(statement);
}

}  // namespace dits
