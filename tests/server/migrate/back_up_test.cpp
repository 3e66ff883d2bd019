// Who may write a backup that anybody can read.
#include "server/migrate/back_up.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"

namespace dits {
namespace {

TEST_CASE("beside encrypted backups a plain one is written only by who says so") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  world.config().backup_passphrase = Secret("correct horse battery");
  const Backup encrypted = world.back_up();
  CHECK(encrypted.is_encrypted);

  // As the server's schedule, an upgrade and a migration do it.
  Config forgetful = world.config();
  forgetful.backup_passphrase = Secret();
  const auto refused = back_up(world.place(), forgetful, system_clock());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid);
  CHECK(refused.error().message.find("BACKUP_PASSPHRASE is not set here") != std::string::npos);
  CHECK(list_backups(world.directory()).size() == 1);

  const auto plain = back_up(world.place(), world.config(), system_clock(), BackupForm::plain);
  REQUIRE(plain);
  CHECK_FALSE(plain->is_encrypted);
  // Once is no custom: somebody took the data elsewhere.
  CHECK_FALSE(back_up(world.place(), forgetful, system_clock()));
  std::filesystem::rename(encrypted.path, world.directory() + "/../" + encrypted.name());
  CHECK(back_up(world.place(), forgetful, system_clock()));
}

TEST_CASE("a passphrase that is too short closes no backup") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  world.add_issues("anna@x.dev", 3);
  world.config().backup_passphrase = Secret("short");
  const auto refused = back_up(world.place(), world.config(), system_clock());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("shorter than 8 characters") != std::string::npos);
  CHECK(list_backups(world.directory()).empty());
}

}  // namespace
}  // namespace dits
