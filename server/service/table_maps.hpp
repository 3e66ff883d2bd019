// The maps of an import, and which of their entries fit the table: one that fits nothing is a slip of the
// hand.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/service/table_obstacles.hpp"
#include "server/service/table_words.hpp"

namespace dits {

class TableMaps {
 public:
  // Both outlive it.
  TableMaps(const std::map<std::string, std::string>& columns, const TableValues& values)
      : columns_(columns), values_(values) {}

  // What a column of theirs is here; null: it is not mapped.
  const std::string* column(const std::string& theirs);
  // The value as it is called here; of labels each for itself.
  std::string value(const std::string& column, const std::string& text);

  // Once the first row is read, by our names; and once all rows are.
  void tell_missing_columns(const std::vector<std::string>& ours, TableObstacles& obstacles);
  void tell_unused_values(TableObstacles& obstacles) const;

 private:
  const std::map<std::string, std::string>& columns_;
  const TableValues& values_;
  std::vector<std::string> seen_columns_;
  std::set<std::string> missing_;  // our columns that have mapped values and are not in the table
  std::set<std::pair<std::string, std::string>> used_values_;
};

}  // namespace dits
