#include "server/store/studio.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/base/crypto.hpp"
#include "server/store/reader.hpp"
#include "server/store/studio.sql.hpp"
#include "server/store/studio_sql.hpp"
#include "shared/json/value.hpp"

namespace dits::store {
namespace {

constexpr std::int64_t counted_rows = 50'000;     // tables up to here are counted and looked through
constexpr std::int64_t counted_matches = 10'000;  // of a filter
constexpr std::string_view count_limit = "500ms";
constexpr std::size_t cut_characters = 1000;
// An export reads so many rows at once that they have about this size.
constexpr std::size_t portion_bytes = std::size_t{2} * 1024 * 1024;
constexpr int most_portion_rows = 2000;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

CellKind kind_of(std::string_view type, bool is_enum) {
  if (is_enum) return CellKind::choice;
  if (type == "boolean") return CellKind::boolean;
  if (type == "uuid") return CellKind::uuid;
  if (type == "date") return CellKind::date;
  if (type == "json" || type == "jsonb") return CellKind::json;
  if (type.starts_with("timestamp")) return CellKind::time;
  for (const std::string_view name :
       {"bigint", "integer", "smallint", "numeric", "double precision", "real"}) {
    if (type == name) return CellKind::number;
  }
  if (type == "text" || type.starts_with("character")) return CellKind::text;
  return CellKind::other;
}

StudioColumn column_from_row(Row row) {
  StudioColumn column;
  column.name = row.text(1);
  column.type = row.text(2);
  column.kind = kind_of(column.type, row.boolean(3));
  column.is_nullable = row.boolean(4);
  column.is_key = row.boolean(5);
  column.is_secret = row.boolean(6);
  column.is_editable = row.boolean(7);
  column.has_default = row.boolean(8);
  column.choices = lines_of(row.text(9));
  return column;
}

StudioTable* table_named(std::vector<StudioTable>& tables, std::string_view name) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const StudioTable& each) { return each.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

bool may_be_long(const StudioColumn& column) {
  return column.kind == CellKind::text || column.kind == CellKind::json || column.kind == CellKind::other;
}

std::string cell_sql(const StudioColumn& column, bool is_whole) {
  if (column.is_secret) return "NULL";
  const std::string text = quoted_name(column.name) + "::text";
  return is_whole || !may_be_long(column) ? text
                                          : "left(" + text + ", " + std::to_string(cut_characters + 1) + ")";
}

std::string cursor_text(const std::vector<Cell>& values) {
  Json json = Json::array();
  for (const Cell& value : values) json.push_back(value ? Json(*value) : Json(nullptr));
  return base64url(dump(json));
}

Result<std::vector<Cell>> cursor_values(const std::string& cursor, std::size_t count) {
  const Error bad = invalid("cursor", "Must be the nextCursor of the page before, with the same sort");
  const Result<std::string> text = bytes_from_base64url(cursor);
  if (!text) return bad;
  const Result<Json> json = parse_json(*text);
  if (!json || !json->is_array() || json->size() != count) return bad;
  std::vector<Cell> values;
  for (const Json& each : *json) {
    const auto* value = each.get_ptr<const std::string*>();
    values.push_back(value == nullptr ? Cell{} : Cell{*value});
  }
  return values;
}

// "key = … AND xmin = …". Errors: invalid, when it is not the whole primary key.
Result<std::string> key_sql(StudioSql& sql, const StudioTable& table, const StudioChange& change) {
  std::string text;
  for (const StudioColumn& column : table.columns) {
    if (!column.is_key) continue;
    const auto given = std::find_if(
        change.key.begin(), change.key.end(), [&](const auto& each) { return each.first == column.name; });
    if (given == change.key.end() || !given->second)
      return invalid("key", "Needs a value for " + column.name + ".");
    text += (text.empty() ? "" : " AND ") + quoted_name(column.name) + " = " +
            sql.param(given->second, column.type);
  }
  if (text.empty())
    return invalid("key", table.name + " has no primary key: its rows can't be changed here.");
  return text;
}

std::string row_json_sql(const StudioTable& table) {
  std::string text = "jsonb_build_object(";
  bool is_first = true;
  for (const StudioColumn& column : table.columns) {
    if (column.is_secret || column.kind == CellKind::other) continue;
    text += (is_first ? "'" : ", '") + column.name + "', " + quoted_name(column.name);
    is_first = false;
  }
  return text + ")::text";
}

// The values as the statement's columns. Errors: invalid, for a column that may not be set.
Result<const StudioColumn*> settable_column(const StudioTable& table, const std::string& name) {
  const StudioColumn* column = table.find(name);
  if (column == nullptr) return invalid(name, table.name + " has no column \"" + name + "\".");
  if (!column->is_editable) return invalid(name, table.name + "." + name + " can't be set here.");
  return column;
}

bool sets(const StudioChange& change, std::string_view name) {
  return std::any_of(
      change.values.begin(), change.values.end(), [&](const auto& each) { return each.first == name; });
}

}  // namespace

Cell cell_of(Row row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

bool cut_cell(std::string& text) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (characters++ < cut_characters) continue;
    text.resize(at);
    return true;
  }
  return false;
}

