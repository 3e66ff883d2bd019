// The statement is put together from parts that are ours alone (column names, operators, places of
// parameters); every value travels as a parameter.
#include "server/store/issue_lists.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "server/base/crypto.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/issues.hpp"

namespace dits::store {

namespace {

constexpr std::array<std::string_view, issue_field_count> columns = {
    "i.id",
    "i.number",
    "i.title",
    "i.description",
    "i.priority",
    "i.status_id",
    "i.project_id",
    "i.area_id",
    "i.parent_issue_id",
    "i.start_date",
    "i.due_date",
    "i.completed_at",
    "i.position",
    "ARRAY(SELECT l.label_id FROM issue_labels l WHERE l.user_id = $1 AND l.issue_id = i.id ORDER BY "
    "l.label_id)",
    "i.metadata",
    "i.version",
    "i.created_at",
    "i.updated_at",
    "i.deleted_at",
};

struct SelectList {
  std::string sql;
  std::vector<int> key_columns;  // where the values are by which the rows are in order
};

// Columns keep their places; what was not asked for is NULL and costs nothing. A row has each value once.
SelectList select_list(IssueFields fields, const std::vector<SortExpression>& order) {
  SelectList list;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    if (at > 0) list.sql += ", ";
    list.sql += fields.has(static_cast<IssueField>(at)) ? columns[at] : std::string_view("NULL");
  }
  auto count = static_cast<int>(columns.size());
  for (const SortExpression& key : order) {
    const auto column = static_cast<std::size_t>(std::ranges::find(columns, key.sql) - columns.begin());
    if (column < columns.size() && fields.has(static_cast<IssueField>(column))) {
      list.key_columns.push_back(static_cast<int>(column));
      continue;
    }
    list.sql += ", (" + key.sql + ")::text";
    list.key_columns.push_back(count++);
  }
  return list;
}

std::string order_by(const std::vector<SortExpression>& order) {
  std::string out;
  for (const SortExpression& key : order) {
    if (!out.empty()) out += ", ";
    out += key.sql;
    if (key.is_descending) out += " DESC";
    if (key.is_nullable) out += " NULLS LAST";
  }
  return out;
}

// A cursor is the sort order it belongs to and the keys of the last row, in base64url.
constexpr char separator = '\x1f';

std::string order_mark(const std::vector<SortExpression>& order) {
  return hex(sha256(order_by(order))).substr(0, 8);
}

std::string cursor_of(Row row, const std::vector<SortExpression>& order, std::span<const int> key_columns) {
  std::string text = order_mark(order);
  for (const int column : key_columns) {
    const std::optional<std::string> value = row.optional_text(column);
    text += separator;
    text += value ? "=" + *value : std::string("0");
  }
  return base64url(text);
}

using CursorKeys = std::vector<std::optional<std::string>>;

Result<CursorKeys> keys_from_cursor(std::string_view cursor, const std::vector<SortExpression>& order) {
  const Error broken = invalid("cursor", "This cursor does not belong to this list: begin again without it.");
  const Result<std::string> text = bytes_from_base64url(cursor);
  if (!text) return broken;
  std::vector<std::string_view> parts;
  std::string_view rest = *text;
  while (true) {
    const std::size_t end = rest.find(separator);
    parts.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (parts.size() != order.size() + 1 || parts[0] != order_mark(order)) return broken;
  CursorKeys keys;
  for (std::size_t at = 1; at < parts.size(); ++at) {
    if (parts[at].empty()) return broken;
    if (parts[at][0] == '=') {
      keys.emplace_back(std::string(parts[at].substr(1)));
    } else {
      keys.emplace_back(std::nullopt);
    }
  }
  return keys;
}

// "Comes after the row with these keys": equal in the first n keys and later in the next one, for some n.
std::string after_keys(const std::vector<SortExpression>& order,
                       const CursorKeys& keys,
                       std::vector<Param>& params) {
  std::string either;
  std::string equal_so_far;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const SortExpression& key = order[at];
    std::string later;
    std::string equal;
    if (keys[at]) {
      params.emplace_back(*keys[at]);
      const std::string place = "$" + std::to_string(params.size()) + "::" + key.cast;
      later = key.sql + (key.is_descending ? " < " : " > ") + place;
      if (key.is_nullable) later = "(" + later + " OR " + key.sql + " IS NULL)";
      equal = key.sql + " = " + place;
    } else {
      equal = key.sql + " IS NULL";
    }
    if (!later.empty()) {
      if (!either.empty()) either += " OR ";
      either += "(" + equal_so_far + later + ")";
    }
    equal_so_far += equal + " AND ";
  }
  std::string condition = " AND (" + (either.empty() ? "false" : either) + ")";
  if (keys[0] && !order[0].is_nullable) {
    // The same in a form from which an index scan can begin.
    condition += " AND " + order[0].sql + (order[0].is_descending ? " <= " : " >= ") + "$" +
                 std::to_string(params.size() + 1) + "::" + order[0].cast;
    params.emplace_back(*keys[0]);
  }
  return condition;
}

struct Prepared {
  IssueListStatement statement;
  std::vector<SortExpression> order;
  std::vector<int> key_columns;  // as SelectList
};

Result<Prepared> prepare(UserId user_id, const IssueListRequest& request, const query::Names& names) {
  IssueQuerySql query = compile_issue_query(query::make_plan(request.query, names, request.moment));
  Prepared prepared;
  std::vector<Param>& params = prepared.statement.params;
  params.emplace_back(user_id);
  for (Param& param : query.params) params.push_back(std::move(param));
  std::string where = "i.user_id = $1 AND " + query.where;
  if (request.within) {
    // As few, whatever PostgreSQL thinks of their number: it looks them up one by one.
    params.emplace_back(*request.within);
    where += " AND i.number = ANY (ARRAY(SELECT unnest($" + std::to_string(params.size()) + "::bigint[])))";
  }
  if (!request.cursor.empty()) {
    const CursorKeys keys = TRY(keys_from_cursor(request.cursor, query.order));
    where += after_keys(query.order, keys, params);
  }
  SelectList list = select_list(request.fields, query.order);
  // The one number that is no parameter: a plan for any number of rows is one for a tenth of all.
  prepared.statement.sql = "SELECT " + list.sql + " FROM issues i WHERE " + where + " ORDER BY " +
                           order_by(query.order) + " LIMIT " + std::to_string(request.limit + 1);
  prepared.key_columns = std::move(list.key_columns);
  prepared.order = std::move(query.order);
  return prepared;
}

}  // namespace

