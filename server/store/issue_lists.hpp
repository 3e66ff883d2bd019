// Lists of issues: the query language, the fields asked for, sorting and keyset pagination become one
// statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/issue_fields.hpp"
#include "shared/query/ast.hpp"
#include "shared/query/plan.hpp"

namespace dits::store {

struct IssueListRequest {
  query::Query query;  // without sort: the last changed come first
  IssueFields fields = IssueFields::lean();
  std::int64_t limit = 50;
  std::string cursor;    // as a page before gave it; empty: the first page
  query::Moment moment;  // what the query's days are counted from
  // The numbers of the issues that may fit the query, where they are known: no others are looked at.
  std::optional<std::vector<std::int64_t>> within = {};
};

struct IssueList {
  std::vector<Issue> issues;  // fields that were not asked for are empty
  std::string next_cursor;    // empty: there is no more
};

// One round trip, in a transaction or as a stale read. `names`: what load_query_names gives, which may be
// empty for a query that names nothing (query::needs_names). Errors: invalid at "cursor" for one that does
// not belong to this sort order.
Result<IssueList> list_issues(Reader reader,
                              UserId user_id,
                              const IssueListRequest& request,
                              const query::Names& names);

// The statement behind it, for tests that ask how PostgreSQL runs it.
struct IssueListStatement {
  std::string sql;
  std::vector<Param> params;
};
Result<IssueListStatement> issue_list_statement(UserId user_id,
                                                const IssueListRequest& request,
                                                const query::Names& names);

}  // namespace dits::store