Result<std::vector<StudioTable>> list_studio_tables(Transaction& transaction) {
  std::vector<StudioTable> tables = all_of(TRY(transaction.run(sql::list_studio_tables)), [](Row row) {
    StudioTable table;
    table.name = row.text(0);
    table.rows = row.int64(1);
    table.is_estimate = true;
    table.size_bytes = row.int64(2);
    table.is_editable = row.boolean(3);
    return table;
  });
  for (const Row row : TRY(transaction.run(sql::list_studio_columns))) {
    if (StudioTable* table = table_named(tables, row.text(0))) table->columns.push_back(column_from_row(row));
  }
  for (const Row row : TRY(transaction.run(sql::list_studio_foreign_keys))) {
    StudioTable* table = table_named(tables, row.text(0));
    if (table != nullptr)
      table->foreign_keys.push_back({lines_of(row.text(2)), std::string(row.text(1)), lines_of(row.text(3))});
  }
  return tables;
}

Result<StudioTable> find_studio_table(Transaction& transaction, std::string_view name) {
  std::vector<StudioTable> tables = TRY(list_studio_tables(transaction));
  StudioTable* table = table_named(tables, name);
  if (table == nullptr) return not_found("There is no such table.");
  return std::move(*table);
}

Result<void> count_studio_rows(Transaction& transaction, std::vector<StudioTable>& tables) {
  std::string text;
  std::vector<StudioTable*> counted;
  for (StudioTable& table : tables) {
    if (table.rows > counted_rows) continue;
    text += (text.empty() ? "SELECT (SELECT count(*) FROM " : ", (SELECT count(*) FROM ") +
            quoted_name(table.name) + ")";
    counted.push_back(&table);
  }
  if (counted.empty()) return {};
  const Rows rows = TRY(transaction.run_computed("studio_counts", text, {}));
  for (std::size_t at = 0; at < counted.size(); ++at) {
    counted[at]->rows = rows[0].int64(static_cast<int>(at));
    counted[at]->is_estimate = false;
  }
  return {};
}

