// What keeps a table from coming in: all of it is looked for before anybody is asked to mend it, and told
// with the maps that would mend it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.hpp"

namespace dits {

class TableObstacles {
 public:
  bool any() const { return count_ > 0; }

  void mistake(std::int64_t line, const std::string& what);
  // A column that is none of ours; once for all of its name. `suggested`: what it may mean; empty: nothing.
  void unknown_column(const std::string& theirs, const std::string& suggested);
  // A column that another one stands for already: proposed to be passed over.
  void double_column(const std::string& theirs, const std::string& what);
  // A cell of a column of ours whose value is none of ours; once for all rows that have it. `suggested`: what
  // it may mean.
  void unknown_value(std::int64_t line,
                     const std::string& column,
                     const std::string& theirs,
                     const std::string& suggested,
                     const std::string& what);
  // A date that an order of day and month would make one.
  void unordered_date(std::int64_t line, const std::string& what);

  // Of a map that was given ("columns", "values"): it speaks of what the table does not have.
  void unfit_map(const std::string& map, const std::string& what);

  // Errors: invalid with a field for each obstacle, by its line, up to twenty mistakes; its message has the
  // flags of dits import csv to go on with.
  Result<void> refuse();

 private:
  struct Told {
    std::int64_t line = 0;
    std::string what;
  };
  struct Column {
    std::string theirs;
    std::string suggested;
    std::string what;
  };
  struct Value {
    std::int64_t line = 0;
    std::int64_t rows = 0;
    std::string suggested;
    std::string what;
  };
  std::string advice() const;

  std::int64_t count_ = 0;
  std::vector<Told> mistakes_;
  std::vector<Column> columns_;
  std::vector<FieldError> maps_;
  std::map<std::pair<std::string, std::string>, Value> values_;  // by column and value
  bool has_unordered_date_ = false;
};

}  // namespace dits
