// Studio: every table of the instance, for administrators. The routes say who = admin; row-level security
// does not bind the login that is used here (server/migrate/roles.cpp says what it may do), so nothing else
// in the server may use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/service/admin.hpp"
#include "server/store/studio.hpp"
#include "shared/json/studio_json.hpp"

namespace dits {

// All tables, with counts. Errors of all calls: unavailable, when this database has no login for Studio.
Result<std::vector<StudioTable>> studio_tables(AdminContext& admin);
// Errors: not_found (table); invalid (filter, sort, cursor).
Result<StudioPage> studio_rows(AdminContext& admin,
                               std::string_view table,
                               const store::StudioRowsQuery& query);
Result<store::StudioExport> studio_export(AdminContext& admin,
                                          std::string_view table,
                                          const store::StudioRowsQuery& query);
Result<ColumnStatistics> studio_statistics(AdminContext& admin,
                                           std::string_view table,
                                           std::string_view column);

// All changes in one transaction, each with its audit row in the log of the account that owns the row; or
// none of them. Errors: invalid, not_found and conflict with the change in `field`: "changes[2].due_date".
Result<void> apply_studio_changes(AdminContext& admin,
                                  const Viewer& viewer,
                                  const std::vector<StudioChange>& changes);

// A statement that a person typed. What reads runs in a READ ONLY transaction. What writes needs
// request.allows_writes; it is tried and taken back, and kept when it is sent again with the number of rows
// that it touched; then it is in the audit log. Errors: invalid, kind "sql_error", in PostgreSQL's words;
// conflict, kind "rows_differ".
Result<SqlAnswer> run_sql(AdminContext& admin, const Viewer& viewer, const SqlRequest& request);
// The plan as EXPLAIN (FORMAT JSON) gives it; `is_run`: with the times of a run (statements that read only).
Result<std::string> explain_sql(AdminContext& admin, std::string_view sql, bool is_run);

}  // namespace dits
