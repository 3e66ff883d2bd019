// What PostgreSQL's error codes mean to a caller. The table is in database.hpp, above Transaction.
#pragma once

#include <string>
#include <string_view>

#include "shared/core/error.hpp"

namespace dits {

// The parts of a PostgreSQL error that we use.
struct SqlFailure {
  std::string sqlstate;  // five characters; empty when the connection was lost before an answer
  std::string message;   // for the log only, but for raise with DT001
  std::string constraint;
  std::string column;
  std::string detail;
  std::string hint;
  std::string position;  // in characters from 1, of the statement's text
};

// `name` is the statement's; unexpected failures are logged under it.
Error error_from_sql(std::string_view name, const SqlFailure& failure);

// For statements that an administrator wrote (ConnectionOptions::tells_errors): PostgreSQL's own message,
// detail and hint, with line and column in `sql`; kind "sql_error" where error_from_sql() has none.
Error told_error_from_sql(std::string_view name, const SqlFailure& failure, std::string_view sql);

// Of a statement that an administrator wrote, and that was stopped: kind "timeout".
Error took_too_long();

// The connection is gone: kind "database_away".
Error database_away();

}  // namespace dits
