#include "server/store/studio_console.hpp"

#include <algorithm>
#include <chrono>

#include "server/store/studio.hpp"
#include "server/store/studio.sql.hpp"
#include "server/store/studio_sql.hpp"

namespace dits::store {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds time_limit{10'000};  // of all portions together
constexpr int most_fetched_rows = 100;                   // of a typed statement at once
constexpr std::size_t large_portion = std::size_t{1} * 1024 * 1024;
constexpr std::size_t answer_bytes = std::size_t{16} * 1024 * 1024;

void name_columns(SqlAnswer& answer, const Rows& rows) {
  for (int column = 0; column < rows.column_count(); ++column)
    answer.columns.push_back({std::string(rows.column_name(column)), {}, false});
}

void add_rows(SqlAnswer& answer, const Rows& rows) {
  answer.is_cut = rows.is_cut();
  for (const Row row : rows) {
    if (answer.rows.size() == max_sql_rows) {
      answer.is_cut = true;
      break;
    }
    std::vector<Cell> cells;
    for (int column = 0; column < rows.column_count(); ++column) {
      Cell cell = cell_of(row, column);
      if (cell && cut_cell(*cell)) *cell += "…";
      cells.push_back(std::move(cell));
    }
    answer.rows.push_back(std::move(cells));
  }
}

std::size_t bytes_of(const Rows& rows) {
  std::size_t bytes = 0;
  for (const Row row : rows) {
    for (int column = 0; column < rows.column_count(); ++column) bytes += row.text(column).size();
  }
  return bytes;
}

Result<void> name_types(Transaction& transaction, const Rows& rows, SqlAnswer& answer) {
  std::vector<std::int64_t> oids;
  for (int column = 0; column < rows.column_count(); ++column) oids.push_back(rows.column_type_oid(column));
  for (const Row row : TRY(transaction.run(sql::name_studio_types, {oids}))) {
    for (std::size_t column = 0; column < oids.size(); ++column) {
      if (oids[column] != row.int64(0)) continue;
      answer.columns[column].type = row.text(1);
      answer.columns[column].is_number = row.boolean(2);
    }
  }
  return {};
}

}  // namespace

Result<SqlAnswer> run_typed_select(Transaction& transaction, std::string_view sql, const std::string& tag) {
  // The first line is ours: errors count lines behind it.
  const std::string cursor = quoted_name("console_" + tag);
  TRY(transaction.run_computed(
      "studio_sql", "DECLARE " + cursor + " NO SCROLL CURSOR FOR --\n" + std::string(sql), {}));
  SqlAnswer answer;
  const auto deadline = SteadyClock::now() + time_limit;
  // In portions that grow while they are small: of rows that are very wide only few are made and sent.
  std::size_t bytes = 0;
  int portion = 1;
  while (true) {
    const std::string fetch = "FETCH " + std::to_string(portion) + " FROM " + cursor;
    // Each portion: the statement itself may have set another limit for what comes after it.
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    TRY(transaction.run(sql::bound_studio_statement,
                        {std::to_string(std::max<std::int64_t>(left.count(), 1)) + "ms"}));
    const Rows rows = TRY(transaction.run_computed("studio_fetch", fetch, {}));
    const bool is_first = answer.columns.empty();
    if (is_first) name_columns(answer, rows);
    add_rows(answer, rows);
    if (is_first) TRY(name_types(transaction, rows, answer));
    if (answer.is_cut || rows.size() < portion) return answer;
    const std::size_t portion_bytes = bytes_of(rows);
    bytes += portion_bytes;
    answer.is_cut = bytes > answer_bytes;
    if (answer.is_cut) return answer;
    if (portion_bytes < large_portion) portion = std::min(4 * portion, most_fetched_rows);
  }
}

Result<SqlAnswer> run_typed_statement(Transaction& transaction, std::string_view sql) {
  const Rows rows = TRY(transaction.run_computed("studio_sql", std::string(sql), {}));
  SqlAnswer answer;
  name_columns(answer, rows);
  add_rows(answer, rows);
  answer.affected = rows.affected();
  TRY(name_types(transaction, rows, answer));
  return answer;
}

Result<std::string> explain_typed(Transaction& transaction, std::string_view sql, bool is_run) {
  const std::string text =
      std::string("EXPLAIN (FORMAT JSON") + (is_run ? ", ANALYZE" : "") + ") --\n" + std::string(sql);
  const Rows rows = TRY(transaction.run_computed("studio_explain", text, {}));
  if (rows.empty()) return internal("no plan came back");
  return std::string(rows[0].text(0));
}

Result<void> become_sql_console(Transaction& transaction) {
  transaction.limit_answers(answer_bytes);
  TRY(transaction.run(sql::set_studio_role, {"dits_studio_sql"}));
  return {};
}

Result<void> leave_sql_console(Transaction& transaction) {
  TRY(transaction.run(sql::set_studio_role, {"none"}));
  return {};
}

}  // namespace dits::store
