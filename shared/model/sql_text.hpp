// SQL as text: cut into pieces, for colours and to know what kind of statement it is before it is sent.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dits {

enum class SqlPiece : std::uint8_t { space, keyword, name, quoted_name, string, number, comment, symbol };

struct SqlToken {
  SqlPiece piece = SqlPiece::space;
  std::string_view text;
};

// Every byte of the text is in exactly one token; a string or comment without an end reaches to the end.
std::vector<SqlToken> sql_tokens(std::string_view text);

enum class SqlKind : std::uint8_t {
  empty,
  reads,    // SELECT, VALUES, TABLE, SHOW, EXPLAIN, WITH around one of them
  writes,   // INSERT, UPDATE, DELETE, MERGE, WITH around one of them
  other,    // whatever else: the console runs none of it
  several,  // more than one statement
};
SqlKind kind_of_sql(std::string_view text);

// Without the semicolon and what stands behind it, and without white space at both ends.
std::string_view sql_statement(std::string_view text);

}  // namespace dits
