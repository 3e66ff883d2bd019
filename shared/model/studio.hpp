// What Studio shows and changes: tables as the database's catalogue describes them, pages of their rows,
// staged changes, answers of the SQL console and plans. Every value of a cell travels as PostgreSQL's text,
// or as none for NULL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"

namespace dits {

enum class CellKind : std::uint8_t { text, number, boolean, date, time, uuid, json, choice, other };
std::string_view name_of(CellKind kind);  // "text", "number", …
Result<CellKind> cell_kind_from_name(std::string_view name);

using Cell = std::optional<std::string>;

struct StudioColumn {
  std::string name;
  std::string type;  // "timestamp with time zone"
  CellKind kind = CellKind::text;
  bool is_nullable = false;
  bool is_key = false;       // part of the primary key
  bool is_secret = false;    // its values are never sent
  bool is_editable = false;  // neither secret nor computed, in a table that may be changed
  bool has_default = false;
  std::vector<std::string> choices;  // of an enum
};

struct StudioForeignKey {
  std::vector<std::string> columns;
  std::string table;  // that they point at
  std::vector<std::string> target_columns;
};

struct StudioTable {
  std::string name;
  std::int64_t rows = 0;
  bool is_estimate = false;  // of the rows: large tables are not counted
  std::int64_t size_bytes = 0;
  bool is_editable = false;
  std::vector<StudioColumn> columns;
  std::vector<StudioForeignKey> foreign_keys;

  const StudioColumn* find(std::string_view column) const;
  // Position of a column; columns.size() when there is none of this name.
  std::size_t index_of(std::string_view column) const;
  // The key that begins at this column and says most about it: a reference's own column, not the owner's.
  const StudioForeignKey* reference_of(std::string_view column) const;
};

// ---- what rows to show ----

enum class FilterOperator : std::uint8_t {
  equals,
  differs,
  less,
  at_most,
  more,
  at_least,
  contains,
  is_null,
  is_set
};
std::string_view name_of(
    FilterOperator op);  // as it is typed: "=", "<>", "<", …, "~", "is null", "is not null"

struct StudioCondition {
  std::string column;
  FilterOperator op = FilterOperator::equals;
  std::string value;  // empty for is_null and is_set
};

// All conditions hold, and each of the words is somewhere in the row.
struct StudioFilter {
  std::vector<StudioCondition> conditions;
  std::vector<std::string> words;

  bool is_empty() const { return conditions.empty() && words.empty(); }
};

// "priority = 'HIGH' and due_date < 2026-08-01 and title ~ sync offline": conditions joined by `and`; what is
// no condition is a word to look for. Errors: invalid at "filter" with the column of the text.
Result<StudioFilter> parse_studio_filter(std::string_view text);
std::string filter_text(const StudioFilter& filter);  // read back, it is the same filter
std::string condition_text(const StudioCondition& condition);

struct StudioPage {
  std::vector<std::string> columns;
  struct Row {
    std::vector<Cell> cells;
    std::string version;             // changes with every change of the row
    std::vector<std::uint32_t> cut;  // cells that are longer than what was sent
  };
  std::vector<Row> rows;
  std::string next_cursor;  // empty: that was the last page
  // Of the whole filter; only on the first page, and not when counting takes long.
  std::optional<std::int64_t> total;
  bool is_estimate = false;  // of a large table; with a filter: there are at least so many
};

// ---- changes ----

enum class StudioAction : std::uint8_t { insert, update, remove };
std::string_view name_of(StudioAction action);  // "insert", "update", "delete"
Result<StudioAction> studio_action_from_name(std::string_view name);

struct StudioChange {
  StudioAction action = StudioAction::update;
  std::string table;
  std::vector<std::pair<std::string, Cell>> key;     // columns of the primary key; none for insert
  std::string version;                               // of the row that was read; none for insert
  std::vector<std::pair<std::string, Cell>> values;  // none for delete
};
constexpr std::size_t max_studio_changes = 500;

// ---- columns ----

struct ColumnStatistics {
  std::int64_t rows = 0;  // that were looked at
  bool is_estimate = false;
  double null_share = 0;  // 0 to 1
  std::int64_t distinct = 0;
  Cell least;
  Cell most;
  struct Value {
    Cell value;
    double share = 0;
  };
  std::vector<Value> common;  // most common first
};

// ---- SQL ----

struct SqlAnswer {
  struct Column {
    std::string name;
    std::string type;
    bool is_number = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  bool is_cut = false;                   // there are more rows than were sent
  std::optional<std::int64_t> affected;  // of a statement that writes
  bool is_trial = false;                 // it was taken back: send again with this number to keep it
  double ms = 0;
};
constexpr std::size_t max_sql_rows = 1000;
constexpr std::size_t max_sql_bytes = std::size_t{64} * 1024;

// One step of a plan, as EXPLAIN (FORMAT JSON) tells it.
struct PlanNode {
  std::string title;                 // "Index Scan on issues"
  std::vector<std::string> details;  // "Filter: (deleted_at IS NULL)"
  double cost = 0;                   // of this step with those below
  double rows = 0;                   // expected
  std::optional<double> actual_rows;
  std::optional<double> actual_ms;
  std::vector<PlanNode> steps;
};

struct SavedSql {
  std::string name;
  std::string sql;
};

}  // namespace dits
