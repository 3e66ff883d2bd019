#include "server/db/sql_error.hpp"

#include <array>

#include <doctest/doctest.h>

namespace dits::test {

TEST_CASE("what the machine under the database lacks is no fault of ours, and says so") {
  struct Row {
    const char* state;
    const char* kind;
  };
  constexpr std::array rows{Row{"53100", "disk_full"},
                            Row{"58030", "disk_failed"},
                            Row{"57P01", "database_away"},
                            Row{"", "database_away"},
                            Row{"57014", "timeout"}};
  for (const Row& row : rows) {
    CAPTURE(row.state);
    SqlFailure failure;
    failure.sqlstate = row.state;
    const Error error = error_from_sql("some_statement", failure);
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.kind == row.kind);
    CHECK(told_error_from_sql("some_statement", failure, "SELECT 1").code == ErrorCode::unavailable);
  }
}

TEST_CASE("a question that finds no room for its sorting is not told that nothing can be saved") {
  struct Row {
    const char* message;
    const char* told;
    const char* kind;
  };
  constexpr std::array rows{
      Row{"could not extend file \"base/5/16402\": No space left on device", "can be saved", "disk_full"},
      Row{"could not create temporary file \"base/pgsql_tmp/pgsql_tmp77.0\": No space left on device",
          "to answer this",
          "disk_full"},
      Row{"konnte nicht in Datei »base/pgsql_tmp/pgsql_tmp77.0« schreiben", "to answer this", "disk_full"},
      Row{"could not resize shared memory segment \"/PostgreSQL.3928\" to 1048576 bytes", "/dev/shm", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.message);
    SqlFailure failure;
    failure.sqlstate = "53100";
    failure.message = row.message;
    for (const Error& error : {error_from_sql("some_statement", failure),
                               told_error_from_sql("some_statement", failure, "SELECT 1")}) {
      CHECK(error.code == ErrorCode::unavailable);
      CHECK(error.message.find(row.told) != std::string::npos);
      CHECK(error.kind == row.kind);
    }
  }
}

TEST_CASE("what is refused to a typed statement is told with its own reason, in the user's words") {
  struct Row {
    const char* state;
    const char* message;
    const char* told;
  };
  constexpr std::array rows{
      Row{"08P01",
          "bind message supplies 0 parameters, but prepared statement \"studio_sql.add3\" requires 1",
          "Nobody gives a value for $1 here: write the value itself into the statement."},
      Row{"54001", "stack depth limit exceeded", "The statement is nested too deeply or too long."},
      Row{"42501",
          "permission denied for table labels",
          "permission denied for table labels. Studio shows no passwords, no hashes of secrets and no "
          "columns "
          "of PostgreSQL's own such as ctid (name the columns that you want), keeps the log as it is, and "
          "deletes no accounts."},
      Row{"42501",
          "permission denied for function pg_read_file",
          "permission denied for function pg_read_file. Studio runs no functions that reach beyond the data. "
          "For these there is dits db shell."},
      Row{"42501",
          "permission denied to examine \"data_directory\"",
          "permission denied to examine \"data_directory\". It is for the owner of the database: dits db "
          "shell."}};
  for (const Row& row : rows) {
    CAPTURE(row.message);
    SqlFailure failure;
    failure.sqlstate = row.state;
    failure.message = row.message;
    const Error error = told_error_from_sql("studio_sql", failure, "SELECT 1");
    CHECK(error.message == row.told);
    CHECK(error.kind == "sql_error");
  }
  SqlFailure failure;
  failure.sqlstate = "42501";
  failure.message = "permission denied to terminate process";
  failure.detail = "Only roles with privileges of the role may terminate it.";
  CHECK(told_error_from_sql("studio_sql", failure, "SELECT 1").message.find("..") == std::string::npos);
}

TEST_CASE("an error of the database that no rule knows is our own") {
  SqlFailure failure;
  failure.sqlstate = "42P01";
  failure.message = "relation \"x\" does not exist";
  CHECK(error_from_sql("some_statement", failure).code == ErrorCode::internal);
}

}  // namespace dits::test