Result<StudioPage> read_studio_rows(Transaction& transaction,
                                    const StudioTable& table,
                                    const StudioRowsQuery& query) {
  const StudioOrder order = TRY(studio_order(table, query.sort, query.is_descending));
  StudioPage page;
  StudioSql sql;
  std::string names;
  std::string cells;
  for (const StudioColumn& column : table.columns) {
    if (!column.is_secret) names += quoted_name(column.name) + ", ";
    cells += (cells.empty() ? "" : ", ") + cell_sql(column, query.is_whole);
    page.columns.push_back(column.name);
  }
  for (const StudioColumn* column : order.columns) cells += ", " + quoted_name(column->name) + "::text";
  std::string where = TRY(condition_sql(sql, table, query.filter));
  if (!query.cursor.empty()) {
    const std::vector<Cell> values = TRY(cursor_values(query.cursor, order.columns.size()));
    where += " AND " + order.after(sql, values);
  }
  // Cells are made of the rows of the page, not of all that had to be put in order for it.
  sql.text = "SELECT " + cells + ", studio_version::text FROM (SELECT " + names +
             "xmin AS studio_version FROM " + quoted_name(table.name) + " WHERE " + where + " ORDER BY " +
             order.order_by(table.name) + " LIMIT " + std::to_string(query.limit + 1) +
             ") AS page ORDER BY " + order.order_by("page");
  const Rows rows = TRY(transaction.run_computed("studio_rows", sql.text, sql.params));
  const int width = static_cast<int>(table.columns.size());
  const int version = width + static_cast<int>(order.columns.size());
  const int count = std::min(rows.size(), static_cast<int>(query.limit));
  for (int at = 0; at < count; ++at) {
    StudioPage::Row out;
    for (int column = 0; column < width; ++column) {
      Cell cell = cell_of(rows[at], column);
      const bool is_long = !query.is_whole && may_be_long(table.columns[static_cast<std::size_t>(column)]);
      if (cell && is_long && cut_cell(*cell)) out.cut.push_back(static_cast<std::uint32_t>(column));
      out.cells.push_back(std::move(cell));
    }
    out.version = rows[at].text(version);
    page.rows.push_back(std::move(out));
  }
  if (rows.size() > count && count > 0) {
    std::vector<Cell> values;
    for (int column = width; column < version; ++column) values.push_back(cell_of(rows[count - 1], column));
    page.next_cursor = cursor_text(values);
  }
  return page;
}

Result<void> count_studio_matches(Transaction& transaction,
                                  const StudioTable& table,
                                  const StudioFilter& filter,
                                  StudioPage& page) {
  if (page.next_cursor.empty()) {
    page.total = static_cast<std::int64_t>(page.rows.size());
    return {};
  }
  if (filter.is_empty() && table.rows > counted_rows) {
    page.total = table.rows;
    page.is_estimate = true;
    return {};
  }
  StudioSql sql;
  const std::string where = TRY(condition_sql(sql, table, filter));
  const bool is_all = filter.is_empty();
  sql.text = is_all ? "SELECT count(*) FROM " + quoted_name(table.name)
                    : "SELECT count(*) FROM (SELECT FROM " + quoted_name(table.name) + " WHERE " + where +
                          " LIMIT " + std::to_string(counted_matches + 1) + ") AS matches";
  TRY(transaction.run(sql::bound_studio_statement, {count_limit}));
  const Result<Rows> rows = transaction.run_computed("studio_count", sql.text, sql.params);
  if (!rows && rows.error().kind == "timeout") return {};
  page.total = TRY(rows)[0].int64(0);
  page.is_estimate = !is_all && *page.total > counted_matches;
  if (page.is_estimate) page.total = counted_matches;
  return {};
}

Result<StudioExport> StudioExport::begin(Transaction transaction,
                                         const StudioTable& table,
                                         const StudioRowsQuery& query,
                                         const std::string& tag) {
  const StudioOrder order = TRY(studio_order(table, query.sort, query.is_descending));
  StudioSql sql;
  const std::string where = TRY(condition_sql(sql, table, query.filter));
  std::vector<StudioColumn> columns;
  std::string cells;
  for (const StudioColumn& column : table.columns) {
    if (column.is_secret) continue;
    cells += (cells.empty() ? "" : ", ") + cell_sql(column, true);
    columns.push_back(column);
  }
  const std::string cursor = quoted_name("export_" + tag);
  sql.text = "DECLARE " + cursor + " NO SCROLL CURSOR FOR SELECT " + cells + " FROM " +
             quoted_name(table.name) + " WHERE " + where + " ORDER BY " + order.order_by(table.name);
  TRY(transaction.run_computed("studio_export", sql.text, sql.params));
  return StudioExport(std::move(transaction), std::move(columns), cursor);
}

