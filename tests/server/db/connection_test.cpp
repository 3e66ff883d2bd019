#include "server/db/connection.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <doctest/doctest.h>

#include "tests/support/test_database.hpp"

namespace dits {
namespace {

// Sets a variable of the environment for as long as it lives.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value, 1);
  }
  ~ScopedVariable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST_CASE("pg_dump and psql reach the database as the server does: by the URL, then by its environment") {
  const ScopedVariable password("PGPASSWORD", "from the environment");
  const ScopedVariable mode("PGSSLMODE", "require");
  const ScopedVariable port("PGPORT", "6000");
  const ScopedVariable zone("PGTZ", "Asia/Tokyo");
  const ScopedVariable home("HOME", "/home/anna");
  const auto variables = connection_environment(Secret("postgresql://anna@db2:5433/dits")).value();
  const auto has = [&](const char* text) { return std::ranges::count(variables, text) == 1; };
  CHECK(has("PGHOST=db2"));
  CHECK(has("PGPORT=5433"));
  CHECK(has("PGUSER=anna"));
  CHECK(has("PGDATABASE=dits"));
  CHECK(has("PGPASSWORD=from the environment"));
  CHECK(has("PGSSLMODE=require"));
  CHECK(has("HOME=/home/anna"));
  CHECK_FALSE(has("PGTZ=Asia/Tokyo"));
  const auto told = connection_environment(Secret("postgresql://anna:secret@db2/dits")).value();
  CHECK(std::ranges::count(told, "PGPASSWORD=secret") == 1);
  CHECK(std::ranges::count(told, "PGPORT=6000") == 1);
}

TEST_CASE("a statement that heeds no limit of time is given up, and an administrator hears why") {
  test::TestDatabase database;
  for (const bool is_told : {true, false}) {
    CAPTURE(is_told);
    ConnectionOptions options = database.pool_options().connection;
    options.statement_timeout = std::chrono::milliseconds(200);
    options.tells_errors = is_told;
    const auto connection = Connection::open(options).value();
    REQUIRE(connection->run_once("SET statement_timeout = 0"));
    const Result<Rows> rows = connection->run_once("SELECT pg_sleep(20)");
    REQUIRE_FALSE(rows);
    CHECK(rows.error().kind == (is_told ? "timeout" : "database_away"));
    CHECK((rows.error().message.find("took longer than a statement here may take") != std::string::npos) ==
          is_told);
    CHECK(connection->is_broken());
  }
}

}  // namespace
}  // namespace dits
