// The words of imported tables: what a column is called here, what their values mean, and the maps in which a
// person says so.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "shared/core/result.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

// The column of issue_table.hpp that other programs give this name to; empty: none.
std::string our_column(std::string_view theirs);
// The one that a name none of them is known for may mean, for a person to look at; empty: none.
std::string suggested_column(std::string_view theirs);

// By any name of the priority, in any case; nothing: none, likewise.
std::optional<Priority> priority_from_cell(std::string_view text);
// What another program's word may mean, for a person to look at.
std::string suggested_priority(std::string_view text);
// The status of this name, be it written in-progress or InProgress; null: there is none, or more than one.
const Status* status_called(const Workflow& workflow, std::string_view text);
std::string suggested_status(const Workflow& workflow, std::string_view text);

// "Summary=title,Owner=" as a map. Errors: invalid at "columns".
Result<std::map<std::string, std::string>> column_map_from_text(std::string_view text);

using TableValues = std::map<std::pair<std::string, std::string>, std::string>;
// "status:Resolved=Done,priority:Highest=urgent" as a map from our column and their value in lower case to
// ours. Errors: invalid at "values".
Result<TableValues> value_map_from_text(std::string_view text);

}  // namespace dits