Result<Rows> StudioExport::next() {
  Rows rows = TRY(transaction_.run_computed(
      "studio_fetch", "FETCH " + std::to_string(portion_rows_) + " FROM " + cursor_, {}));
  if (rows.memory_bytes() > portion_bytes) {
    portion_rows_ = std::max(portion_rows_ / 2, 1);
  } else if (rows.memory_bytes() < portion_bytes / 2) {
    portion_rows_ = std::min(portion_rows_ * 2, most_portion_rows);
  }
  return rows;
}

Result<std::string> lock_studio_row(Transaction& transaction,
                                    const StudioTable& table,
                                    const StudioChange& change) {
  StudioSql sql;
  const std::string key = TRY(key_sql(sql, table, change));
  // Holding a row needs the right to change it. Where only deleting is allowed, nothing that happens to the
  // row meanwhile makes deleting it wrong.
  const bool is_held = std::any_of(table.columns.begin(),
                                   table.columns.end(),
                                   [](const StudioColumn& column) { return column.is_editable; });
  sql.text = "SELECT " + row_json_sql(table) + ", xmin::text FROM " + quoted_name(table.name) + " WHERE " +
             key + (is_held ? " FOR UPDATE" : "");
  const Rows rows = TRY(transaction.run_computed("studio_lock", sql.text, sql.params));
  if (rows.empty()) return not_found("This row of " + table.name + " is gone. Load the table again.");
  if (rows[0].text(1) != change.version)
    return conflict("This row of " + table.name +
                        " was changed since you read it. Load it again, then repeat your change.",
                    "version_mismatch");
  return std::string(rows[0].text(0));
}

Result<std::string> insert_studio_row(Transaction& transaction,
                                      const StudioTable& table,
                                      const StudioChange& change) {
  StudioSql sql;
  std::string names;
  std::string values;
  for (const auto& [name, value] : change.values) {
    const StudioColumn* column = TRY(settable_column(table, name));
    names += (names.empty() ? "" : ", ") + quoted_name(column->name);
    values += (values.empty() ? "" : ", ") + sql.param(value, column->type);
  }
  sql.text = "INSERT INTO " + quoted_name(table.name) +
             (names.empty() ? " DEFAULT VALUES" : " (" + names + ") VALUES (" + values + ")") +
             " RETURNING " + row_json_sql(table);
  const Rows rows = TRY(transaction.run_computed("studio_insert", sql.text, sql.params));
  return std::string(rows[0].text(0));
}

Result<std::string> update_studio_row(Transaction& transaction,
                                      const StudioTable& table,
                                      const StudioChange& change,
                                      Timestamp now) {
  StudioSql sql;
  std::string sets_text;
  for (const auto& [name, value] : change.values) {
    const StudioColumn* column = TRY(settable_column(table, name));
    sets_text +=
        (sets_text.empty() ? "" : ", ") + quoted_name(column->name) + " = " + sql.param(value, column->type);
  }
  // As every other change of a row does: whoever holds the version before must notice.
  if (table.find("version") != nullptr && !sets(change, "version")) sets_text += ", version = version + 1";
  if (table.find("updated_at") != nullptr && !sets(change, "updated_at"))
    sets_text += ", updated_at = " + sql.param(to_string(now), "timestamptz");
  const std::string key = TRY(key_sql(sql, table, change));
  sql.text = "UPDATE " + quoted_name(table.name) + " SET " + sets_text + " WHERE " + key + " RETURNING " +
             row_json_sql(table);
  const Rows rows = TRY(transaction.run_computed("studio_update", sql.text, sql.params));
  if (rows.empty()) return not_found("This row of " + table.name + " is gone. Load the table again.");
  return std::string(rows[0].text(0));
}

