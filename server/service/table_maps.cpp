#include "server/service/table_maps.hpp"

#include <algorithm>

#include "server/service/import_notes.hpp"
#include "shared/core/text.hpp"

namespace dits {

// As it stands, else whatever its case.
const std::string* TableMaps::column(const std::string& theirs) {
  seen_columns_.push_back(theirs);
  if (const auto exact = columns_.find(theirs); exact != columns_.end()) return &exact->second;
  for (const auto& [named, ours] : columns_) {
    if (fold_case(named) == fold_case(theirs)) return &ours;
  }
  return nullptr;
}

std::string TableMaps::value(const std::string& column, const std::string& text) {
  const auto found = values_.find({column, fold_case(trim(text))});
  if (found == values_.end()) return text;
  used_values_.insert(found->first);
  return found->second;
}

void TableMaps::tell_missing_columns(const std::vector<std::string>& ours, TableObstacles& obstacles) {
  std::string all;
  for (const std::string& column : seen_columns_) all += (all.empty() ? "" : ", ") + column;
  for (const auto& [theirs, named] : columns_) {
    const auto is_it = [&](const std::string& seen) { return fold_case(seen) == fold_case(theirs); };
    if (std::ranges::none_of(seen_columns_, is_it))
      obstacles.unfit_map("columns", "the table has no column " + beginning_of(theirs) + "; it has " + all);
  }
  for (const auto& [key, named] : values_) {
    const std::string& column = key.first;
    if (std::ranges::find(ours, column) != ours.end() || !missing_.insert(column).second) continue;
    obstacles.unfit_map("values", "the table has no column " + column);
  }
}

void TableMaps::tell_unused_values(TableObstacles& obstacles) const {
  for (const auto& [key, named] : values_) {
    if (used_values_.contains(key) || missing_.contains(key.first)) continue;
    obstacles.unfit_map("values", "no " + key.first + " in the table is " + beginning_of(key.second));
  }
}

}  // namespace dits
