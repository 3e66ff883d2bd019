#include "server/cli/table_sizes.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "server/base/clock.hpp"
#include "server/migrate/database_setup.hpp"
#include "tests/support/backup_world.hpp"
#include "tests/support/needs.hpp"

namespace dits::cli {
namespace {

std::int64_t rows_of(const std::vector<TableSize>& tables, std::string_view name) {
  const auto found = std::ranges::find(tables, name, &TableSize::name);
  return found == tables.end() ? -1 : found->rows;
}

}  // namespace

TEST_CASE("tables are counted without statistics, and what a restore set aside is not counted with them") {
  test::BackupWorld world;
  world.add_issues("anna@example.org", 12);
  world.db().run_as_owner(
      "CREATE SCHEMA dits_replaced_1; CREATE TABLE dits_replaced_1.issues AS TABLE issues");
  world.db().run_as_owner("SELECT pg_stat_reset()");
  const auto owner = world.db().owner();
  const std::vector<TableSize> tables = table_sizes(*owner).value();
  CHECK(rows_of(tables, "issues") == 12);
  CHECK(rows_of(tables, "users") == 1);
  CHECK(std::ranges::count(tables, "issues", &TableSize::name) == 1);
}

TEST_CASE("a plain owner counts every row, and psql shows them to it") {
  if (test::lacks(test::Need::own_cluster)) return;
  test::BackupWorld world;
  const test::PlainOwner own_database(world);
  const DatabasePlace& place = own_database.place();
  const auto superuser = own_database.as_superuser();
  REQUIRE(
      superuser->run_script("INSERT INTO users (id, email, password_hash, name) VALUES "
                            "(gen_random_uuid(), 'anna@example.org', '', 'Anna')"));
  embedded::Program psql = test::test_cluster()->tool("psql", {});
  CHECK(let_read_all_rows(place, psql).value());
  CHECK(psql.environment.back() == "PGOPTIONS=-c dits.backup=on");
  const auto owner = connect_as_owner(place).value();
  CHECK(owner->run_once("SELECT count(*) FROM users").value()[0].int64(0) == 0);
  CHECK(rows_of(table_sizes(*owner).value(), "users") == 1);
}

}  // namespace dits::cli
