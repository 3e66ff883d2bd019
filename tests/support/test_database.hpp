// Real PostgreSQL for tests: one private cluster for the test program, and a fresh database for whoever asks.
// TEST_DATABASE_URL names another server instead; its login must be allowed to create databases.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/db/connection.hpp"
#include "server/db/pooled_database.hpp"
#include "server/embedded/cluster.hpp"

namespace dits::test {

// A database with the whole schema and no rows, gone with the object. Costs about 50 ms.
class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // As the server sees it: the app role, row-level security in force.
  PooledDatabase& database() { return *database_; }
  // Options of the pool behind database(), for tests that make their own.
  PoolOptions pool_options() const;

  // For psql, or `dits --database-url`: as the owner.
  const Secret& owner_url() const { return owner_url_; }
  std::unique_ptr<Connection> owner();
  // Any statements, as the owner and outside of row-level security; ends the test when they fail.
  void run_as_owner(std::string_view sql);
  // The first column of the first row.
  std::string ask_as_owner(std::string_view sql);

  // A user without a password, with the counters row.
  UserId add_user(std::string_view email);

 private:
  std::string name_;
  Secret owner_url_;
  std::string pool_role_;
  std::unique_ptr<PooledDatabase> database_;
};

// The cluster behind all TestDatabases; null with TEST_DATABASE_URL.
embedded::Cluster* test_cluster();

// A directory below the system's temporary one, removed with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace dits::test
