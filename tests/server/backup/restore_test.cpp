// Restoring: what comes back is what was backed up, and a backup that is not good changes nothing.
#include "server/migrate/restore.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/needs.hpp"

namespace dits {
namespace {

Result<RestoreOutcome> restore_from(test::BackupWorld& world,
                                    const std::string& path,
                                    RestoreWishes wishes = {}) {
  SealKeys keys(world.config().backup_passphrase);
  const CheckedBackup checked = TRY(check_for_restore(path, keys, true));
  return restore(world.place(), world.config(), checked, keys, wishes);
}

std::string kind_of(const Result<RestoreOutcome>& result) {
  return result ? std::string("restored") : result.error().kind + ": " + result.error().message;
}

std::string count(test::BackupWorld& world, const std::string& table) {
  return world.db().ask_as_owner("SELECT count(*) FROM " + table);
}

// DITS_TEST_ROWS: for measurements with more.
TEST_CASE("what is restored is what was backed up, byte for byte, a thousand issues and their attachments") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const char* wanted = std::getenv("DITS_TEST_ROWS");
  const int issues = wanted == nullptr ? 1000 : std::atoi(wanted);
  const std::string user = world.add_issues("anna@x.dev", issues);
  const std::string hash = world.add_attachment(user, "a picture");
  const Backup backup = world.back_up();
  world.db().run_as_owner(
      "DELETE FROM attachments; DELETE FROM issues WHERE number > 10; UPDATE users SET name = 'x'");
  std::filesystem::remove_all(world.config().data_dir + "/attachments");
  const auto restored = restore_from(world, backup.path);
  REQUIRE(kind_of(restored) == "restored");
  CHECK(count(world, "issues") == std::to_string(issues));
  CHECK(count(world, restored->replaced_schema + ".issues") == "10");
  CHECK(read_file(world.config().data_dir + "/attachments/" + hash.substr(0, 2) + "/" + hash.substr(2))
            .value() == "a picture");
  const Backup again = world.back_up();
  CHECK(again.manifest->contents.sql_sha256 == backup.manifest->contents.sql_sha256);
  CHECK(again.manifest->contents == backup.manifest->contents);
}

TEST_CASE(
    "after a restore requests go on in the restored data, and the replaced data goes with the next start") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 5);
  const Backup backup = world.back_up();
  world.add_issues("ben@x.dev", 5);
  const auto ask = [&] {
    Transaction transaction = world.db().database().begin(Actor::of_system(), Access::read).value();
    return true;
  };
  CHECK(ask());
  REQUIRE(kind_of(restore_from(world, backup.path)) == "restored");
  CHECK(ask());
  CHECK(count(world, "users") == "1");
  const auto owner = world.db().owner();
  CHECK(drop_replaced_schemas(*owner).value() == 1);
  CHECK(drop_replaced_schemas(*owner).value() == 0);
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dits%'") == "0");
  CHECK(world.db().ask_as_owner(
            "SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm'") == "public");
}

TEST_CASE("an encrypted backup is restored with its passphrase, attachments too") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.config().backup_passphrase = Secret("correct horse");
  const std::string user = world.add_issues("anna@x.dev", 5);
  const std::string hash = world.add_attachment(user, "a picture");
  const Backup backup = world.back_up();
  std::filesystem::remove_all(world.config().data_dir + "/attachments");
  world.config().backup_passphrase = Secret("wrong");
  CHECK(kind_of(restore_from(world, backup.path)).starts_with("passphrase: "));
  world.config().backup_passphrase = Secret("correct horse");
  REQUIRE(kind_of(restore_from(world, backup.path)) == "restored");
  CHECK(read_file(world.config().data_dir + "/attachments/" + hash.substr(0, 2) + "/" + hash.substr(2))
            .value() == "a picture");
}

