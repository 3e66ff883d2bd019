// A schema "public" that was just made, while the rows of a backup go into it: without foreign keys, indexes,
// triggers and row-level security, whatever the order of the tables. All of them are put back afterwards, and
// then hold for every row.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/db/connection.hpp"
#include "shared/core/result.hpp"

namespace dits {

// What triggers make from other tables: no backup holds its rows, and a restore makes them anew.
inline constexpr std::string_view derived_table = "issue_search";

class BareTables {
 public:
  // Also removes what the migrations have put into the tables: the backup has it.
  static Result<BareTables> strip(Connection& owner);

  const std::set<std::string>& names() const { return names_; }  // "issues"; of the derived one is none
  // And fills the derived table, if the schema has it. Errors: invalid, kind "bad_archive", when a row breaks
  // a rule of the schema.
  Result<void> put_back(Connection& owner) const;

 private:
  std::set<std::string> names_;
  std::vector<std::string> later_;  // statements, in their order
};

}  // namespace dits
