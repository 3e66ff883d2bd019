#include "server/migrate/migrate.hpp"

#include <thread>

#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using test::TestDatabase;

Migration migration(std::string name, std::string sql) {
  return parse_migration(std::move(name), std::move(sql), "{}").value();
}

const Migration first =
    migration("20250101000000_first", "CREATE TABLE a (x int); INSERT INTO a VALUES (1);");
const Migration second = migration(
    "20250102000000_second",
    "CREATE TABLE IF NOT EXISTS a (x int); ALTER TABLE a ADD COLUMN y int; CREATE TABLE b (z int);");

// A database without any schema.
struct EmptyDatabase {
  EmptyDatabase() {
    owner = db.owner();
    REQUIRE(drop_everything(*owner));
  }
  std::string ask(std::string_view sql) { return std::string(owner->run_once(sql).value()[0].text(0)); }

  TestDatabase db;
  std::unique_ptr<Connection> owner;
};

TEST_CASE("pending migrations are applied in order, once, and remembered") {
  EmptyDatabase empty;
  CHECK(migrate(*empty.owner, {{first}, "1.0"}).value() == std::vector<std::string>{first.name});
  CHECK(migrate(*empty.owner, {{first, second}, "1.1"}).value() == std::vector<std::string>{second.name});
  CHECK(migrate(*empty.owner, {{first, second}, "1.1"}).value().empty());
  const MigrationState state = migration_state(*empty.owner, {first, second}).value();
  REQUIRE(state.applied.size() == 2);
  CHECK(state.pending.empty());
  CHECK(state.applied[1].binary_version == "1.1");
  CHECK(empty.ask("SELECT count(*) FROM a") == "1");
}

TEST_CASE("a migration whose text changed after it was applied stops everything") {
  EmptyDatabase empty;
  REQUIRE(migrate(*empty.owner, {{first}, "1.0"}));
  const Migration changed = migration(first.name, first.sql + " -- changed");
  const auto result = migrate(*empty.owner, {{changed, second}, "1.1"});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == "migration_changed");
  CHECK(empty.ask("SELECT to_regclass('b') IS NULL") == "t");
}

TEST_CASE("an older executable refuses a newer schema") {
  EmptyDatabase empty;
  REQUIRE(migrate(*empty.owner, {{first, second}, "2.0"}));
  const auto result = migrate(*empty.owner, {{first}, "1.0"});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == "schema_is_newer");
  CHECK(result.error().message.find("2.0") != std::string::npos);
}

TEST_CASE("a migration that fails leaves nothing behind, and those before it stay") {
  EmptyDatabase empty;
  const Migration broken = migration(second.name, "CREATE TABLE b (z int); SELECT nothing;");
  const auto result = migrate(*empty.owner, {{first, broken}, "1.0"});
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find(second.name) != std::string::npos);
  CHECK(empty.ask("SELECT to_regclass('b') IS NULL") == "t");
  CHECK(migrate(*empty.owner, {{first, second}, "1.0"}).value() == std::vector<std::string>{second.name});
}

TEST_CASE("two that migrate at the same time do it once") {
  EmptyDatabase empty;
  auto other = empty.db.owner();
  const Migration slow = migration(first.name, first.sql + " SELECT pg_sleep(0.2);");
  std::size_t applied_by_other = 0;
  bool other_is_fine = false;
  std::thread thread([&] {
    const auto result = migrate(*other, {{slow, second}, "1.0"});
    other_is_fine = result.has_value();
    if (result) applied_by_other = result->size();
  });
  const auto mine = migrate(*empty.owner, {{slow, second}, "1.0"});
  thread.join();
  REQUIRE(mine);
  CHECK(other_is_fine);
  CHECK(mine->size() + applied_by_other == 2);
}

TEST_CASE(
    "a backup is made before the first migration of a database that holds data, and stops it when it fails") {
  EmptyDatabase empty;
  int backups = 0;
  const auto backup = [&backups]() -> Result<void> {
    ++backups;
    return {};
  };
  REQUIRE(migrate(*empty.owner, {{first}, "1.0", backup}));
  CHECK(backups == 0);
  const auto failing = []() -> Result<void> { return unavailable("The disk is full."); };
  CHECK_FALSE(migrate(*empty.owner, {{first, second}, "1.0", failing}));
  CHECK(empty.ask("SELECT to_regclass('b') IS NULL") == "t");
  REQUIRE(migrate(*empty.owner, {{first, second}, "1.0", backup}));
  CHECK(backups == 1);
}