TEST_CASE("a backup written after the passphrase was changed is restored whole with the new one alone") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.config().backup_passphrase = Secret("the first one");
  const std::string user = world.add_issues("anna@x.dev", 5);
  const std::string hash = world.add_attachment(user, "a picture");
  const Backup earlier = world.back_up();
  world.config().backup_passphrase = Secret("the second one");
  const Backup later = world.back_up();
  const std::string store = world.config().data_dir + "/attachments";
  const auto stored = [&] { return read_file(store + "/" + hash.substr(0, 2) + "/" + hash.substr(2)); };
  std::filesystem::remove_all(store);
  REQUIRE(kind_of(restore_from(world, later.path)) == "restored");
  CHECK(stored().value() == "a picture");
  // And the earlier one with the earlier passphrase.
  std::filesystem::remove_all(store);
  world.config().backup_passphrase = Secret("the first one");
  REQUIRE(kind_of(restore_from(world, earlier.path)) == "restored");
  CHECK(stored().value() == "a picture");
}

TEST_CASE("a damaged, shortened, foreign, newer or unaccompanied backup is refused, and the data stays") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 200);
  const Backup backup = world.back_up();
  const std::string bytes = read_file(backup.path).value();
  const std::string manifest_path = backup.path.substr(0, backup.path.size() - 7) + ".json";
  const std::string manifest = read_file(manifest_path).value();
  world.add_issues("ben@x.dev", 1);
  const std::string before = world.back_up().manifest->contents.sql_sha256;

  const auto with = [&](const std::string& content, const std::string& manifest_text) {
    REQUIRE(write_file_atomically(backup.path, content));
    REQUIRE(write_file_atomically(manifest_path, manifest_text));
    return kind_of(restore_from(world, backup.path));
  };
  std::string changed = bytes;
  changed[bytes.size() / 2] = static_cast<char>(changed[bytes.size() / 2] ^ 1);
  CHECK(with(changed, manifest).find("is damaged") != std::string::npos);
  CHECK(with(bytes.substr(0, bytes.size() / 2), manifest).find("is cut short") != std::string::npos);
  CHECK(with("", manifest).find("is cut short") != std::string::npos);
  CHECK(with("PK\x03\x04 something else altogether, of some length", manifest).starts_with("bad_archive: "));
  CHECK(with(bytes, "{}").find("has no manifest") != std::string::npos);
  std::string other_counts = manifest;
  const std::size_t at = other_counts.find("\"rows\": 200");
  REQUIRE(at != std::string::npos);
  other_counts.replace(at, 11, "\"rows\": 199");
  CHECK(with(bytes, other_counts).find("does not hold what its manifest says") != std::string::npos);

  world.db().run_as_owner(
      "INSERT INTO schema_migrations (name, checksum, duration_ms, binary_version) VALUES "
      "('29990101000000_later', "
      "'x', 1, '9.0')");
  const Backup newer = world.back_up();
  world.db().run_as_owner("DELETE FROM schema_migrations WHERE name LIKE '2999%'");
  CHECK(kind_of(restore_from(world, newer.path)).starts_with("schema_is_newer: "));
  CHECK(kind_of(restore_from(world, world.directory() + "/none.sql.gz")).find("does not exist") !=
        std::string::npos);
  CHECK(world.back_up().manifest->contents.sql_sha256 == before);
}

TEST_CASE("attachments that are nowhere stop a restore, unless it may go without them") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 5);
  world.add_attachment(user, "a picture");
  const Backup backup = world.back_up();
  std::filesystem::remove_all(world.config().data_dir + "/attachments");
  std::filesystem::remove_all(world.directory() + "/attachments");
  CHECK(kind_of(restore_from(world, backup.path)).starts_with("attachments_missing: "));
  RestoreWishes wishes;
  wishes.needs_attachments = false;
  const auto restored = restore_from(world, backup.path, wishes);
  REQUIRE(kind_of(restored) == "restored");
  CHECK(restored->missing_attachments.size() == 1);
}

