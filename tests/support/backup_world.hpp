// A database with backups of its own, for the tests of backup and restore.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/clock.hpp"
#include "server/base/config.hpp"
#include "server/migrate/back_up.hpp"
#include "server/migrate/database_setup.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

class BackupWorld {
 public:
  BackupWorld();

  TestDatabase& db() { return db_; }
  const Config& config() const { return config_; }
  Config& config() { return config_; }
  const DatabasePlace& place() const { return place_; }
  std::string directory() const { return backup_directory(config_); }

  // An account with that many issues, some of them with awkward text; its id.
  std::string add_issues(std::string_view email, int count);
  // Puts bytes into the store of attachments and a row that names them; their hash.
  std::string add_attachment(const std::string& user_id, std::string_view bytes);

  Backup back_up();  // ends the test when it fails
  // Another login on the same database server, by its name.
  Secret url_as(std::string_view role, std::string_view database) const;

 private:
  TestDatabase db_;
  TemporaryDirectory data_;
  Config config_;
  DatabasePlace place_;
};

// A migrated database of its own on the same server whose owner is no superuser: forced row-level security
// binds it. Role and database go with it; connections made meanwhile must be closed before.
class PlainOwner {
 public:
  explicit PlainOwner(BackupWorld& world);
  ~PlainOwner();
  PlainOwner(const PlainOwner&) = delete;
  PlainOwner& operator=(const PlainOwner&) = delete;

  const Config& config() const { return config_; }
  const DatabasePlace& place() const { return *place_; }
  std::unique_ptr<Connection> as_superuser() const;  // on this database; sees every row

 private:
  BackupWorld& world_;
  const std::string role_;
  const std::string database_;
  Config config_;
  std::optional<DatabasePlace> place_;
};

}  // namespace dits::test
