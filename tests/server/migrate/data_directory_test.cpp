// A data directory and the database that is used with it belong together, or nothing is touched.
#include "server/migrate/data_directory.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "server/base/files.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/restore.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"

namespace dits {
namespace {

const Uuid first = parse_uuid("11111111-1111-4111-8111-111111111111").value();
const Uuid second = parse_uuid("22222222-2222-4222-8222-222222222222").value();
constexpr const char* url = "postgresql://dits@db/one";

DirectoryFacts directory_of(const std::optional<DirectoryOwner>& owner) {
  DirectoryFacts facts;
  facts.path = "/data";
  facts.owner = owner;
  facts.attachments_owner = owner;
  facts.has_attachments = true;
  facts.has_backups = true;
  return facts;
}

std::string verdict(const Result<void>& result) {
  if (result) return "good";
  CHECK(result.error().kind == "foreign_directory");
  return result.error().message;
}

bool has(const std::string& text, std::string_view part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("a directory is good for the database that it names, and for nobody else") {
  const DirectoryFacts embedded = directory_of(DirectoryOwner{first, embedded_place});
  CHECK(verdict(check_directory(embedded, {first, embedded_place, "", true})) == "good");
  // Emptied, and still the same one.
  CHECK(verdict(check_directory(embedded, {first, embedded_place})) == "good");

  const std::string other = verdict(check_directory(embedded, {second, url, "1/2", true}));
  CHECK(has(other,
            "The data directory /data belongs to the database 11111111-1111-4111-8111-111111111111 (the one "
            "inside it), and this would use it with the database 22222222-2222-4222-8222-222222222222 (at "
            "postgresql://dits@db/one)"));
  CHECK(has(
      other,
      "start without DATABASE_URL; for the second one give a data directory of its own with --data-dir."));

  const DirectoryFacts external = directory_of(DirectoryOwner{first, url, "1/2"});
  CHECK(has(verdict(check_directory(external, {second, embedded_place, "", true})),
            "start with its DATABASE_URL;"));
  CHECK(has(verdict(check_directory(external, {second, url, "1/2", true})), "correct DATABASE_URL;"));
  CHECK(has(verdict(check_directory(external, {std::nullopt, url})), "a new, empty database (at postgresql"));
  CHECK(has(verdict(check_directory(external, {std::nullopt, url, "", true})),
            "a database of an earlier DITS (at"));
}

TEST_CASE("an empty cluster beside a full one is not served: neither claimed directories nor older ones") {
  DirectoryFacts claimed = directory_of(DirectoryOwner{first, embedded_place});
  claimed.clusters = {"cluster-15"};
  claimed.has_attachments = claimed.has_backups = false;
  const std::string told = verdict(check_directory(claimed, {std::nullopt, embedded_place}));
  CHECK(has(told, "a new, empty database (the one inside it)"));
  CHECK(has(told, "start DITS as before, with the PostgreSQL of cluster-15;"));
  claimed.clusters.clear();
  claimed.has_backups = true;
  CHECK(has(verdict(check_directory(claimed, {std::nullopt, embedded_place})),
            "restore one of its backups with dits restore;"));

  DirectoryFacts older;
  older.path = "/data";
  older.clusters = {"cluster-15", "cluster-17"};
  CHECK(has(verdict(check_directory(older, {std::nullopt, embedded_place})),
            "The data directory /data holds cluster-15, cluster-17, and this start would use a new, empty "
            "database (the one inside it) beside it."));
  CHECK(verdict(check_directory(older, {std::nullopt, embedded_place, "", true})) == "good");
}

TEST_CASE("a copy of the database is told from the database, wherever it stands") {
  const DirectoryFacts embedded = directory_of(DirectoryOwner{first, embedded_place});
  const std::string moved = verdict(check_directory(embedded, {first, url, "1/2", true}));
  CHECK(has(moved,
            "was last used by the database 11111111-1111-4111-8111-111111111111 (the one inside it), and "
            "this is a copy of that database (at postgresql://dits@db/one)"));
  CHECK(has(moved, "remove /data/identity and start again."));
  const DirectoryFacts external = directory_of(DirectoryOwner{first, url, "1/2"});
  CHECK(has(verdict(check_directory(external, {first, "postgresql://dits@db/staging", "1/3", true})),
            "is a copy of that database"));
  // The same one under another address, or where nobody may ask for its seat.
  CHECK(verdict(check_directory(external, {first, "host=127.0.0.1 dbname=one", "1/2", true})) == "good");
  CHECK(verdict(check_directory(external, {first, url, "", true})) == "good");
}

TEST_CASE("a directory in which nothing can be lost is anybody's") {
  DirectoryFacts empty;
  empty.path = "/data";
  CHECK(verdict(check_directory(empty, {std::nullopt, embedded_place})) == "good");
  CHECK(verdict(check_directory(empty, {second, url})) == "good");
  DirectoryFacts unused = directory_of(DirectoryOwner{first, url, "1/2"});
  unused.has_attachments = unused.has_backups = false;
  CHECK(verdict(check_directory(unused, {std::nullopt, embedded_place})) == "good");
  // But not one with a database in it.
  unused.owner->place = embedded_place;
  unused.clusters = {"cluster-18"};
  CHECK(has(verdict(check_directory(unused, {second, url, "1/2", true})), "belongs to the database 1111"));
}

TEST_CASE("files that nobody has claimed go to the database that knows them") {
  DirectoryFacts older;
  older.path = "/data";
  older.has_attachments = true;
  CHECK(verdict(check_directory(older, {second, url, "1/2", true, true})) == "good");
  CHECK(verdict(check_directory(older, {std::nullopt, embedded_place, "", true})) == "good");
  const std::string unknown = verdict(check_directory(older, {std::nullopt, embedded_place}));
  CHECK(has(unknown,
            "The folder /data/attachments holds files, and a new, empty database (the one inside it) knows "
            "none of them"));
  CHECK(has(verdict(check_directory(older, {second, url, "1/2", true})), "knows none of them"));

  DirectoryFacts brought = older;
  brought.attachments_owner = DirectoryOwner{first, url};
  CHECK(has(verdict(check_directory(brought, {second, url, "1/2", true, true})),
            "The folder /data/attachments belongs to the database 11111111-1111-4111-8111-111111111111 (at "
            "postgresql://dits@db/one), and this would use it with the database 2222"));
}

TEST_CASE(
    "a restore may move a database, fill a new one and replace the data of its own, but take nobody's "
    "place") {
  const DirectoryFacts embedded = directory_of(DirectoryOwner{first, embedded_place});
  const std::string own = to_string(first);
  CHECK(verdict(check_directory_for_restore(embedded, {first, embedded_place, "", true}, own)) == "good");
  CHECK(verdict(check_directory_for_restore(
            embedded, {first, embedded_place, "", true}, to_string(second))) == "good");
  CHECK(verdict(check_directory_for_restore(embedded, {first, url, "1/2", true}, own)) == "good");
  CHECK(verdict(check_directory_for_restore(embedded, {std::nullopt, url}, own)) == "good");
  CHECK(verdict(check_directory_for_restore(embedded, {second, url, "1/2"}, own)) == "good");
  CHECK(has(verdict(check_directory_for_restore(embedded, {second, url, "1/2", true}, own)), "belongs to"));
  CHECK(has(verdict(check_directory_for_restore(embedded, {std::nullopt, url}, to_string(second))),
            "belongs to"));
  CHECK(has(verdict(check_directory_for_restore(embedded, {std::nullopt, url}, "")), "belongs to"));
  DirectoryFacts brought;
  brought.path = "/data";
  brought.has_attachments = true;
  CHECK(verdict(check_directory_for_restore(brought, {std::nullopt, embedded_place}, own)) == "good");
  brought.attachments_owner = DirectoryOwner{first, url};
  CHECK(verdict(check_directory_for_restore(brought, {std::nullopt, embedded_place}, own)) == "good");
  CHECK(has(verdict(check_directory_for_restore(brought, {std::nullopt, embedded_place}, to_string(second))),
            "/data/attachments belongs to the database 1111"));
}

TEST_CASE("a directory's owner is read as it was written, and a file that names none says what to do") {
  const test::TemporaryDirectory directory;
  CHECK(read_directory_owner(directory.path() + "/none").value() == std::nullopt);
  const DirectoryOwner owner{first, url, "1/2"};
  REQUIRE(write_directory_owner(directory.path(), owner));
  CHECK(read_directory_owner(directory.path()).value() == owner);
  for (const char* text : {"", "\n", "not a uuid\nembedded\n"}) {
    REQUIRE(write_file_atomically(directory.path() + "/identity", text));
    const auto read = read_directory_owner(directory.path());
    REQUIRE_FALSE(read);
    CHECK(has(read.error().message, directory.path() + "/identity names no database"));
  }
}

// As a start of the server does it.
Result<void> use_files(const DatabasePlace& at, const Config& config) {
  DatabasePlace place;
  place.owner_url = at.owner_url;
  return bring_up_to_date(place, config, DirectoryUse::files);
}

std::string identity_of(test::TestDatabase& db) {
  return db.ask_as_owner("SELECT id FROM database_identity");
}

TEST_CASE(
    "a start claims the directory and its attachments; another database's start, backup and restore change "
    "nothing") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  world.add_attachment(user, "a picture");
  REQUIRE(use_files(world.place(), world.config()));
  const std::string data = world.config().data_dir;
  const auto claimed = read_directory_owner(data).value();
  REQUIRE(claimed);
  CHECK(to_string(claimed->database) == identity_of(world.db()));
  CHECK_FALSE(claimed->seat.empty());
  CHECK(read_directory_owner(data + "/attachments").value() == claimed);
  const Backup own = world.back_up();
  CHECK(own.manifest->contents.database == to_string(claimed->database));

  test::BackupWorld other;
  other.add_issues("ben@x.dev", 2);
  other.db().run_as_owner("UPDATE database_identity SET id = '" + to_string(second) + "'");
  other.config().data_dir = data;
  const Result<void> started = use_files(other.place(), other.config());
  REQUIRE_FALSE(started);
  CHECK(has(started.error().message, "belongs to the database " + to_string(claimed->database)));
  const auto written = back_up(other.place(), other.config(), system_clock());
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == "foreign_directory");
  SealKeys keys{Secret()};
  const auto restored =
      restore(other.place(), other.config(), check_for_restore(own.path, keys, true).value(), keys, {});
  REQUIRE_FALSE(restored);
  CHECK(restored.error().kind == "foreign_directory");
  CHECK(other.db().ask_as_owner("SELECT count(*) FROM issues") == "2");
  CHECK(list_backups(world.directory()).size() == 1);
  CHECK(read_directory_owner(data).value() == claimed);
}

TEST_CASE("a plain owner of an external PostgreSQL has an identity, claims a directory and knows its files") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  test::PlainOwner plain(world);
  const auto owner = connect_as_owner(plain.place()).value();
  const auto identity = read_identity(*owner).value();
  REQUIRE(identity);
  const std::string hash(64, 'a');
  const auto superuser = plain.as_superuser();
  REQUIRE(superuser->run_script(
      "INSERT INTO users (id, email, name, password_hash) VALUES ('" + to_string(first) +
      "', 'a@x.dev', 'A', '-'); ALTER TABLE attachments DISABLE TRIGGER ALL; INSERT "
      "INTO attachments (user_id, id, "
      "issue_id, file_name, content_type, byte_size, sha256) VALUES ('" +
      to_string(first) + "', gen_random_uuid(), gen_random_uuid(), 'a', 'text/plain', 1, '\\x" + hash +
      "')"));
  CHECK(list_accounts(*owner).value() == std::vector<Uuid>{first});
  CHECK(names_attachment(*owner, {first}, [&](const std::string& one) { return one == hash; }).value());
  CHECK_FALSE(names_attachment(*owner, {first}, [](const std::string&) { return false; }).value());
  REQUIRE(use_files(plain.place(), plain.config()));
  const auto claimed = read_directory_owner(plain.config().data_dir).value();
  REQUIRE(claimed);
  CHECK(claimed->database == *identity);
  CHECK_FALSE(claimed->seat.empty());
  CHECK(read_backup_owner(*owner)->database == to_string(*identity));
}

