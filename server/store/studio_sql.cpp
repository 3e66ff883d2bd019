#include "server/store/studio_sql.hpp"

namespace dits::store {

static std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    out += c;
    if (c == '"') out += c;
  }
  return out + "\"";
}

std::string StudioSql::param(const Cell& value, const std::string& type) {
  params.emplace_back(value);
  return "$" + std::to_string(params.size()) + "::" + type;
}

static Result<std::string> one_condition(StudioSql& sql,
                                         const StudioTable& table,
                                         const StudioCondition& condition) {
  const StudioColumn* column = table.find(condition.column);
  if (column == nullptr || column->is_secret)
    return invalid("filter", table.name + " has no column \"" + condition.column + "\".");
  const std::string name = quoted_name(column->name);
  switch (condition.op) {
    case FilterOperator::is_null:
      return name + " IS NULL";
    case FilterOperator::is_set:
      return name + " IS NOT NULL";
    case FilterOperator::contains:
      return name + "::text ILIKE " + sql.param(like_pattern(condition.value), "text");
    case FilterOperator::differs:
      return name + " IS DISTINCT FROM " + sql.param(condition.value, column->type);
    default:
      return name + " " + std::string(name_of(condition.op)) + " " + sql.param(condition.value, column->type);
  }
}

Result<std::string> condition_sql(StudioSql& sql, const StudioTable& table, const StudioFilter& filter) {
  std::string text;
  for (const StudioCondition& condition : filter.conditions) {
    text += (text.empty() ? "" : " AND ") + TRY(one_condition(sql, table, condition));
  }
  for (const std::string& word : filter.words) {
    const std::string pattern = sql.param(like_pattern(word), "text");
    std::string any;
    for (const StudioColumn& column : table.columns) {
      if (column.is_secret || column.kind == CellKind::other) continue;
      any += (any.empty() ? "" : " OR ") + quoted_name(column.name) + "::text ILIKE " + pattern;
    }
    text += (text.empty() ? "(" : " AND (") + (any.empty() ? "false" : any) + ")";
  }
  return text.empty() ? std::string("true") : text;
}

std::string StudioOrder::order_by(std::string_view table) const {
  std::string text;
  for (const StudioColumn* column : columns) {
    text += (text.empty() ? "" : ", ") + quoted_name(table) + "." + quoted_name(column->name) +
            (is_descending ? " DESC" : "");
    if (column->is_nullable) text += " NULLS LAST";
  }
  return text;
}

std::string StudioOrder::after(StudioSql& sql, const std::vector<Cell>& values) const {
  const char* const beyond = is_descending ? " < " : " > ";
  const auto row_of = [&](std::size_t first) {
    std::string names;
    std::string texts;
    for (std::size_t at = first; at < columns.size(); ++at) {
      names += (at > first ? ", " : "") + quoted_name(columns[at]->name);
      texts += (at > first ? ", " : "") + sql.param(values[at], columns[at]->type);
    }
    return "(" + names + ")" + beyond + "(" + texts + ")";
  };
  if (!columns.front()->is_nullable || columns.size() == 1) return row_of(0);
  // NULLs come last, whatever the direction.
  const std::string name = quoted_name(columns.front()->name);
  if (!values.front()) return "(" + name + " IS NULL AND " + row_of(1) + ")";
  return "(" + row_of(0) + " OR " + name + " IS NULL)";
}

Result<StudioOrder> studio_order(const StudioTable& table, std::string_view sort, bool is_descending) {
  StudioOrder order;
  order.is_descending = is_descending;
  if (!sort.empty()) {
    const StudioColumn* column = table.find(sort);
    if (column == nullptr || column->is_secret)
      return invalid("sort", table.name + " has no column \"" + std::string(sort) + "\".");
    if (column->kind == CellKind::json || column->kind == CellKind::other)
      return invalid("sort", "Rows can't be put in order by " + column->name + ".");
    order.columns.push_back(column);
  }
  for (const StudioColumn& column : table.columns) {
    if (column.is_key && column.name != sort && !column.is_secret) order.columns.push_back(&column);
  }
  if (order.columns.empty()) {
    for (const StudioColumn& column : table.columns) {
      if (!column.is_secret && order.columns.empty()) order.columns.push_back(&column);
    }
  }
  return order;
}

}  // namespace dits::store
