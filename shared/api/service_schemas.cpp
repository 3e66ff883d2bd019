#include "shared/api/service_schemas.hpp"

namespace dits::schemas {

namespace {

constexpr std::uint8_t answer_null = answer | nullable;
constexpr std::string_view priorities = "NO_PRIORITY|LOW|MEDIUM|HIGH|URGENT";

constexpr Field signed_in_fields[] = {
    {"user", Type::reference, answer, {}, "User"},
};

constexpr Field setup_link_fields[] = {
    {"valid", Type::boolean, answer, "Else the answer is 404"},
};

constexpr Field session_fields[] = {
    {"id", Type::id, answer},
    {"userAgent", Type::text, answer},
    {"ipAddress", Type::text, answer},
    {"createdAt", Type::time, answer},
    {"lastSeenAt", Type::time, answer},
    {"expiresAt", Type::time, answer},
    {"isCurrent", Type::boolean, answer, "The one that asks"},
};

constexpr Field issue_label_fields[] = {
    {"labelId", Type::id, create_required},
};

constexpr Field similar_issue_fields[] = {
    {"id", Type::id, answer},
    {"number", Type::integer, answer},
    {"title", Type::text, answer},
    {"similarity", Type::number, answer, "0 to 1"},
};

constexpr Field trash_fields[] = {
    {"issues", Type::list, answer, {}, "Issue"},
    {"projects", Type::list, answer, {}, "Project"},
    {"areas", Type::list, answer, {}, "Area"},
    {"labels", Type::list, answer, {}, "Label"},
    {"workflows", Type::list, answer, {}, "Workflow"},
    {"views", Type::list, answer, {}, "SavedView"},
};

constexpr Field search_hit_fields[] = {
    {"id", Type::id, answer},
    {"number", Type::integer, answer},
    {"title", Type::text, answer},
    {"statusId", Type::id, answer},
    {"projectId", Type::id, answer_null},
    {"priority", Type::word, answer, {}, priorities},
    {"completedAt", Type::time, answer_null},
    {"updatedAt", Type::time, answer},
    {"rank", Type::number, answer, "Higher is better"},
    {"snippet", Type::text, answer, "Of the text, around the words"},
};

constexpr Field search_fields[] = {
    {"items", Type::list, answer, "Best first", "SearchHit"},
    {"isLoose", Type::boolean, answer, "Nothing has the words as they are: these look alike"},
    {"nextCursor", Type::text, answer_null},
};

constexpr Field status_count_fields[] = {
    {"statusId", Type::id, answer},
    {"count", Type::integer, answer},
};

// Of one project, area, label or priority: what it is, and its issues.
constexpr Field open_and_completed[] = {
    {"projectId", Type::id, answer_null | optional, "In byProject; null: without one"},
    {"areaId", Type::id, answer_null | optional, "In byArea; null: without one"},
    {"labelId", Type::id, answer | optional, "In byLabel"},
    {"priority", Type::word, answer | optional, "In byPriority", priorities},
    {"open", Type::integer, answer},
    {"completed", Type::integer, answer},
};

constexpr Field week_fields[] = {
    {"week", Type::date, answer, "Its Monday"},
    {"created", Type::integer, answer},
    {"completed", Type::integer, answer},
};

constexpr Field cycle_time_fields[] = {
    {"count", Type::integer, answer},
    {"meanDays", Type::number, answer},
    {"medianDays", Type::number, answer},
    {"p90Days", Type::number, answer},
};

constexpr Field stats_fields[] = {
    {"total", Type::integer, answer},
    {"open", Type::integer, answer},
    {"completed", Type::integer, answer},
    {"overdue", Type::integer, answer},
    {"byStatus", Type::list, answer, {}, "StatusCount"},
    {"byProject", Type::list, answer, {}, "OpenAndCompleted"},
    {"byArea", Type::list, answer, {}, "OpenAndCompleted"},
    {"byLabel", Type::list, answer, {}, "OpenAndCompleted"},
    {"byPriority", Type::list, answer, {}, "OpenAndCompleted"},
    {"throughput", Type::list, answer, "By week, oldest first", "ThroughputWeek"},
    {"cycleTime", Type::reference, answer, "From begun to completed", "CycleTime"},
};

constexpr Field status_days_fields[] = {
    {"statusId", Type::id, answer},
    {"counts", Type::integers, answer, "How many issues had it at the end of each day"},
};

constexpr Field finished_issue_fields[] = {
    {"id", Type::id, answer},
    {"number", Type::integer, answer},
    {"title", Type::text, answer},
    {"startedAt", Type::time, answer, "null: the log knows of no beginning"},
    {"completedAt", Type::time, answer},
    {"cycleDays", Type::number, answer, "From startedAt, or from the creation where there is none"},
    {"leadDays", Type::number, answer, "From the creation"},
};

constexpr Field issue_in_work_fields[] = {
    {"id", Type::id, answer},
    {"number", Type::integer, answer},
    {"title", Type::text, answer},
    {"statusId", Type::id, answer},
    {"since", Type::time, answer, "When work began; the creation where the log does not know"},
};

constexpr Field insights_fields[] = {
    {"from", Type::date, answer, "The first of the days"},
    {"to", Type::date, answer, "The last one, today"},
    {"total", Type::integer, answer, "Issues that fit the query"},
    {"open", Type::integer, answer},
    {"statuses", Type::list, answer, "In the order of the workflow", "StatusDays"},
    {"created", Type::integers, answer, "On each day"},
    {"completed", Type::integers, answer, "On each day"},
    {"recentCompleted", Type::integers, answer, "On each day of the last eight weeks"},
    {"finishedTotal", Type::integer, answer, "Completed in these days"},
    {"finished", Type::list, answer, "The last 1,000 of them, last first", "FinishedIssue"},
    {"inProgressTotal", Type::integer, answer},
    {"inProgress", Type::list, answer, "The 100 that were begun first", "IssueInWork"},
};

constexpr Field import_note_fields[] = {
    {"line", Type::integer, answer},
    {"text", Type::text, answer},
};

constexpr Field import_fields[] = {
    {"read", Type::integer, answer, "Lines or records"},
    {"issues", Type::integer, answer},
    {"comments", Type::integer, answer},
    {"files", Type::integer, answer},
    {"projects", Type::integer, answer},
    {"areas", Type::integer, answer},
    {"labels", Type::integer, answer},
    {"changes", Type::integer, answer},
    {"sameTitle", Type::integer, answer, "Issues of a table with the title of one that was here before"},
    {"noteCount", Type::integer, answer, "What was left out or changed"},
    {"notes", Type::list, answer, "The first of them", "ImportNote"},
};

constexpr Field import_progress_fields[] = {
    {"isRunning", Type::boolean, answer},
    {"bytesDone", Type::integer, answer},
    {"bytesTotal", Type::integer, answer},
    {"read", Type::integer, answer, "Lines or records"},
};

constexpr Field backup_fields[] = {
    {"file", Type::text, answer},
    {"bytes", Type::integer, answer},
    {"writtenAt", Type::time, answer},
    {"isEncrypted", Type::boolean, answer},
    {"isVerified", Type::boolean, answer},
    {"issues", Type::integer, answer},
    {"attachments", Type::integer, answer},
    {"isForeign", Type::boolean, answer, "Of another database"},
};

constexpr Field backup_run_fields[] = {
    {"beganAt", Type::time, answer},
    {"tookMs", Type::integer, answer},
    {"file", Type::text, answer},
    {"bytes", Type::integer, answer},
    {"problem", Type::text, answer, "Empty: it went well"},
};

constexpr Field backup_overview_fields[] = {
    {"directory", Type::text, answer},
    {"schedule", Type::text, answer},
    {"keepDays", Type::integer, answer},
    {"isEncrypted", Type::boolean, answer},
    {"isRunning", Type::boolean, answer},
    {"nextDueAt", Type::time, answer_null},
    {"lastProblem", Type::text, answer},
    {"items", Type::list, answer, "Newest first", "Backup"},
    {"history", Type::list, answer, {}, "BackupRun"},
};

constexpr Field database_server_fields[] = {
    {"version", Type::text, answer},
    {"startedAt", Type::time, answer},
    {"connections", Type::integer, answer},
    {"maxConnections", Type::integer, answer},
};

constexpr Field database_figures_fields[] = {
    {"name", Type::text, answer},
    {"sizeBytes", Type::integer, answer},
    {"hasChecksums", Type::boolean, answer},
    {"cacheHitRatio", Type::number, answer, "0 to 1"},
    {"commits", Type::integer, answer},
    {"rollbacks", Type::integer, answer},
    {"deadlocks", Type::integer, answer},
    {"temporaryBytes", Type::integer, answer},
};

constexpr Field pool_fields[] = {
    {"size", Type::integer, answer},
    {"idle", Type::integer, answer},
    {"waiting", Type::integer, answer},
    {"max", Type::integer, answer},
    {"checkouts", Type::integer, answer},
    {"waits", Type::integer, answer},
    {"waitMs", Type::number, answer},
    {"timeouts", Type::integer, answer},
    {"connects", Type::integer, answer},
    {"failedConnects", Type::integer, answer},
    {"reconnects", Type::integer, answer},
    {"isAway", Type::boolean, answer},
};

constexpr Field database_info_fields[] = {
    {"server", Type::reference, answer, {}, "DatabaseServer"},
    {"database", Type::reference, answer, {}, "DatabaseFigures"},
    {"pool", Type::reference, answer, {}, "ConnectionPool"},
};

constexpr Field statement_fields[] = {
    {"name", Type::text, answer},
    {"calls", Type::integer, answer},
    {"errors", Type::integer, answer},
    {"rows", Type::integer, answer},
    {"totalMs", Type::number, answer},
    {"meanMs", Type::number, answer},
    {"maxMs", Type::number, answer},
};

constexpr Field part_fields[] = {
    {"name", Type::text, answer},
    {"state", Type::text, answer},
    {"message", Type::text, answer},
};

constexpr Field instance_fields[] = {
    {"url", Type::text, answer},
    {"version", Type::text, answer},
    {"processId", Type::integer, answer},
    {"poolSize", Type::integer, answer},
    {"poolMax", Type::integer, answer},
    {"isAsked", Type::boolean, answer, "The one that answers"},
};

constexpr Field alert_fields[] = {
    {"name", Type::text, answer},
    {"summary", Type::text, answer},
    {"since", Type::time, answer},
    {"resolvedAt", Type::time, answer_null},
};

constexpr Field slow_statement_fields[] = {
    {"name", Type::text, answer},
    {"calls", Type::integer, answer},
    {"meanMs", Type::number, answer},
    {"worstMs", Type::number, answer},
    {"totalMs", Type::number, answer},
    {"plan", Type::text, answer},
};

constexpr Field system_fields[] = {
    {"at", Type::time, answer},
    {"url", Type::text, answer},
    {"version", Type::text, answer},
    {"startedAt", Type::time, answer},
    {"poolMax", Type::integer, answer},
    {"parts", Type::list, answer, {}, "SystemPart"},
    {"instances", Type::list, answer, {}, "Instance"},
    {"alerts", Type::list, answer, {}, "Alert"},
    {"statements", Type::list, answer, "The most expensive ones", "SlowStatement"},
    {"series", Type::texts, answer, "What the columns of samples and minutes are, after the time"},
    {"samples", Type::rows, answer, "Unix milliseconds, then a value for each of series"},
    {"minutes", Type::rows, answer, "The same, a row for each minute that is no longer in samples"},
};

constexpr Field studio_column_fields[] = {
    {"name", Type::text, answer},
    {"type", Type::text, answer, "As PostgreSQL calls it"},
    {"kind", Type::text, answer},
    {"isNullable", Type::boolean, answer},
    {"isKey", Type::boolean, answer},
    {"isSecret", Type::boolean, answer},
    {"isEditable", Type::boolean, answer},
    {"hasDefault", Type::boolean, answer},
    {"choices", Type::texts, answer | optional, "Of an enum"},
};

constexpr Field studio_key_fields[] = {
    {"columns", Type::texts, answer},
    {"table", Type::text, answer},
    {"targetColumns", Type::texts, answer},
};

constexpr Field studio_table_fields[] = {
    {"name", Type::text, answer},
    {"rows", Type::integer, answer},
    {"isEstimate", Type::boolean, answer, "Of rows"},
    {"sizeBytes", Type::integer, answer},
    {"isEditable", Type::boolean, answer},
    {"columns", Type::list, answer, {}, "StudioColumn"},
    {"foreignKeys", Type::list, answer, {}, "StudioForeignKey"},
};

constexpr Field studio_row_fields[] = {
    {"cells", Type::any, answer, "A text, as PostgreSQL writes it, or null for each of columns"},
    {"version", Type::text, answer, "Send it with a change of the row"},
    {"cut", Type::integers, answer | optional, "Which cells are cut: ask with whole=1"},
};

constexpr Field studio_rows_fields[] = {
    {"columns", Type::texts, answer},
    {"rows", Type::list, answer, {}, "StudioRow"},
    {"nextCursor", Type::text, answer_null},
    {"total", Type::integer, answer | optional, "Of the first page"},
    {"isEstimate", Type::boolean, answer | optional, "Of total"},
};

constexpr Field column_value_fields[] = {
    {"value", Type::text, answer_null},
    {"share", Type::number, answer, "0 to 1"},
};

constexpr Field column_statistics_fields[] = {
    {"rows", Type::integer, answer},
    {"isEstimate", Type::boolean, answer},
    {"nullShare", Type::number, answer, "0 to 1"},
    {"distinct", Type::integer, answer},
    {"least", Type::text, answer_null},
    {"most", Type::text, answer_null},
    {"common", Type::list, answer, "Most common first", "StudioColumnValue"},
};

constexpr Field studio_change_fields[] = {
    {"action", Type::word, create_required, {}, "insert|update|delete"},
    {"table", Type::text, create_required},
    {"key", Type::object, create, "Of the row that is changed or deleted: its columns and their texts"},
    {"version", Type::text, create, "Of that row, as it was read"},
    {"values", Type::object, create, "Columns and their texts, as PostgreSQL writes them, or null"},
};

constexpr Field studio_changes_fields[] = {
    {"changes", Type::list, create_required, {}, "StudioRowEdit"},
};

constexpr Field studio_applied_fields[] = {
    {"applied", Type::integer, answer},
};

constexpr Field studio_sql_fields[] = {
    {"sql", Type::text, create_required, "One statement, at most 64 KiB"},
    {"allowWrites", Type::boolean, create, "Without confirmedRows it is tried and taken back"},
    {"confirmedRows", Type::integer, create, "So many rows change, or none does"},
};

constexpr Field sql_column_fields[] = {
    {"name", Type::text, answer},
    {"type", Type::text, answer},
    {"isNumber", Type::boolean, answer},
};

constexpr Field sql_answer_fields[] = {
    {"columns", Type::list, answer, {}, "StudioSqlColumn"},
    {"rows", Type::rows, answer, "A cell is a text or null"},
    {"isCut", Type::boolean, answer, "There are more rows, or longer cells"},
    {"ms", Type::number, answer},
    {"affected", Type::integer, answer | optional, "Of a statement that writes"},
    {"isTrial", Type::boolean, answer | optional, "It was taken back"},
};

constexpr Schema schemas[] = {
    {"SignedIn", "Who is signed in now; the session is the cookie", signed_in_fields},
    {"SetupLink", "A one-time link", setup_link_fields},
    {"Session", "A browser that is signed in", session_fields},
    {"IssueLabel", "A label for an issue", issue_label_fields},
    {"SimilarIssue", "An issue with a title like another's", similar_issue_fields},
    {"Trash", "What was deleted and can come back", trash_fields},
    {"SearchHit", "An issue that was found", search_hit_fields},
    {"SearchAnswer", "Issues that have the words", search_fields},
    {"StatusCount", "How many issues have a status", status_count_fields},
    {"OpenAndCompleted", "How many issues are open and completed", open_and_completed},
    {"ThroughputWeek", "What was created and completed in a week", week_fields},
    {"CycleTime", "How long issues took", cycle_time_fields},
    {"Stats", "Figures of all issues", stats_fields},
    {"StatusDays", "How many issues had a status, day by day", status_days_fields},
    {"FinishedIssue", "An issue that was completed, and how long it took", finished_issue_fields},
    {"IssueInWork", "An issue that is worked on", issue_in_work_fields},
    {"Insights", "How issues flow", insights_fields},
    {"ImportNote", "What an import left out or changed", import_note_fields},
    {"ImportResult", "What an import brought, or would bring", import_fields},
    {"ImportProgress", "How far an import is", import_progress_fields},
    {"Backup", "A backup on the server", backup_fields},
    {"BackupRun", "How writing a backup went", backup_run_fields},
    {"BackupOverview", "The backups of the server", backup_overview_fields},
    {"DatabaseServer", "PostgreSQL", database_server_fields},
    {"DatabaseFigures", "The database", database_figures_fields},
    {"ConnectionPool", "The connections to PostgreSQL", pool_fields},
    {"DatabaseInfo", "PostgreSQL, the database and the connections", database_info_fields},
    {"StatementFigures", "What an SQL statement has taken since the start", statement_fields},
    {"SystemPart", "A part of the server and how it is", part_fields},
    {"Instance", "A server of this database", instance_fields},
    {"Alert", "Something that is not as it should be", alert_fields},
    {"SlowStatement", "An SQL statement with its plan", slow_statement_fields},
    {"SystemOverview", "How the server is", system_fields},
    {"StudioColumn", "A column of a table", studio_column_fields},
    {"StudioForeignKey", "A foreign key of a table", studio_key_fields},
    {"StudioTable", "A table of the database", studio_table_fields},
    {"StudioRow", "A row of a table", studio_row_fields},
    {"StudioRows", "Rows of a table", studio_rows_fields},
    {"StudioColumnValue", "A value of a column", column_value_fields},
    {"StudioColumnStatistics", "What a column holds", column_statistics_fields},
    {"StudioRowEdit", "A row that is inserted, changed or deleted", studio_change_fields},
    {"StudioChanges", "Changes of rows, all or none", studio_changes_fields},
    {"StudioApplied", "How many changes were made", studio_applied_fields},
    {"StudioSql", "An SQL statement to run", studio_sql_fields},
    {"StudioSqlColumn", "A column of an answer", sql_column_fields},
    {"StudioSqlAnswer", "What a statement answered", sql_answer_fields},
};

}  // namespace

std::span<const Schema> of_services() { return schemas; }

}  // namespace dits::schemas
