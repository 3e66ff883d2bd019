#include <filesystem>

#include <doctest/doctest.h>
#include <unistd.h>

#include "server/backup/history.hpp"
#include "server/base/files.hpp"
#include "server/cli/doctor_backups.hpp"
#include "server/cli/doctor_database.hpp"
#include "server/migrate/back_up.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits::cli {
namespace {

int problems_of_tables(Connection& owner, bool repairs) {
  Report report(repairs);
  look_at_tables(owner, report);
  return report.problems();
}

TEST_CASE("the doctor misses an index that was dropped, and makes it again when it is asked to") {
  test::TestDatabase db;
  const auto owner = db.owner();
  CHECK(problems_of_tables(*owner, false) == 0);
  db.run_as_owner("DROP INDEX issues_user_id_due_date_idx; DROP INDEX labels_user_id_name_key");
  CHECK(problems_of_tables(*owner, false) == 2);
  CHECK(problems_of_tables(*owner, true) == 0);
  CHECK(problems_of_tables(*owner, false) == 0);
  CHECK(db.ask_as_owner("SELECT indexdef FROM pg_indexes WHERE indexname = 'labels_user_id_name_key'")
            .find("UNIQUE") != std::string::npos);
}

TEST_CASE("the doctor finds an index whose making was interrupted, and makes it anew") {
  test::TestDatabase db;
  const auto owner = db.owner();
  db.run_as_owner(
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'issues_user_id_due_date_idx'::regclass");
  CHECK(problems_of_tables(*owner, false) == 1);
  CHECK(problems_of_tables(*owner, true) == 0);
  CHECK(problems_of_tables(*owner, false) == 0);
}

TEST_CASE("the doctor vacuums a table of dead rows and analyzes one without statistics") {
  test::TestDatabase db;
  const auto owner = db.owner();
  db.run_as_owner("CREATE TABLE heap (x int) WITH (autovacuum_enabled = false)");
  db.run_as_owner("INSERT INTO heap SELECT generate_series(1, 30000)");
  db.run_as_owner("DELETE FROM heap WHERE x > 5000; SELECT pg_stat_force_next_flush()");
  Report before(false);
  look_at_tables(*owner, before);
  CHECK(before.repairable() == 2);
  Report repairing(true);
  look_at_tables(*owner, repairing);
  Report after(false);
  look_at_tables(*owner, after);
  CHECK(after.repairable() == 0);
}

TEST_CASE(
    "the doctor says whose the data directory is, when it is another database's, and counts foreign "
    "backups") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 2);
  const auto owner = world.db().owner();
  const auto problems = [&] {
    Report report(false);
    look_at_identity(*owner, world.place(), world.config(), report);
    return report.problems();
  };
  CHECK(problems() == 0);
  world.back_up();
  CHECK(problems() == 0);
  world.db().run_as_owner("UPDATE database_identity SET id = gen_random_uuid()");
  CHECK(problems() == 1);
  REQUIRE(write_file_atomically(world.config().data_dir + "/identity", "nobody"));
  CHECK(problems() == 1);
  world.db().run_as_owner("DROP TABLE database_identity");
  std::filesystem::remove(world.config().data_dir + "/identity");
  CHECK(problems() == 0);
}

TEST_CASE("the doctor sees what is wrong with the schema and the rights on it") {
  test::TestDatabase db;
  const auto owner = db.owner();
  const DatabasePlace place{nullptr, Secret(db.owner_url())};
  const auto problems = [&](bool repairs) {
    Report report(repairs);
    look_at_schema(*owner, place, report);
    return report.problems();
  };
  CHECK(problems(false) == 0);
  if (!test::lacks(test::Need::own_cluster)) {
    db.run_as_owner("REVOKE SELECT ON issues FROM dits_app");
    CHECK(problems(false) == 1);
    CHECK(problems(true) == 0);
    CHECK(problems(false) == 0);
  }
  db.run_as_owner("UPDATE schema_migrations SET checksum = 'x'");
  CHECK(problems(false) == 1);
}

