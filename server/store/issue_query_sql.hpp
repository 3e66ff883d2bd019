// A query of the query language as the parts of one SQL statement. What a term means is decided by
// shared/query/plan, which the web app's matcher is made from too; a property test holds the two against each
// other.
#pragma once

#include <string>
#include <vector>

#include "server/db/param.hpp"
#include "server/store/reader.hpp"
#include "shared/query/plan.hpp"

namespace dits::store {

// One key of ORDER BY. Missing values sort last whatever the direction.
struct SortExpression {
  std::string sql;
  std::string cast;  // the SQL type of a parameter that is compared with it, e.g. "timestamptz"
  bool is_descending = false;
  bool is_nullable = false;
};

struct IssueQuerySql {
  std::string where;                  // over "issues i"; $1 is the user's id
  std::vector<Param> params;          // $2, $3, …
  std::vector<SortExpression> order;  // ends in the number, which is unique
};

IssueQuerySql compile_issue_query(const query::Plan& plan);

// A pattern for LIKE: what has a meaning there is escaped, * becomes %.
std::string like_pattern(const query::TextPattern& pattern);

// Everything a query can name. Only needed when query::needs_names says so.
Result<query::Names> load_query_names(Reader reader, UserId user_id);

}  // namespace dits::store
