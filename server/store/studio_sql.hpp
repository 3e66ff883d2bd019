// Pieces of Studio's SQL: names quoted, values as parameters of the column's own type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/db/param.hpp"
#include "shared/model/studio.hpp"

namespace dits::store {

// "issues" with quotes, doubled inside.
std::string quoted_name(std::string_view name);

// A statement in the making, with its parameters.
struct StudioSql {
  std::string text;
  std::vector<Param> params;

  // "$3::issue_priority".
  std::string param(const Cell& value, const std::string& type);
};

// The filter as a condition, without WHERE; "true" when it is empty. Errors: invalid at "filter".
Result<std::string> condition_sql(StudioSql& sql, const StudioTable& table, const StudioFilter& filter);

// By what a page is ordered, and from where the next one goes on.
struct StudioOrder {
  std::vector<const StudioColumn*> columns;  // the sort column, then the primary key
  bool is_descending = false;

  // Of the columns of `table`, never of what a statement makes of them: cells have the columns' names as
  // well, and ORDER BY would take those first, as text.
  std::string order_by(std::string_view table) const;
  // The rows behind these values.
  std::string after(StudioSql& sql, const std::vector<Cell>& values) const;
};
// Errors: invalid at "sort".
Result<StudioOrder> studio_order(const StudioTable& table, std::string_view sort, bool is_descending);

}  // namespace dits::store