Result<void> delete_studio_row(Transaction& transaction,
                               const StudioTable& table,
                               const StudioChange& change) {
  StudioSql sql;
  const std::string key = TRY(key_sql(sql, table, change));
  sql.text = "DELETE FROM " + quoted_name(table.name) + " WHERE " + key;
  TRY(transaction.run_computed("studio_delete", sql.text, sql.params));
  return {};
}

static Result<ColumnStatistics> planner_statistics(Transaction& transaction,
                                                   const StudioTable& table,
                                                   const StudioColumn& column) {
  ColumnStatistics statistics;
  statistics.rows = table.rows;
  statistics.is_estimate = true;
  const Rows rows = TRY(transaction.run(sql::read_planner_statistics, {table.name, column.name}));
  if (rows.empty()) return statistics;
  statistics.null_share = rows[0].number(0);
  const double distinct = rows[0].number(1);  // negative: as a share of the rows
  statistics.distinct = std::llround(distinct < 0 ? -distinct * static_cast<double>(table.rows) : distinct);
  statistics.least = cell_of(rows[0], 2);
  statistics.most = cell_of(rows[0], 3);
  for (const Row row : TRY(transaction.run(sql::list_planner_values, {table.name, column.name})))
    statistics.common.push_back({cell_of(row, 0), row.number(1)});
  return statistics;
}

Result<ColumnStatistics> read_column_statistics(Transaction& transaction,
                                                const StudioTable& table,
                                                const StudioColumn& column) {
  if (column.is_secret) return invalid("column", "Studio shows nothing of " + column.name + ".");
  if (table.rows > counted_rows) return planner_statistics(transaction, table, column);
  const bool has_order = column.kind != CellKind::json && column.kind != CellKind::other &&
                         column.kind != CellKind::boolean && column.kind != CellKind::uuid;
  const std::string value = quoted_name(column.name) + (has_order ? "" : "::text");
  const std::string from = " FROM " + quoted_name(table.name);
  const std::string all = "SELECT count(*), count(" + value + "), count(DISTINCT " + value + "), left(min(" +
                          value + ")::text, 200), left(max(" + value + ")::text, 200)" + from;
  const Rows totals = TRY(transaction.run_computed("studio_statistics", all, {}));
  ColumnStatistics statistics;
  statistics.rows = totals[0].int64(0);
  const double count = static_cast<double>(std::max<std::int64_t>(statistics.rows, 1));
  statistics.null_share = static_cast<double>(statistics.rows - totals[0].int64(1)) / count;
  statistics.distinct = totals[0].int64(2);
  statistics.least = cell_of(totals[0], 3);
  statistics.most = cell_of(totals[0], 4);
  const std::string common = "SELECT left(" + quoted_name(column.name) + "::text, 200), count(*)" + from +
                             " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8";
  for (const Row row : TRY(transaction.run_computed("studio_common", common, {})))
    statistics.common.push_back({cell_of(row, 0), static_cast<double>(row.int64(1)) / count});
  return statistics;
}

Result<void> check_rules(Transaction& transaction) {
  const Rows rows = TRY(transaction.run(sql::find_broken_rule));
  if (rows.empty()) return {};
  Error error = invalid({}, std::string(rows[0].text(0)) + " Nothing was changed.");
  error.kind = "rule_broken";
  return error;
}

Result<std::vector<UserId>> list_all_user_ids(Transaction& transaction) {
  return all_of(TRY(transaction.run(sql::list_all_user_ids)), [](Row row) { return row.id<UserTag>(0); });
}

Result<std::int64_t> take_next_issue_number(Transaction& transaction, UserId user_id) {
  const Rows rows = TRY(transaction.run(sql::take_next_issue_number, {user_id}));
  if (rows.empty()) return not_found("There is no such account.");
  return rows[0].int64(0);
}

}  // namespace dits::store
