// What PostgreSQL may believe of a function is PostgreSQL's to say: no schema and no start of ours marks one.
#include <string>

#include <doctest/doctest.h>

#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

constexpr std::string_view ask_marked =
    "SELECT coalesce(string_agg(oid::regprocedure::text, ' ' ORDER BY oid::regprocedure::text COLLATE "
    "\"C\"), '') FROM "
    "pg_proc WHERE proleakproof";
// As servers marked them on databases that they owned.
constexpr const char* marks =
    "ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF; ALTER FUNCTION enum_eq(anyenum, anyenum) "
    "LEAKPROOF; "
    "ALTER FUNCTION textlike(text, text) LEAKPROOF; ALTER FUNCTION fold_text(text) LEAKPROOF;"
    "ALTER FUNCTION word_similarity_op(text, text) LEAKPROOF";

std::string marked_in(Connection& connection) {
  return std::string(connection.run_once(ask_marked).value()[0].text(0));
}

// Of the server's own, in a database that has no schema of ours.
std::string marked_in_fresh(const test::TestDatabase& db) {
  ConnectionOptions options;
  options.url = db.owner_url();
  options.database = "template1";
  return marked_in(*Connection::open(options).value());
}

}  // namespace

TEST_CASE("no function is marked leakproof that is not in a fresh PostgreSQL") {
  test::TestDatabase db;
  const auto owner = db.owner();
  REQUIRE(grant_app_role(*owner));
  CHECK(marked_in(*owner) == marked_in_fresh(db));
  CHECK_FALSE(marked_in(*owner).empty());
}

TEST_CASE("marks that earlier servers made are taken back by the migration") {
  test::TestDatabase db;
  const auto owner = db.owner();
  std::vector<Migration> earlier = embedded_migrations().value();
  std::erase_if(earlier, [](const Migration& each) { return each.name >= "20261129200000"; });
  REQUIRE(drop_everything(*owner));
  REQUIRE(migrate(*owner, {earlier, "earlier"}));
  REQUIRE(owner->run_script(marks));
  REQUIRE(marked_in(*owner) != marked_in_fresh(db));
  REQUIRE(migrate(*owner, {embedded_migrations().value(), "now"}));
  CHECK(marked_in(*owner) == marked_in_fresh(db));
}

}  // namespace dits
