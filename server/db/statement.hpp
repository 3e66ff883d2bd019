// A named SQL statement. The constants are made at build time from the `-- name:` blocks of
// server/store/*.sql.
#pragma once

#include <string_view>

namespace dits {

struct Statement {
  std::string_view name;  // shown in logs, metrics and slow-query lines; the name of the prepared statement
  std::string_view sql;   // with $1, $2, … only; never joined with a value
};

}  // namespace dits
