// What PostgreSQL reads to answer a statement, with the database inside and as a plain owner of
// PostgreSQL 15.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "server/db/database.hpp"

namespace dits::test {

// Account a of the rows that a test puts there.
constexpr const char* plan_reader = "01900000-0000-7000-8000-00000000000a";

template <typename T>
T must(Result<T> result) {
  INFO((result ? std::string() : result.error().message));
  REQUIRE(result);
  return std::move(result).value();
}

struct PlanRows {
  std::string sql;          // run by the owner, into bare tables
  std::string_view tables;  // to be analysed then, as ANALYZE takes them
};
using CheckPlans = std::function<void(Database& database)>;
// `check` with what requests log in as: where row-level security binds their role and the login is a
// superuser's …
void check_plans_inside(const PlanRows& rows, const CheckPlans& check);
// … and as the owner itself, who is no superuser. Does nothing where PostgreSQL 15 is missing.
void check_plans_of_owner(const PlanRows& rows, const CheckPlans& check);

// A transaction of plan_reader in which every plan is of this kind ("force_custom_plan" …), however long it
// takes.
Transaction begin_planned(Database& database, std::string_view plan_cache_mode);

// What a statement may read of some tables, within functions too: no whole one, and so many rows.
struct ReadingLimit {
  std::vector<std::string> tables;
  double rows = 0;
  double rows_each = 0;  // for each row that it answers with
};
// Executes the statement, which must answer with a row at least, and holds what it reads.
void check_reading(Transaction& transaction,
                   const std::string& what,
                   const std::string& sql,
                   const std::vector<Param>& params,
                   const ReadingLimit& limit);

}  // namespace dits::test