Result<IssueListStatement> issue_list_statement(UserId user_id,
                                                const IssueListRequest& request,
                                                const query::Names& names) {
  return TRY(prepare(user_id, request, names)).statement;
}

Result<IssueList> list_issues(Reader reader,
                              UserId user_id,
                              const IssueListRequest& request,
                              const query::Names& names) {
  const Prepared prepared = TRY(prepare(user_id, request, names));
  const IssueListStatement& statement = prepared.statement;
  Result<Rows> rows = reader.run_computed("list_issues", statement.sql, statement.params);
  if (!rows) {
    // The only values from outside that PostgreSQL reads as a type are those of the cursor.
    const bool is_bad_cursor = rows.error().code == ErrorCode::invalid && !request.cursor.empty();
    return is_bad_cursor ? invalid("cursor", "This cursor is damaged: begin again without it.")
                         : std::move(rows).error();
  }
  IssueList list;
  for (Row row : *rows) {
    if (static_cast<std::int64_t>(list.issues.size()) == request.limit) {
      list.next_cursor = cursor_of((*rows)[rows->size() - 2], prepared.order, prepared.key_columns);
      break;
    }
    list.issues.push_back(issue_from_row(row, request.fields.has(IssueField::description)));
  }
  return list;
}

}  // namespace dits::store
