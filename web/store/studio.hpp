// What Studio shows: tables, the rows that were loaded of one of them, what was changed and not saved yet,
// and the SQL console. A value: commands and answers make a new one from the one before (StudioChanged).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/studio.hpp"

namespace dits::web {

// What will happen to one row when it is saved.
struct StudioEdit {
  StudioAction action = StudioAction::update;
  std::vector<std::pair<std::string, Cell>> key;  // none for a new row
  std::string version;
  std::map<std::string, Cell> values;
};

enum class StudioRegion : std::uint8_t { tables, filter, grid, console };

struct StudioState {
  // tables
  std::shared_ptr<const std::vector<StudioTable>> tables;  // null: not known yet
  std::string tables_problem;
  std::string place;  // "dits, 14.2 MB, PostgreSQL 17.6"
  std::string table_filter;

  // rows
  std::string table;
  std::string filter;  // as the server was asked
  std::string sort;    // a column; empty: the primary key
  bool is_descending = false;
  std::vector<std::shared_ptr<const StudioPage>> pages;  // in order; all but the last have page_rows rows
  std::optional<std::int64_t> total;
  bool is_estimate = false;
  bool is_loading = false;
  std::string problem;       // why there are no rows
  std::uint64_t ticket = 0;  // of the last question: older answers are dropped
  std::set<std::string> hidden_columns;

  // cursor: new rows come first, then the loaded ones
  std::size_t row = 0;
  std::size_t column = 0;  // in visible_columns()
  bool scroll_to_cursor = false;
  StudioRegion region = StudioRegion::grid;

  // changes
  std::vector<StudioEdit> edits;
  std::map<std::string, std::vector<StudioEdit>> other_edits;  // of tables that are not open
  std::string filter_text;                                     // as it is typed
  std::string filter_problem;                                  // why it was not taken
  bool is_editing = false;                                     // the cell under the cursor
  std::string edit_text;
  std::string edit_problem;
  bool is_saving = false;
  std::string save_problem;
  std::string save_key;    // of a save that nobody answered: it is repeated under the same name
  std::string wrong_cell;  // "changes[2].due_date", as the server said which one it refused; see is_refused

  // the statistics of a column
  std::string statistics_column;  // empty: closed
  std::optional<ColumnStatistics> statistics;
  std::string statistics_problem;

  // console
  std::string sql =
      "select s.name, count(*) as issues\nfrom issues i join statuses s on s.id = i.status_id\ngroup by "
      "s.name "
      "order by issues desc;";
  bool allows_writes = false;
  bool is_running = false;
  std::shared_ptr<const SqlAnswer> answer;
  std::string answered_sql;              // what it is the answer to; `sql` may have been changed since
  std::shared_ptr<const PlanNode> plan;  // shown instead of the answer
  std::string sql_problem;
  std::vector<SavedSql> saved;
};

struct State;
// What the state holds; an empty one before Studio was opened.
const StudioState& studio_of(const State& state);

// What only the server can do, with Studio's state as it is then.
struct StudioCall {
  enum class Kind : std::uint8_t {
    load_tables,
    load_rows,  // from the first one on
    load_more,
    load_whole,  // the row under the cursor, to edit a cell that came shortened
    load_statistics,
    save,
    run_sql,
    explain,
    analyze,
  };
  Kind kind = Kind::load_rows;
  std::optional<std::int64_t> confirmed_rows;  // run_sql: keep what it writes
};

constexpr std::size_t studio_page_rows = 200;
constexpr std::string_view studio_console =
    "sql";  // in place of a table's name in the URL: the console alone

// The answer is of a statement that would write, as it still stands in the console.
bool awaits_confirmation(const StudioState& studio);

const StudioTable* studio_table(const StudioState& studio);
const StudioTable* studio_table_named(const StudioState& studio, std::string_view name);
// Columns that are shown, by their position in the table; whose the row is comes last.
std::vector<std::size_t> visible_columns(const StudioState& studio);

// ---- rows: new ones first, then those that came ----
std::size_t new_row_count(const StudioState& studio);
std::size_t studio_row_count(const StudioState& studio);                        // that are here
const StudioPage::Row* loaded_row(const StudioState& studio, std::size_t row);  // null for a new row
// The edit of a row; null when it is as it was.
const StudioEdit* edit_of_row(const StudioState& studio, std::size_t row);
// The cell that is edited is JSON or a text that may have many lines: it gets an editor of its own.
bool edits_long_text(const StudioState& studio);
// What the cell shows: as it was changed, else as it came. `column` is the position in the table.
Cell cell_at(const StudioState& studio, std::size_t row, std::size_t column);
bool is_changed(const StudioState& studio, std::size_t row, std::size_t column);
// The server refused this changed cell: by its column, or by a constraint whose name tells the column. A
// refusal that names none of the changed columns marks all changed cells of the row.
bool is_refused(const StudioState& studio, std::size_t row, std::size_t column);
bool is_marked_deleted(const StudioState& studio, std::size_t row);
// The cell came shortened: the whole has to be loaded before it is edited.
bool is_cut(const StudioState& studio, std::size_t row, std::size_t column);

// ---- changes of the state ----
void set_cell(StudioState& studio, std::size_t row, std::size_t column, Cell value);
void mark_deleted(StudioState& studio, std::size_t row);
void add_row(StudioState& studio, std::map<std::string, Cell> values);
// Takes back what happened to a cell; false when nothing had.
bool restore_cell(StudioState& studio, std::size_t row, std::size_t column);
void discard_edits(StudioState& studio);
std::vector<StudioChange> changes_of(const StudioState& studio);
// Those of all tables, to outlive a reload of the page; and back, by table.
std::vector<StudioChange> all_changes_of(const StudioState& studio);
std::map<std::string, std::vector<StudioEdit>> edits_by_table(const std::vector<StudioChange>& changes);
// The edits that were kept, where there are none yet.
void take_kept_edits(StudioState& studio, std::map<std::string, std::vector<StudioEdit>> kept);
// "2 cells changed", "1 row added, 3 rows deleted".
std::string edits_summary(const StudioState& studio);
// Forgets the rows: another table, filter or order.
void open_table(StudioState& studio, const std::string& table, const std::string& filter);

// What a row is called by the links that point at it: its name, title, number or e-mail.
std::string studio_row_title(const StudioState& studio, std::size_t row);
// Tables with a key that points at this one: name of the table, and the filter that finds the rows which
// point at `row`.
struct StudioBackLink {
  std::string table;
  std::string column;
  std::string filter;
};
std::vector<StudioBackLink> back_links(const StudioState& studio, std::size_t row);
// Where the foreign key of a cell leads; nullopt when it is none, or NULL.
std::optional<StudioBackLink> link_of_cell(const StudioState& studio, std::size_t row, std::size_t column);

// What may follow in a filter, up to where the caret stands: columns, then operators that fit the column,
// then the values of an enum or a flag, then "and".
struct FilterCompletion {
  std::size_t begin = 0;  // of what it replaces, up to the caret
  std::string text;
  std::string description;  // the type of a column
};
std::vector<FilterCompletion> filter_completions(const StudioTable& table, std::string_view typed);

// "2026-07-14 09:41" of "2026-07-14 09:41:12.123456+00", one line of a text, "null" for none.
std::string shown_cell(const StudioColumn& column, const Cell& cell);

}  // namespace dits::web
