// Every named SQL statement of the server, whoever wrote it: it must be prepared and run by the role that
// serves requests.
#include <set>

#include <doctest/doctest.h>

#include "server/db/all_statements.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

// The highest N of all $N outside of quotes and comments.
int parameter_count(std::string_view sql) {
  int highest = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (!is_quoted && sql.substr(at).starts_with("--")) at = std::min(sql.find('\n', at), sql.size() - 1);
    if (sql[at] == '\'') is_quoted = !is_quoted;
    if (is_quoted || sql[at] != '$') continue;
    int number = 0;
    while (at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9')
      number = number * 10 + (sql[++at] - '0');
    highest = std::max(highest, number);
  }
  return highest;
}

// A row without an owner is refused by row-level security before anything else looks at it.
bool is_refused_value(const Error& error) {
  return error.kind == "check_violation" || error.kind == "foreign_key_violation" ||
         error.kind == "unique_violation" || error.message.find("row-level security") != std::string::npos;
}

TEST_CASE("every statement is prepared and runs with empty parameters, refusing at most the values") {
  test::TestDatabase db;
  const UserId user = db.add_user("anna@x.dev");
  int count = 0;
  for (const auto statements : sql::all_statements) {
    for (const Statement* statement : statements) {
      CAPTURE(statement->name);
      const std::vector<Param> params(static_cast<std::size_t>(parameter_count(statement->sql)),
                                      Param(std::nullopt));
      Transaction transaction = db.database().begin(Actor{user, true}, Access::write).value();
      const auto rows = transaction.run(*statement, params);
      CHECK((rows.has_value() || is_refused_value(rows.error())));
      ++count;
    }
  }
  CHECK(count > 50);
}

TEST_CASE("names of statements are unique") {
  std::set<std::string_view> names;
  for (const auto statements : sql::all_statements) {
    for (const Statement* statement : statements) {
      CAPTURE(statement->name);
      CHECK(names.insert(statement->name).second);
      CHECK(statement->name.size() <= 63);
    }
  }
}

}  // namespace
}  // namespace dits
