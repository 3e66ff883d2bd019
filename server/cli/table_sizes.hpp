// How many rows the tables have: for `dits db info`, and for the question that `dits db reset` asks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/db/connection.hpp"
#include "shared/core/result.hpp"

namespace dits::cli {

struct TableSize {
  std::string name;
  std::int64_t rows = 0;
  bool is_estimate = false;
  std::string size;  // on disk, with indexes, as people read it
};

// The tables of our schema, the largest first. A table that is said to have more than 100,000 rows is
// estimated, the others are counted, whether row-level security binds the owner or not.
Result<std::vector<TableSize>> table_sizes(Connection& owner);

}  // namespace dits::cli