TEST_CASE("a restore that fails on the way, or whose rows do not come back, leaves the data as it was") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 100);
  const Backup backup = world.back_up();
  world.add_issues("ben@x.dev", 3);
  const std::string before = world.back_up().manifest->contents.sql_sha256;
  SealKeys keys{Secret()};
  const DumpContents contents = check_backup(backup, keys).value();
  const auto try_with = [&](const DumpContents& wanted, const RestoreSteps& steps) {
    const auto owner = connect_as_owner(world.place()).value();
    return restore_backup(*owner, backup, wanted, keys, system_clock(), steps);
  };
  RestoreSteps steps;
  steps.make_schema = [](Connection& owner) {
    return make_schema(owner, embedded_migrations().value(), "test");
  };
  steps.before_reading = steps.before_commit = [](Connection&) { return Result<void>(); };
  DumpContents other = contents;
  other.tables["issues"].sha256 = std::string(64, '0');
  CHECK_FALSE(try_with(other, steps));
  RestoreSteps failing = steps;
  failing.before_commit = [](Connection& owner) { return owner.run_script("SELECT 1 / 0"); };
  CHECK_FALSE(try_with(contents, failing));
  RestoreSteps lost = steps;
  lost.before_commit = [](Connection& owner) {
    return owner.run_script("SELECT pg_terminate_backend(pg_backend_pid())");
  };
  CHECK_FALSE(try_with(contents, lost));
  CHECK(world.back_up().manifest->contents.sql_sha256 == before);
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dits%'") == "0");
}

TEST_CASE("a change that is under way ends before a restore takes the place of the data") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 5);
  const Backup backup = world.back_up();
  const auto writer = connect_as_owner(world.place()).value();
  REQUIRE(writer->run_script("BEGIN; UPDATE user_counters SET last_change_id = last_change_id"));
  std::atomic<bool> is_over{false};
  std::string outcome;
  std::jthread restoring([&] {
    outcome = kind_of(restore_from(world, backup.path));
    is_over = true;
  });
  const auto is_waiting = [&] {
    return world.db().ask_as_owner(
               "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ExclusiveLock'") != "0";
  };
  CHECK(test::comes_true([&] { return is_over || is_waiting(); }, std::chrono::seconds(60)));
  CHECK_FALSE(is_over);
  CHECK(writer->run_script("COMMIT"));
  restoring.join();
  CHECK(outcome == "restored");
  CHECK(count(world, "issues") == "5");
}

std::string sql_of(const Backup& backup) {
  SealKeys keys{Secret()};
  std::string sql;
  REQUIRE(read_backup(backup.path, keys, [&](std::string_view piece) {
    sql += piece;
    return Result<void>();
  }));
  return sql;
}

// As a stranger would hand it over: a file of our form, with whatever is in it.
Result<RestoreOutcome> restore_forged(test::BackupWorld& world, const std::string& sql) {
  const std::string plain = world.config().data_dir + "/forged.sql";
  const std::string path = world.directory() + "/forged.sql.gz";
  REQUIRE(write_file_atomically(plain, sql));
  REQUIRE(std::system(("gzip -c '" + plain + "' > '" + path + "'").c_str()) == 0);
  SealKeys keys(world.config().backup_passphrase);
  const CheckedBackup checked = TRY(check_for_restore(path, keys, false));
  return restore(world.place(), world.config(), checked, keys, {});
}

std::string with_statement(std::string sql, const std::string& statement) {
  const std::size_t at = sql.find("CREATE TABLE public.users");
  REQUIRE(at != std::string::npos);
  return sql.insert(at, statement + "\n");
}

