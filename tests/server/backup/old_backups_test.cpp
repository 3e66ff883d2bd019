// Which backups go when they are old, and which never do.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>

#include "server/backup/backup.hpp"
#include "server/base/crypto.hpp"
#include "server/base/files.hpp"
#include "server/migrate/identity.hpp"
#include "server/migrate/restore.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits {

TEST_CASE(
    "old backups go with their manifests and the attachments that only they name; the newest three stay") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  const std::string old_hash = world.add_attachment(user, "old");
  const std::string kept_hash = world.add_attachment(user, "kept");
  world.back_up();
  world.db().run_as_owner("DELETE FROM attachments WHERE sha256 = '\\x" + old_hash + "'");
  for (int count = 0; count < 3; ++count) world.back_up();
  const auto stored = [&](const std::string& hash) {
    return std::filesystem::exists(world.directory() + "/attachments/" + hash.substr(0, 2) + "/" +
                                   hash.substr(2));
  };
  CHECK(stored(old_hash));
  const Timestamp later{system_clock().now().unix_ms + 8 * ms_per_day};
  const BackupOwner owner = read_backup_owner(*world.db().owner()).value();
  CHECK(remove_old_backups(world.directory(), 7, later, owner) == 1);
  CHECK(list_backups(world.directory()).size() == 3);
  CHECK(names_in(world.directory()).value().size() == 3 * 2 + 3);
  CHECK_FALSE(stored(old_hash));
  CHECK(stored(kept_hash));
  CHECK(remove_old_backups(world.directory(), 7, later, owner) == 0);
}

TEST_CASE(
    "backups of another database stay, however old, with their attachments; so does one that nobody knows") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  const std::string hash = world.add_attachment(user, "theirs");
  for (int count = 0; count < 4; ++count) world.back_up();
  // From now on this is another database.
  world.db().run_as_owner(
      "DELETE FROM attachments; UPDATE database_identity SET id = gen_random_uuid(); UPDATE "
      "schema_migrations SET "
      "applied_at = applied_at + interval '1 second'");
  std::filesystem::remove(world.config().data_dir + "/identity");
  std::filesystem::remove_all(world.config().data_dir + "/attachments");
  const BackupOwner owner = read_backup_owner(*world.db().owner()).value();
  for (const Backup& one : list_backups(world.directory()))
    CHECK(belonging_of(one, owner) == Belonging::foreign);
  const Timestamp later{system_clock().now().unix_ms + 8 * ms_per_day};
  CHECK(remove_old_backups(world.directory(), 7, later, owner) == 0);
  for (int count = 0; count < 4; ++count) world.back_up();
  REQUIRE(write_file_atomically(world.directory() + "/dits_backup_20200102_030405.sql.gz", "x"));
  CHECK(belonging_of(list_backups(world.directory()).back(), owner) == Belonging::unknown);
  CHECK(remove_old_backups(world.directory(), 7, later, owner) == 1);
  CHECK(list_backups(world.directory()).size() == 4 + 3 + 1);
  CHECK(std::filesystem::exists(world.directory() + "/attachments/" + hash.substr(0, 2) + "/" +
                                hash.substr(2)));
}

TEST_CASE(
    "a backup from before there were identities is known by the migrations that were applied to its "
    "database") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  Backup older = world.back_up();
  older.manifest->contents.database.clear();
  const BackupOwner owner = read_backup_owner(*world.db().owner()).value();
  CHECK(belonging_of(older, owner) == Belonging::own);
  // The database has moved on since.
  world.db().run_as_owner(
      "INSERT INTO schema_migrations (name, checksum, duration_ms, binary_version) VALUES ('2999_later', "
      "'x', 1, 'x')");
  CHECK(belonging_of(older, read_backup_owner(*world.db().owner()).value()) == Belonging::own);
  world.db().run_as_owner("UPDATE schema_migrations SET applied_at = applied_at + interval '1 second'");
  CHECK(belonging_of(older, read_backup_owner(*world.db().owner()).value()) == Belonging::foreign);
  CHECK(belonging_of(older, BackupOwner()) == Belonging::foreign);
}

TEST_CASE("a database without accounts expires no backup, and neither does a clock that jumps forward") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  // One of years ago.
  const Backup young = world.back_up();
  Manifest manifest = *young.manifest;
  manifest.file = "dits_backup_20200102_030405.sql.gz";
  const std::string old = world.directory() + "/" + manifest.file;
  std::filesystem::copy(young.path, old);
  REQUIRE(write_file_atomically(world.directory() + "/dits_backup_20200102_030405.json",
                                manifest_to_text(manifest)));
  world.back_up();
  world.db().run_as_owner("DELETE FROM users");
  for (int count = 0; count < 2; ++count) world.back_up();
  CHECK(std::filesystem::exists(old));
  world.add_issues("anna@x.dev", 3);
  // Nor does a clock that has just jumped.
  world.db().run_as_owner("UPDATE clock_witness SET seen_at = '2020-01-03'");
  world.back_up();
  CHECK(std::filesystem::exists(old));
  world.db().run_as_owner("UPDATE clock_witness SET seen_at = now()");
  world.back_up();
  CHECK_FALSE(std::filesystem::exists(old));
}

