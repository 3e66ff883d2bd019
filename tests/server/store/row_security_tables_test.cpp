// Row-level security table by table: what the role that serves requests can see and change with statements of
// any kind, and by what it cannot get rid of that.
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "server/db/all_statements.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/planted_accounts.hpp"
#include "tests/support/postgres15.hpp"

namespace dits::test {
namespace {

// Tables in which nothing is anybody's.
const std::map<std::string, std::string_view> tables_of_nobody{
    {"schema_migrations", "which migrations were applied, and when"},
    {"session_epoch", "one number that moves with each revocation"},
    {"database_identity", "which database this is"},
    {"clock_witness", "how the servers' time passed"},
};

// Tables that only functions with their owner's rights read and write. Where no role but their owner may
// touch them, no policy is forced on it, so that the functions can use the indexes; they ask who is acting.
const std::set<std::string> tables_of_functions{"issue_search"};

// Tables that the system reads and writes before or beside a login.
const std::set<std::string> tables_of_accounts{"users",
                                               "user_counters",
                                               "sessions",
                                               "api_tokens",
                                               "setup_links",
                                               "idempotency_keys",
                                               "login_failures",
                                               "waiting_changes"};

std::string ask(Connection& connection, const std::string& sql) {
  const Result<Rows> rows = connection.run_once(sql);
  INFO(sql);
  INFO((rows ? std::string() : rows.error().message));
  REQUIRE(rows);
  return rows->empty() ? std::string() : std::string((*rows)[0].text(0));
}

std::vector<std::string> protected_tables(Connection& connection) {
  std::vector<std::string> names;
  const Rows rows = connection
                        .run_once(
                            "SELECT relname FROM pg_class WHERE relnamespace = "
                            "'public'::regnamespace AND relkind IN ('r', 'p') "
                            "AND relrowsecurity AND relforcerowsecurity ORDER BY relname")
                        .value();
  for (const Row row : rows) names.emplace_back(row.text(0));
  return names;
}

std::string owner_column(const std::string& table) { return table == "users" ? "id" : "user_id"; }
bool is_of_system(const std::string& table) { return table == "setup_links" || table == "login_failures"; }

void act_as(Connection& connection, const std::string& user, bool is_system) {
  REQUIRE(connection.run_script("SELECT set_config('dits.user_id', '" + user +
                                "', false), set_config('dits.system', '" + (is_system ? "on" : "off") +
                                "', false)"));
}

// `app` is signed in as the role that serves requests; `superuser` sees what there is.
void check_tables(Connection& app, Connection& superuser) {
  const std::string owner = planted_owner;
  for (const std::string& table : protected_tables(superuser)) {
    CAPTURE(table);
    const std::string of_owner = is_of_system(table) ? "true" : owner_column(table) + " = '" + owner + "'";
    const std::string count = "SELECT count(*) FROM " + table + " WHERE " + of_owner;
    const std::string state =
        "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM " + table + " t WHERE " + of_owner;
    // planted_accounts.cpp has a row for each table.
    REQUIRE(ask(superuser, count) != "0");
    const std::string before = ask(superuser, state);
    const std::string column =
        is_of_system(table) ? (table == "setup_links" ? "used_at" : "failures") : owner_column(table);
    for (const bool is_somebody : {true, false}) {
      act_as(app, is_somebody ? planted_stranger : "", false);
      CHECK(ask(app, count) == "0");
      const bool sees_own = is_somebody && !is_of_system(table);
      CHECK((ask(app, "SELECT count(*) FROM " + table) != "0") == sees_own);
      REQUIRE(app.run_script("BEGIN"));
      // Refused, or a row of nobody's.
      for (const std::string& sql :
           {"UPDATE " + table + " SET " + column + " = " + column,
            "UPDATE " + table + " SET " + column + " = " + column + " WHERE " + of_owner,
            "DELETE FROM " + table + " WHERE " + of_owner,
            "SELECT * FROM " + table + " WHERE " + of_owner + " FOR UPDATE"}) {
        CAPTURE(sql);
        REQUIRE(app.run_script("SAVEPOINT before"));
        const Result<Rows> done = app.run_once(sql);
        const std::int64_t touched = !done ? 0 : done->column_count() > 0 ? done->size() : done->affected();
        if (sql.find("WHERE") != std::string::npos || !sees_own) CHECK(touched == 0);
        REQUIRE(app.run_script("ROLLBACK TO SAVEPOINT before"));
      }
      if (sees_own) {
        // One's own row is not made another's.
        const Result<Rows> given = app.run_once("UPDATE " + table + " SET " + column + " = '" + owner + "'");
        CHECK_FALSE(given);
      }
      REQUIRE(app.run_script("ROLLBACK"));
    }
    act_as(app, "", true);
    if (!tables_of_accounts.contains(table)) CHECK(ask(app, "SELECT count(*) FROM " + table) == "0");
    CHECK(ask(superuser, state) == before);
  }
  act_as(app, "", false);
}

void check_that_all_are_protected(Connection& superuser) {
  const Rows rows =
      superuser
          .run_once(
              "SELECT relname, relrowsecurity, relforcerowsecurity, EXISTS (SELECT FROM pg_policy WHERE "
              "polrelid = c.oid) FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind "
              "NOT IN "
              "('i', 'I', 'c', 'S')")
          .value();
  for (const Row row : rows) {
    const std::string table(row.text(0));
    CAPTURE(table);
    CHECK((row.boolean(1) && row.boolean(3)) != tables_of_nobody.contains(table));
    CHECK(row.boolean(2) == (row.boolean(1) && !tables_of_functions.contains(table)));
  }
}

// No statement of the server's names them, and a role that is not their owner is refused.
void check_tables_of_functions(Connection& app, bool is_owner) {
  for (const std::string& table : tables_of_functions) {
    for (const auto statements : sql::all_statements) {
      for (const Statement* statement : statements) {
        CAPTURE(statement->name);
        CHECK(statement->sql.find(table + " ") == std::string_view::npos);
      }
    }
    if (is_owner) continue;
    for (const std::string& sql : {"SELECT count(*) FROM " + table, "DELETE FROM " + table})
      CHECK_FALSE(app.run_once(sql));
  }
}

// Each is refused, or changes nothing about what is seen.
constexpr const char* ways_out[] = {"SET ROLE dits_owner",
                                    "SET ROLE dits",
                                    "SET ROLE dits_studio",
                                    "SET ROLE dits_studio_sql",
                                    "SET ROLE postgres",
                                    "RESET ROLE",
                                    "SET ROLE NONE",
                                    "SET SESSION AUTHORIZATION DEFAULT",
                                    "SET SESSION AUTHORIZATION dits",
                                    "RESET SESSION AUTHORIZATION",
                                    "SET row_security = off",
                                    "SET LOCAL row_security = off",
                                    "ALTER ROLE CURRENT_USER BYPASSRLS",
                                    "ALTER ROLE CURRENT_USER SUPERUSER",
                                    "SET session_replication_role = replica",
                                    "SET dits.backup = ''",
                                    "SELECT set_config('is_superuser', 'on', false)",
                                    "SELECT set_config('row_security', 'off', false)",
                                    "COPY comments TO PROGRAM 'cat'",
                                    "COPY comments TO '/dev/null'",
                                    "SELECT pg_read_file('PG_VERSION')",
                                    "SELECT lo_import('/etc/passwd')",
                                    "LOAD 'auto_explain'",
                                    "CREATE EXTENSION file_fdw"};

void check_ways_out(Connection& app) {
  act_as(app, planted_stranger, false);
  const std::string look = "SELECT string_agg(DISTINCT body, ' ') FROM comments";
  REQUIRE(ask(app, look) == "pigeon");
  for (const char* sql : ways_out) {
    CAPTURE(sql);
    REQUIRE(app.run_script("BEGIN; SAVEPOINT before"));
    if (!app.run_script(sql)) REQUIRE(app.run_script("ROLLBACK TO SAVEPOINT before"));
    // With row_security off PostgreSQL refuses what a policy would filter.
    const Result<Rows> seen = app.run_once(look);
    CHECK((!seen || (*seen)[0].text(0) == "pigeon"));
    REQUIRE(app.run_script("ROLLBACK"));
    CHECK(ask(app, look) == "pigeon");
  }
}

// Functions that run with their owner's rights look names up in the schema of DITS alone, and ask for the
// acting user by themselves. Those of triggers are for the triggers that are there: a role that could name
// one in a trigger of its own would write what it likes.
void check_functions(Connection& app, Connection& superuser, bool is_owner) {
  const Rows rows =
      superuser
          .run_once(
              "SELECT proname, coalesce(array_to_string(proconfig, ','), ''), prosrc, prorettype = "
              "'trigger'::regtype, has_function_privilege('" +
              ask(app, "SELECT current_user") +
              "', oid, 'EXECUTE') FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
          .value();
  for (const Row row : rows) {
    CAPTURE(row.text(0));
    CHECK(row.text(1).find("search_path=") != std::string_view::npos);
    if (!row.boolean(3)) CHECK(row.text(2).find("current_user_id()") != std::string_view::npos);
    if (row.boolean(3) && !is_owner) CHECK_FALSE(row.boolean(4));
  }
  const std::string owner = planted_owner;
  const std::string log =
      "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM audit_logs t WHERE user_id = '" + owner +
      "'";
  const std::string before = ask(superuser, log);
  for (const bool is_somebody : {true, false}) {
    act_as(app, is_somebody ? planted_stranger : "", false);
    const std::string purged = "md5('purged')";
    for (const std::string& sql :
         std::vector<std::string>{"SELECT redact_changes(md5('issue')::uuid)",
                                  "SELECT redact_changes(" + purged + "::uuid)",
                                  "SELECT search_issue_words('zebrafish', 10)",
                                  "SELECT begin_log_anew()",
                                  "SELECT set_config('dits.redacts', " + purged + ", false)",
                                  "UPDATE audit_logs SET old_values = NULL, new_values = NULL, metadata = "
                                  "metadata || '{\"redacted\": "
                                  "true}'"}) {
      CAPTURE(sql);
      REQUIRE(app.run_script("BEGIN; SAVEPOINT before"));
      static_cast<void>(app.run_once(sql));
      REQUIRE((app.run_script("COMMIT") || app.run_script("ROLLBACK")));
      CHECK(ask(superuser, log) == before);
    }
  }
}

TEST_CASE(
    "every table is under forced row-level security or in the list of those in which nothing is anybody's") {
  TestDatabase db;
  check_that_all_are_protected(*db.owner());
}

TEST_CASE(
    "whoever is acting sees and changes their own rows of every table, nobody sees any, and the role can't "
    "get out") {
  TestDatabase db;
  if (lacks(Need::own_cluster)) return;
  const auto superuser = db.owner();
  plant_accounts(*superuser);
  ConnectionOptions options;
  options.url = test_cluster()->url(embedded::app_role);
  options.database = ask(*superuser, "SELECT current_database()");
  const auto app = Connection::open(options).value();
  REQUIRE(ask(*app, "SELECT session_user") == "dits_app");
  check_tables(*app, *superuser);
  check_tables_of_functions(*app, false);
  check_ways_out(*app);
  check_functions(*app, *superuser, false);
}

TEST_CASE("a plain owner of PostgreSQL 15 is bound by row-level security like everybody, and can't get out") {
  if (lacks(Need::postgres15)) return;
  const Postgres15 server;
  const Secret url = server.make_database("planted");
  const auto app = connect_to(url);
  REQUIRE(migrate(*app, {embedded_migrations().value(), "test"}));
  REQUIRE(grant_app_role(*app));
  plant_accounts(*app);
  const auto superuser = connect_to(server.superuser_url("planted"));
  REQUIRE(ask(*app,
              "SELECT session_user::text || rolsuper || rolbypassrls FROM pg_roles WHERE rolname = "
              "session_user") == "plainfalsefalse");
  check_that_all_are_protected(*superuser);
  check_tables(*app, *superuser);
  check_tables_of_functions(*app, true);
  check_ways_out(*app);
  check_functions(*app, *superuser, true);
}

}  // namespace
}  // namespace dits::test