TEST_CASE(
    "a file with a statement that no dump of ours has is refused, by line and statement, and none is run") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 5);
  const std::string sql = sql_of(world.back_up());
  const std::string mark = world.config().data_dir + "/it-ran";
  const std::string statements[] = {
      "COPY public.users FROM PROGRAM 'touch " + mark + "';",
      "COPY public.users FROM PROGRAM 'touch " + mark + "' -- FROM stdin;",
      "COPY public.users (id) FROM PROGRAM 'touch " + mark + "' WITH (FORMAT text) FROM stdin;",
      "COPY (SELECT 1) TO PROGRAM 'touch " + mark + "';",
      "\\! touch " + mark,
      "SELECT pg_catalog.lo_import('/etc/passwd');",
      "SELECT pg_catalog.set_config('search_path', '', false), pg_catalog.lo_import('/etc/passwd');",
      "CREATE EXTENSION plperlu;",
      "CREATE EXTENSION IF NOT EXISTS adminpack WITH SCHEMA public;",
      "ALTER SYSTEM SET archive_command = 'touch " + mark + "';",
      "SET ROLE dits_owner;",
      "set session authorization dits_owner;",
      "RESET ROLE;",
      "DO $$ BEGIN EXECUTE 'COPY public.users FROM PROGRAM ''touch " + mark + "'''; END $$;",
      "CREATE FUNCTION public.run() RETURNS void LANGUAGE plperlu AS $$ system('id') $$;",
      "CREATE FUNCTION public.run() RETURNS void LANGUAGE c AS '/lib/x86_64-linux-gnu/libc.so.6', 'system';",
      "ALTER ROLE dits_app SUPERUSER;",
      "GRANT dits_owner TO dits_app;",
      "CREATE TABLE other.users (id uuid);",
      "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION public.run();",
      "SELECT 1",
  };
  for (const std::string& statement : statements) {
    CAPTURE(statement);
    const std::string outcome = kind_of(restore_forged(world, with_statement(sql, statement)));
    CHECK(outcome.starts_with("bad_archive: "));
    CHECK(outcome.find("Line ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(mark));
  }
  CHECK(count(world, "issues") == "5");
}

TEST_CASE("what a backup says of its schema is not made: the schema is the executable's own") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 5);
  std::string sql = sql_of(world.back_up());
  const std::string mark = world.config().data_dir + "/it-ran";
  // Each is of a kind that our schema has, and would run as the database's superuser while rows are loaded.
  sql = with_statement(
      sql,
      "CREATE FUNCTION public.run() RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE "
      "'COPY (SELECT 1) TO PROGRAM ''touch " +
          mark +
          "'''; RETURN 'x'; END $$;\nCREATE TABLE public.more (id text DEFAULT public.run());\n"
          "CREATE INDEX more_idx ON public.users USING btree (public.run());\n"
          "CREATE TYPE public.mood AS ENUM ('sad');");
  const std::string password = "    password_hash text NOT NULL,";
  REQUIRE(sql.find(password) != std::string::npos);
  sql.replace(sql.find(password), password.size(), "    password_hash text DEFAULT public.run() NOT NULL,");
  REQUIRE(kind_of(restore_forged(world, sql)) == "restored");
  CHECK_FALSE(std::filesystem::exists(mark));
  CHECK(count(world, "issues") == "5");
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM pg_proc WHERE proname = 'run'") == "0");
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM pg_type WHERE typname = 'mood'") == "0");
  CHECK(world.db().ask_as_owner("SELECT to_regclass('more') IS NULL") == "t");
}

TEST_CASE(
    "rows of a file that break a rule of the schema, or belong to no table of it, are refused with it") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 5);
  const std::string sql = sql_of(world.back_up());
  const std::size_t copy = sql.find("COPY public.users ");
  const std::size_t row = sql.find('\n', copy) + 1;
  const std::size_t row_end = sql.find('\n', row) + 1;
  // The account is gone, and all that was theirs is left.
  CHECK(kind_of(restore_forged(world, sql.substr(0, row) + sql.substr(row_end)))
            .starts_with("bad_archive: Its rows break a rule"));
  std::string renamed = sql;
  renamed.replace(copy, 18, "COPY public.strangers ");
  CHECK(kind_of(restore_forged(world, renamed)).find("which its migrations do not make") !=
        std::string::npos);
  std::string lacking = sql;
  lacking.erase(copy, sql.find("\\.\n", copy) + 3 - copy);
  CHECK(kind_of(restore_forged(world, lacking)).starts_with("bad_archive: It lacks the table users"));
  CHECK(count(world, "issues") == "5");
  CHECK(count(world, "users") == "1");
}

TEST_CASE("a backup of an earlier schema is brought up to date by the restore") {
  if (test::lacks(test::Need::own_cluster)) return;
  const std::vector<Migration> known = embedded_migrations().value();
  REQUIRE(known.size() > 1);
  test::BackupWorld world;
  world.db().run_as_owner("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  {
    const auto owner = world.db().owner();
    REQUIRE(migrate(*owner, {{known.front()}, "test", {}}));
    REQUIRE(grant_app_role(*owner));
  }
  const Backup backup = world.back_up();
  SealKeys keys{Secret()};
  CHECK(check_for_restore(backup.path, keys, true).value().older_by == static_cast<int>(known.size()) - 1);
  REQUIRE(kind_of(restore_from(world, backup.path)) == "restored");
  CHECK(count(world, "schema_migrations") == std::to_string(known.size()));
}

}  // namespace
}  // namespace dits