TEST_CASE(
    "a database of another encoding is refused at the start, before anything is made, and by the doctor") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::TestDatabase db;
  const std::string name = "other_" + std::to_string(::getpid());
  db.run_as_owner("CREATE DATABASE " + name +
                  " ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0");
  Config config;
  config.migrate = true;
  const std::string url = db.owner_url().reveal();
  config.database_url = Secret(url.substr(0, url.find(" dbname=")) + " dbname=" + name);
  DatabasePlace place{nullptr, config.database_url};
  const Result<void> started = bring_up_to_date(place, config, DirectoryUse::none);
  REQUIRE_FALSE(started);
  CHECK(started.error().message.find("keeps texts as SQL_ASCII, and DITS needs UTF8") != std::string::npos);
  {
    const auto owner = connect_as_owner(place).value();
    CHECK(owner->run_once("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
              .value()[0]
              .int64(0) == 0);
    const auto problems = [&](const DatabasePlace& where, const Config& settings, Connection& connection) {
      Report report(false);
      look_at_server(connection, where, settings, report);
      return report.problems();
    };
    const auto good = db.owner();
    CHECK(problems(place, config, *owner) == problems(place, config, *good) + 1);
  }
  db.run_as_owner("DROP DATABASE " + name + " WITH (FORCE)");
}

TEST_CASE("for each way in which a database refuses us there is something to do, without its password") {
  Config config;
  config.database_url = Secret("postgresql://anna:geheim@db:5433/dits");
  for (const char* reason : {"FATAL: password authentication failed for user \"anna\"",
                             "FATAL: database \"dits\" does not exist",
                             "could not translate host name \"db\" to address",
                             "connection to server at \"db\" failed: Connection refused",
                             "FATAL: the database system is starting up",
                             "FATAL: sorry, too many clients already",
                             "FATAL: no pg_hba.conf entry for host",
                             "something else"}) {
    const std::string advice = advice_for_connection(unavailable(reason), config);
    CAPTURE(advice);
    CHECK(advice.size() > 10);
    CHECK(advice.find("geheim") == std::string::npos);
  }
}

TEST_CASE("the doctor tells a backup that is old or has lost its manifest, and a last one that failed") {
  const test::TemporaryDirectory directory;
  Config config;
  config.data_dir = directory.path();
  const auto problems_at = [&](const char* now) {
    Report report(false);
    look_at_backups(config, report, parse_timestamp(now).value());
    return report.problems();
  };
  CHECK(problems_at("2026-03-01T04:00:00Z") == 0);
  const std::string backups = backup_directory(config);
  REQUIRE(make_directories(backups, 0700));
  REQUIRE(write_file_atomically(backups + "/dits_backup_20260301_030000.sql.gz", "x"));
  CHECK(problems_at("2026-03-01T04:00:00Z") == 1);
  CHECK(problems_at("2026-03-12T04:00:00Z") == 2);
  BackupRun failed;
  failed.problem = "the disk is full";
  REQUIRE(add_to_backup_history(backups, failed));
  CHECK(problems_at("2026-03-12T04:00:00Z") == 3);
}

TEST_CASE("the doctor reads attachments and finds one that is damaged, be it by a bit") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  const auto problems = [&] {
    Report report(false, Report::Form::json);
    look_at_attachments(world.config(), report);
    return report.problems();
  };
  CHECK(problems() == 0);
  world.add_attachment(user, "another");
  const std::string hash = world.add_attachment(user, "a picture");
  CHECK(problems() == 0);
  REQUIRE(write_file_atomically(
      world.config().data_dir + "/attachments/" + hash.substr(0, 2) + "/" + hash.substr(2), "a pictvre"));
  CHECK(problems() == 1);
}

}  // namespace
}  // namespace dits::cli
