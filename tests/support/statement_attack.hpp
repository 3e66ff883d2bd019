// Statements of the server with parameters that name another account's rows: what somebody would send who got
// past every check of the application.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/db/connection.hpp"
#include "server/db/statement.hpp"

namespace dits::test {

// How an attack says whose rows it wants.
enum class Aim {
  honest,   // the parameter that names the user names who asks, and all others the owner's rows
  named,    // that parameter names the owner of the rows, too
  stripped  // as honest, but conditions on the user are taken out of the statement
};

struct Attack {
  std::string sql;
  std::vector<Param> params;
};

// Makes attacks on planted_owner's rows by planted_stranger (planted_accounts.hpp).
class Attacker {
 public:
  // `superuser` sees every row and every column's type.
  explicit Attacker(Connection& superuser);

  // The attempts differ in what is sent where the statement does not tell what it compares with.
  static constexpr int attempts = 6;
  // Of a stripped statement `condition` says which one is taken out, from 1; 0: all of them.
  Attack attack(const Statement& statement, Aim aim, int attempt, int condition = 0);

 private:
  struct Place;
  std::string value_of(const Place& place, const std::string& type, int attempt) const;
  std::string kept_value(std::string_view table, std::string_view column, int attempt = 0) const;
  std::string table_with(const std::vector<std::string>& tables, const std::string& column) const;
  std::string records_for(const std::string& sql,
                          std::size_t at,
                          const std::vector<std::string>& tables) const;

  Connection& connection_;
  // table -> rows -> column -> value
  std::map<std::string, std::vector<std::map<std::string, std::string>>, std::less<>> kept_;
  std::string all_ids_;  // as a uuid[] literal
};

// How many conditions on the user the statement has.
int count_conditions(std::string_view sql);
// Does the statement write, by itself or by a function that it calls?
bool is_writing(std::string_view sql);

}  // namespace dits::test
