// Statements that a person typed into the SQL console, whole as they are.
#pragma once

#include <string>
#include <string_view>

#include "server/db/database.hpp"
#include "shared/model/studio.hpp"

namespace dits::store {

// A statement that a person typed, as the console's role: its rows, max_sql_rows of them and one more at
// most.
Result<SqlAnswer> run_typed_select(Transaction& transaction, std::string_view sql, const std::string& tag);
// Likewise SHOW and EXPLAIN, and statements that write: `affected` is set.
Result<SqlAnswer> run_typed_statement(Transaction& transaction, std::string_view sql);
// EXPLAIN (FORMAT JSON) of it.
Result<std::string> explain_typed(Transaction& transaction, std::string_view sql, bool is_run);
// The transaction goes on as the console's role, and keeps only so many rows as fit into some megabytes.
Result<void> become_sql_console(Transaction& transaction);
// As itself again; what answers may take stays limited.
Result<void> leave_sql_console(Transaction& transaction);

}  // namespace dits::store