TEST_CASE(
    "old backups are not removed while another one is written, whose attachments no manifest names yet") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const std::string user = world.add_issues("anna@x.dev", 3);
  for (int count = 0; count < 4; ++count) world.back_up();
  const Timestamp later{system_clock().now().unix_ms + 8 * ms_per_day};
  const BackupOwner owner = read_backup_owner(*world.db().owner()).value();
  const std::string hash = world.add_attachment(user, "just linked");
  const std::string folder = world.directory() + "/attachments/" + hash.substr(0, 2);
  REQUIRE(make_directories(folder));
  REQUIRE(write_file_atomically(folder + "/" + hash.substr(2), "just linked"));
  {
    // As another process holds it while it writes.
    const FileDescriptor lock(::open((world.directory() + "/.lock").c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);
    CHECK(remove_old_backups(world.directory(), 7, later, owner) == 0);
  }
  CHECK(std::filesystem::exists(folder + "/" + hash.substr(2)));
  CHECK(remove_old_backups(world.directory(), 7, later, owner) == 1);
  CHECK_FALSE(std::filesystem::exists(folder + "/" + hash.substr(2)));
}

TEST_CASE(
    "a backup that somebody renamed with its manifest is listed by when it was written, and never expires") {
  const test::TemporaryDirectory directory;
  BackupOwner owner;
  owner.database = "11111111-1111-4111-8111-111111111111";
  const auto put = [&](const std::string& stem, const char* time) {
    REQUIRE(write_file_atomically(directory.path() + "/" + stem + ".sql.gz", "x"));
    Manifest manifest;
    manifest.file = stem + ".sql.gz";
    manifest.sha256 = "x";
    manifest.written_at = parse_timestamp(time).value();
    manifest.contents.database = owner.database;
    REQUIRE(write_file_atomically(directory.path() + "/" + stem + ".json", manifest_to_text(manifest)));
  };
  for (const char* day : {"2", "4", "5", "6"})
    put("dits_backup_2024010" + std::string(day) + "_030000", "2024-01-06T03:00:00Z");
  put("before the move", "2024-01-03T03:00:00Z");
  const auto names = [&] {
    std::vector<std::string> found;
    for (const Backup& one : list_backups(directory.path())) found.push_back(one.name());
    return found;
  };
  CHECK(names() == std::vector<std::string>{"dits_backup_20240106_030000.sql.gz",
                                            "dits_backup_20240105_030000.sql.gz",
                                            "dits_backup_20240104_030000.sql.gz",
                                            "before the move.sql.gz",
                                            "dits_backup_20240102_030000.sql.gz"});
  CHECK(remove_old_backups(directory.path(), 7, system_clock().now(), owner) == 1);
  CHECK(names().size() == 4);
  CHECK(names().back() == "before the move.sql.gz");
}

TEST_CASE("a file that only begins like a backup is neither listed nor removed, however old") {
  const test::TemporaryDirectory directory;
  const std::vector<std::string> names{"dits_backup_20240101_030000.sql.gz",
                                       "dits_backup_20240102_030000.sql.gz",
                                       "dits_backup_20240103_030000.sql.gz",
                                       "dits_backup_20240104_030000.sql.gz",
                                       "dits_backup_2023_the_keeper.sql.gz",
                                       "dits_backup_99999999_999999.sql.gz",
                                       "dits_backup_before-the-move.sql.gz"};
  for (const std::string& name : names) REQUIRE(write_file_atomically(directory.path() + "/" + name, "x"));
  // And these would be somebody's.
  BackupOwner owner;
  owner.database = "11111111-1111-4111-8111-111111111111";
  for (std::size_t at = 0; at < 4; ++at) {
    Manifest manifest;
    manifest.file = names[at];
    manifest.sha256 = "x";
    manifest.contents.database = owner.database;
    REQUIRE(write_file_atomically(directory.path() + "/" + names[at].substr(0, 27) + ".json",
                                  manifest_to_text(manifest)));
  }
  CHECK(list_backups(directory.path()).size() == 4);
  CHECK(remove_old_backups(directory.path(), 7, system_clock().now(), owner) == 1);
  CHECK_FALSE(std::filesystem::exists(directory.path() + "/" + names[0]));
  for (std::size_t at = 1; at < names.size(); ++at)
    CHECK(std::filesystem::exists(directory.path() + "/" + names[at]));
}

}  // namespace dits