TEST_CASE("names and descriptions of migrations are checked") {
  CHECK(is_migration_name("20251007011629_init"));
  for (const char* bad : {"init",
                          "2025_init",
                          "20251007011629_",
                          "20251007011629-init",
                          "20251007011629_Init",
                          "20251007011629__x",
                          "../x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_migration(bad, "", "{}"));
  }
  CHECK_FALSE(parse_migration("20251007011629_init", "", "[]"));
  CHECK_FALSE(parse_migration("20251007011629_init", "", "{").has_value());
  CHECK_FALSE(
      parse_migration("20251007011629_init", "", R"({"transaction": false})").value().is_transactional);
  const test::TemporaryDirectory directory;
  CHECK(write_new_migration(directory.path(), "add_things", "20260101000000").value() ==
        directory.path() + "/20260101000000_add_things");
  CHECK_FALSE(write_new_migration(directory.path(), "Add things", "20260101000000"));
}

TEST_CASE("the table of migrations tells applied, pending, changed and missing ones, by whom and when") {
  using State = MigrationRow::State;
  EmptyDatabase empty;
  const auto states = [&](const std::vector<Migration>& known) {
    std::vector<State> out;
    const std::vector<MigrationRow> rows = migration_rows(*empty.owner, known).value();
    for (const MigrationRow& row : rows) out.push_back(row.state);
    return out;
  };
  CHECK(states({first, second}) == std::vector{State::pending, State::pending});
  REQUIRE(migrate(*empty.owner, {{second}, "1.0"}));
  CHECK(states({first, second}) == std::vector{State::pending, State::applied});
  CHECK(states({migration(second.name, "SELECT 1")}) == std::vector{State::changed});
  CHECK(states({first}) == std::vector{State::pending, State::missing});
  const std::vector<MigrationRow> table = migration_rows(*empty.owner, {second}).value();
  REQUIRE(table.size() == 1);
  CHECK(table[0].migration.name == second.name);
  CHECK(table[0].migration.applied_by == empty.ask("SELECT current_user"));
  CHECK(table[0].migration.binary_version == "1.0");
  CHECK(table[0].migration.applied_at.size() == std::string_view("2026-01-01 00:00:00").size());
}

TEST_CASE("the app role may neither change the schema nor the audit log nor what is said to be applied") {
  TestDatabase db;
  if (test::lacks(test::Need::own_cluster)) return;
  for (const char* sql : {"CREATE TABLE x (y int)",
                          "ALTER TABLE labels ADD COLUMN y int",
                          "DROP TABLE labels",
                          "UPDATE audit_logs SET entity_type = ''",
                          "DELETE FROM audit_logs",
                          "TRUNCATE audit_logs",
                          "DELETE FROM schema_migrations",
                          "ALTER TABLE labels DISABLE ROW LEVEL SECURITY",
                          "SET ROLE dits_owner",
                          "SET SESSION AUTHORIZATION dits_owner",
                          "SET ROLE dits_studio",
                          "SET ROLE dits_studio_sql",
                          "COPY labels TO PROGRAM 'true'",
                          "ALTER ROLE dits_app SUPERUSER",
                          "GRANT dits_owner TO dits_app"}) {
    CAPTURE(sql);
    // As the embedded server's pool signs in: the role itself, and not somebody who has become it.
    ConnectionOptions options;
    options.url = test::test_cluster()->url(embedded::app_role);
    options.database = db.ask_as_owner("SELECT current_database()");
    const auto connection = Connection::open(options).value();
    CHECK(connection->run_once("SELECT session_user").value()[0].text(0) == "dits_app");
    CHECK_FALSE(connection->run_once(sql));
  }
}

TEST_CASE("the audit log of a plain owner, who is bound by no grants, is append-only all the same") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const test::PlainOwner own_database(world);
  const std::string user = "0199c1f2-0000-7000-8000-000000000001";
  REQUIRE(own_database.as_superuser()->run_script(
      "INSERT INTO users (id, email, password_hash, name) VALUES ('" + user + "', 'a@x.dev', '', 'A')"));
  const auto owner = connect_as_owner(own_database.place()).value();
  REQUIRE(owner->run_script("SET dits.user_id = '" + user + "'"));
  REQUIRE(owner->run_script(
      "INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id) VALUES ('" + user +
      "', 1, 'CREATE', 'issue', '" + user + "'), ('" + user + "', 2, 'CREATE', 'user', '" + user + "')"));
  for (const char* sql : {"UPDATE audit_logs SET entity_type = ''",
                          "DELETE FROM audit_logs",
                          "DELETE FROM audit_logs WHERE change_id = 2",
                          "TRUNCATE audit_logs",
                          "TRUNCATE audit_logs CASCADE",
                          "SELECT begin_log_anew()"}) {
    CAPTURE(sql);
    const Result<void> done = owner->run_script(sql);
    REQUIRE_FALSE(done);
    CHECK(done.error().message.find("append-only") != std::string::npos);
  }
  CHECK(owner->run_once("SELECT count(*) FROM audit_logs").value()[0].int64(0) == 2);
}

TEST_CASE("grants are complete after they were given, and missed when a table lacks them") {
  TestDatabase db;
  const auto owner = db.owner();
  CHECK(app_role_is_ready(*owner).value());
  if (test::lacks(test::Need::own_cluster)) return;
  REQUIRE(owner->run_script("CREATE TABLE later (x int)"));
  CHECK_FALSE(app_role_is_ready(*owner).value());
  REQUIRE(grant_app_role(*owner));
  CHECK(app_role_is_ready(*owner).value());
}

}  // namespace
}  // namespace dits