TEST_CASE(
    "servers of one external database share a data directory; the PostgreSQL inside shares it with nobody") {
  const test::TemporaryDirectory directory;
  using embedded::InstanceKind;
  using embedded::InstanceLock;
  const std::chrono::milliseconds now{0};
  {
    const auto one = InstanceLock::share(directory.path(), now);
    const auto two = InstanceLock::share(directory.path(), now);
    CHECK(one);
    CHECK(two);
    const auto alone = InstanceLock::take(directory.path(), InstanceKind::server, now);
    REQUIRE_FALSE(alone);
    CHECK(alone.error().kind == "directory_is_shared");
    CHECK(
        has(alone.error().message, "A DITS on an external database (DATABASE_URL) uses the data directory"));
  }
  const auto alone = InstanceLock::take(directory.path(), InstanceKind::server, now);
  CHECK(alone);
  const auto shared = InstanceLock::share(directory.path(), now);
  REQUIRE_FALSE(shared);
  CHECK(shared.error().kind == "server_is_running");
  CHECK(has(shared.error().message, "runs the database inside the data directory"));
}

TEST_CASE("a reset and a restore keep the database's identity, whosever backup it is") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  const Backup own = world.back_up();
  const std::string identity = identity_of(world.db());

  test::BackupWorld other;
  other.add_issues("ben@x.dev", 5);
  other.db().run_as_owner("UPDATE database_identity SET id = '" + to_string(second) + "'");
  const Backup foreign = other.back_up();
  CHECK(foreign.manifest->contents.database == to_string(second));

  SealKeys keys{Secret()};
  const auto restore_it = [&](const Backup& backup) {
    const auto done =
        restore(world.place(), world.config(), check_for_restore(backup.path, keys, true).value(), keys, {});
    INFO((done ? std::string() : done.error().message));
    REQUIRE(done);
  };
  restore_it(foreign);
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM issues") == "5");
  CHECK(identity_of(world.db()) == identity);
  restore_it(own);
  CHECK(world.db().ask_as_owner("SELECT count(*) FROM issues") == "3");
  CHECK(identity_of(world.db()) == identity);
  const auto owner = world.db().owner();
  REQUIRE(drop_everything(*owner));
  CHECK(to_string(read_identity(*owner).value().value()) == identity);
  REQUIRE(migrate(*owner, {embedded_migrations().value(), "test"}));
  CHECK(identity_of(world.db()) == identity);
}

TEST_CASE("a new database becomes what the restored backup says, and what its directory says") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  const Backup backup = world.back_up();
  const std::string identity = identity_of(world.db());
  SealKeys keys{Secret()};
  const CheckedBackup checked = check_for_restore(backup.path, keys, true).value();

  test::BackupWorld elsewhere;
  elsewhere.db().run_as_owner("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  REQUIRE(restore(elsewhere.place(), elsewhere.config(), checked, keys, {}));
  CHECK(identity_of(elsewhere.db()) == identity);
  CHECK(to_string(read_directory_owner(elsewhere.config().data_dir).value()->database) == identity);

  // A move: the same directory, another database server.
  test::BackupWorld moved;
  moved.db().run_as_owner("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  moved.config().data_dir = world.config().data_dir;
  REQUIRE_FALSE(use_files(moved.place(), moved.config()));
  REQUIRE(restore(moved.place(), moved.config(), checked, keys, {}));
  CHECK(use_files(moved.place(), moved.config()));
  const auto stale = use_files(world.place(), world.config());
  REQUIRE_FALSE(stale);
  CHECK(has(stale.error().message, "this is a copy of that database"));
}

}  // namespace
}  // namespace dits
