// Tables as rows of cells, whatever they hold: the SQL is put together from the catalogue's own names and
// types, which are looked up for each call; what a person typed is a parameter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/db/database.hpp"
#include "shared/model/studio.hpp"

namespace dits::store {

// The text of a column; none for NULL.
Cell cell_of(Row row, int column);
// Cuts behind the last of the characters that are shown. False: nothing had to go.
bool cut_cell(std::string& text);

// Of the schema "public", without their counts.
Result<std::vector<StudioTable>> list_studio_tables(Transaction& transaction);
// Errors: not_found.
Result<StudioTable> find_studio_table(Transaction& transaction, std::string_view name);
// Counts the tables that are small, and keeps the planner's estimate for the others.
Result<void> count_studio_rows(Transaction& transaction, std::vector<StudioTable>& tables);

struct StudioRowsQuery {
  StudioFilter filter;
  std::string sort;  // a column; empty: by the primary key
  bool is_descending = false;
  std::string cursor;  // of the page before; empty: the first page
  std::int64_t limit = 200;
  bool is_whole = false;  // long cells are not cut
};

// One page, found by the keys of the last row of the page before. Errors: invalid (filter, sort, cursor).
Result<StudioPage> read_studio_rows(Transaction& transaction,
                                    const StudioTable& table,
                                    const StudioRowsQuery& query);

// How many rows the filter leaves, into the first page of them: counted, or estimated for a large table, or
// left open when counting takes long. The last statement of its transaction.
Result<void> count_studio_matches(Transaction& transaction,
                                  const StudioTable& table,
                                  const StudioFilter& filter,
                                  StudioPage& page);

// All rows of a filter, some thousand at a time.
class StudioExport {
 public:
  // `tag` is different for each export.
  static Result<StudioExport> begin(Transaction transaction,
                                    const StudioTable& table,
                                    const StudioRowsQuery& query,
                                    const std::string& tag);
  // The next rows, each with the cells of columns(); empty at the end.
  Result<Rows> next();
  const std::vector<StudioColumn>& columns() const { return columns_; }

 private:
  StudioExport(Transaction transaction, std::vector<StudioColumn> columns, std::string cursor)
      : transaction_(std::move(transaction)), columns_(std::move(columns)), cursor_(std::move(cursor)) {}
  Transaction transaction_;
  std::vector<StudioColumn> columns_;  // those that may be seen
  std::string cursor_;
  int portion_rows_ = 20;
};

// The row with this key as a JSON object of its visible columns, held until the transaction ends. Errors:
// not_found; conflict, kind "version_mismatch", when it is no longer the version that was read.
Result<std::string> lock_studio_row(Transaction& transaction,
                                    const StudioTable& table,
                                    const StudioChange& change);
// Each gives the row as it is now. Errors: invalid and conflict, with PostgreSQL's words.
Result<std::string> insert_studio_row(Transaction& transaction,
                                      const StudioTable& table,
                                      const StudioChange& change);
Result<std::string> update_studio_row(Transaction& transaction,
                                      const StudioTable& table,
                                      const StudioChange& change,
                                      Timestamp now);
Result<void> delete_studio_row(Transaction& transaction,
                               const StudioTable& table,
                               const StudioChange& change);

// Exact for small tables, else what the planner knows.
Result<ColumnStatistics> read_column_statistics(Transaction& transaction,
                                                const StudioTable& table,
                                                const StudioColumn& column);

// What this transaction has written keeps the rules that no constraint holds. Errors: invalid, kind
// "rule_broken", with the rule.
Result<void> check_rules(Transaction& transaction);

Result<std::vector<UserId>> list_all_user_ids(Transaction& transaction);
// Moves the user's counter on. Errors: not_found, when there is no such account.
Result<std::int64_t> take_next_issue_number(Transaction& transaction, UserId user_id);

}  // namespace dits::store
