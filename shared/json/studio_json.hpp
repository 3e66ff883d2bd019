// Studio's tables, rows, changes and answers as JSON, in both directions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/json/value.hpp"
#include "shared/model/studio.hpp"

namespace dits {

// Errors of those that read, where nothing else is said: invalid, with the members that are missing or wrong.

Json studio_table_to_json(const StudioTable& table);
Result<StudioTable> studio_table_from_json(const Json& json);

// Pages hold many cells: written as text at once. Cells are text or null.
std::string studio_page_text(const StudioPage& page);
Result<StudioPage> studio_page_from_text(std::string_view text);

Json studio_changes_to_json(const std::vector<StudioChange>& changes);
// Errors: invalid: no change at all, more than max_studio_changes, a change without what its action needs.
Result<std::vector<StudioChange>> studio_changes_from_json(const Json& body);

Json column_statistics_to_json(const ColumnStatistics& statistics);
Result<ColumnStatistics> column_statistics_from_json(const Json& json);

Json sql_answer_to_json(const SqlAnswer& answer);
Result<SqlAnswer> sql_answer_from_text(std::string_view text);

// What the console sends.
struct SqlRequest {
  std::string sql;
  bool allows_writes = false;
  // A statement that writes is kept only when it touches exactly so many rows; without a number it is tried
  // and taken back.
  std::optional<std::int64_t> confirmed_rows;
};
Result<SqlRequest> sql_request_from_json(const Json& body);
Json sql_request_to_json(const SqlRequest& request);

// The answer of EXPLAIN (FORMAT JSON). Errors: invalid, when it is something else.
Result<PlanNode> plan_from_json(const Json& json);

// The saved queries among a user's preferences; empty when there are none, or something else.
std::vector<SavedSql> saved_sql_from_preferences(std::string_view preferences);
// The preferences with these instead.
std::string preferences_with_saved_sql(std::string_view preferences, const std::vector<SavedSql>& saved);

}  // namespace dits
