// What an earlier schema let in beside each other, and is one name under the rule of case and form of now.
#include <string>

#include <doctest/doctest.h>

#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

constexpr std::string_view letters = "20261129160000_letters";

std::vector<Migration> before_letters() {
  std::vector<Migration> some = embedded_migrations().value();
  std::erase_if(some, [](const Migration& each) { return each.name >= letters; });
  return some;
}

constexpr const char* user_id = "'01900000-0000-7000-8000-000000000001'";

// An owner whom forced row-level security binds speaks for the user.
// `more_labels`: further pairs of place and name, each behind a comma.
std::string rows_of_one_user(const std::string& more_labels) {
  const std::string user = user_id;
  return "SELECT set_config('dits.system', 'on', false), set_config('dits.user_id', " + user +
         ", false);"
         "INSERT INTO users (id, email, password_hash, name) VALUES (" +
         user +
         ", U&'Cafe\\0301@x.dev', '-', U&'Re\\0301ne\\0301');"
         "INSERT INTO user_counters (user_id) VALUES (" +
         user +
         ");"
         "INSERT INTO labels (user_id, id, name, created_at) SELECT " +
         user +
         ", gen_random_uuid(), name, timestamptz '2026-01-01' + place * interval '1 day' FROM (VALUES "
         "(1, U&'Caf\\00E9'), (2, U&'Cafe\\0301'), (3, U&'caf\\00E9 2'), (4, U&'\\200B'), (5, U&'\\3164'), "
         "(6, repeat('x', 49) || 'I')" +
         more_labels +
         ") AS v (place, name);"
         "INSERT INTO workflows (user_id, id, name) VALUES (" +
         user + ", " + user +
         ", 'W');"
         "INSERT INTO statuses (user_id, id, workflow_id, name, position) VALUES (" +
         user + ", " + user + ", " + user + ", U&'\\00E9', 0), (" + user + ", gen_random_uuid(), " + user +
         ", U&'e\\0301', 1);"
         "INSERT INTO issues (user_id, id, number, title, description, status_id) VALUES (" +
         user + ", gen_random_uuid(), 1, U&'Cafe\\0301', U&'Cafe\\0301', " + user + "), (" + user +
         ", gen_random_uuid(), 2, U&'\\3000', '', " + user + "), (" + user +
         ", gen_random_uuid(), 3, 'Plain', '', " + user + ");";
}

std::string ask(Connection& owner, std::string_view sql) {
  const Result<Rows> rows = owner.run_once(sql);
  INFO((rows ? std::string() : rows.error().message));
  REQUIRE(rows);
  return std::string((*rows)[0].text(0));
}

void check_mended(Connection& owner, const std::string& more_labels, const std::string& more_names) {
  REQUIRE(owner.run_script(rows_of_one_user(more_labels)));
  const auto done = migrate(owner, {embedded_migrations().value(), "now"});
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
  REQUIRE(owner.run_once("SELECT set_config('dits.user_id', " + std::string(user_id) + ", false)"));
  CHECK(ask(owner, "SELECT string_agg(name, '|' ORDER BY created_at) FROM labels") ==
        "Caf\u00E9|Caf\u00E9 3|caf\u00E9 2|Untitled|Untitled 2|" + std::string(49, 'x') + "I" + more_names);
  CHECK(ask(owner, "SELECT string_agg(name, '|' ORDER BY position) FROM statuses") == "\u00E9|\u00E9 2");
  CHECK(ask(owner, "SELECT string_agg(title || description, '|' ORDER BY number) FROM issues") ==
        "Caf\u00E9Caf\u00E9|Untitled|Plain");
  CHECK(ask(owner, "SELECT email || name FROM users") == "Caf\u00E9@x.devR\u00E9n\u00E9");
  CHECK(ask(owner, "SELECT count(*) || ' ' || max(change_id) || ' ' || min(entity_type) FROM audit_logs") ==
        "1 1 studio");
  CHECK(ask(owner, "SELECT last_change_id FROM user_counters") == "1");
  CHECK(ask(owner,
            "SELECT count(*) FROM issue_search WHERE lexemes @@ to_tsquery('simple', U&'caf\\00E9')") == "1");
  // The rule holds for what comes.
  CHECK_FALSE(owner.run_once("INSERT INTO labels (user_id, id, name) VALUES (" + std::string(user_id) +
                             ", gen_random_uuid(), U&'CAF\\00C9')"));
  CHECK(
      ask(owner,
          "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('users', 'labels', 'issues', "
          "'statuses', 'audit_logs', 'user_counters')") == "t");
}

}  // namespace

TEST_CASE("names that become one by the rules of now are told apart, and browsers load everything again") {
  test::TestDatabase db;
  const auto owner = db.owner();
  REQUIRE(drop_everything(*owner));
  REQUIRE(migrate(*owner, {before_letters(), "earlier"}));
  check_mended(*owner, "", "");
}

TEST_CASE("a plain owner of a Turkish database mends the same") {
  if (test::lacks(test::Need::postgres15)) return;
  const test::Postgres15 server;
  const auto owner =
      test::connect_to(server.make_database("mended", "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'"));
  REQUIRE(migrate(*owner, {before_letters(), "earlier"}));
  check_mended(*owner, ", (7, repeat('x', 49) || 'i')", "|" + std::string(48, 'x') + " 2");
}

TEST_CASE("two accounts that become one stop the migration, which says which and how to go on") {
  if (test::lacks(test::Need::postgres15)) return;
  const test::Postgres15 server;
  const auto owner =
      test::connect_to(server.make_database("accounts", "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'"));
  REQUIRE(migrate(*owner, {before_letters(), "earlier"}));
  REQUIRE(
      owner->run_script("SELECT set_config('dits.system', 'on', false);"
                        "INSERT INTO users (id, email, password_hash, name, created_at) VALUES "
                        "(gen_random_uuid(), 'ISIL@x.dev', '-', 'A', '2026-01-01'), "
                        "(gen_random_uuid(), 'isil@x.dev', '-', 'B', '2026-01-02')"));
  const auto refused = migrate(*owner, {embedded_migrations().value(), "now"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("The accounts ISIL@x.dev and isil@x.dev have one address") !=
        std::string::npos);
  CHECK(refused.error().message.find(
            "UPDATE users SET email = 'another@example.org' WHERE email = 'isil@x.dev'") !=
        std::string::npos);
  CHECK(migration_state(*owner, embedded_migrations().value()).value().applied.size() ==
        before_letters().size());
  REQUIRE(owner->run_script("UPDATE users SET email = 'another@example.org' WHERE email = 'isil@x.dev'"));
  CHECK(migrate(*owner, {embedded_migrations().value(), "now"}));
}

}  // namespace dits
