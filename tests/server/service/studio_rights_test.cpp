// What Studio shows to nobody and changes for nobody, whoever asks and however.
#include <chrono>

#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "server/service/studio.hpp"
#include "tests/support/studio_world.hpp"

using namespace dits;
using dits::test::Studio;

TEST_CASE("secrets are never shown, and the audit log is never edited") {
  Studio studio;
  CHECK(studio.table("users").find("password_hash")->is_secret);
  CHECK_FALSE(studio.cell(studio.rows("users"), 0, "password_hash").has_value());
  for (const auto& [table, column] : {std::pair{"sessions", "token_hash"},
                                      {"api_tokens", "token_hash"},
                                      {"setup_links", "token_hash"},
                                      {"webhooks", "secret_hash"},
                                      {"idempotency_keys", "body"}}) {
    CAPTURE(table);
    CHECK(studio.table(table).find(column)->is_secret);
    const auto read = studio.sql("select " + std::string(column) + " from " + table);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::forbidden);
  }
  CHECK_FALSE(studio.table("audit_logs").is_editable);
  CHECK_FALSE(studio.table("user_counters").is_editable);
  const auto filtered = parse_studio_filter("password_hash ~ a").value();
  store::StudioRowsQuery query;
  query.filter = filtered;
  CHECK_FALSE(studio_rows(studio.admin, "users", query).has_value());
  query = {};
  query.sort = "password_hash";
  CHECK_FALSE(studio_rows(studio.admin, "users", query).has_value());
}

TEST_CASE(
    "no credential lasts longer or becomes another's through Studio, by rows or by SQL; it may only end") {
  Studio studio;
  const Viewer bert = studio.world.add_viewer("bert@x.dev");
  const std::string anna_id = to_string(studio.anna.user_id);
  studio.world.database().run_as_owner(
      "INSERT INTO api_tokens (id, user_id, name, token_hash, prefix, scope, expires_at) VALUES "
      "(gen_random_uuid(), '" +
      anna_id +
      "', 't', sha256('t'), 'dits_', 'ADMIN', now() + interval '1 day'); INSERT INTO sessions (id, user_id, "
      "token_hash, expires_at, absolute_expires_at) VALUES (gen_random_uuid(), '" +
      anna_id +
      "', sha256('s'), now() + interval '1 day', now() + interval '1 day'); INSERT INTO setup_links "
      "(token_hash, "
      "expires_at) VALUES (sha256('l'), now() + interval '1 day'); INSERT INTO login_failures (key, "
      "failures) VALUES "
      "('account:x', 9); INSERT INTO idempotency_keys (user_id, key, request_hash) VALUES ('" +
      anna_id + "', 'k', sha256('k'))");
  const std::string other = to_string(bert.user_id);
  const std::string statements[] = {
      "update api_tokens set expires_at = null",
      "update api_tokens set user_id = '" + other + "'",
      "update api_tokens set scope = 'ADMIN'",
      "update api_tokens set revoked_at = null",
      "insert into api_tokens (id, user_id, name, prefix, scope) values (gen_random_uuid(), '" + other +
          "', 'x', 'p', 'ADMIN')",
      "update sessions set absolute_expires_at = now() + interval '9 years', expires_at = now() + interval "
      "'9 years'",
      "update sessions set user_id = '" + other + "'",
      "update setup_links set used_at = null, expires_at = now() + interval '9 years'",
      "insert into setup_links (token_hash, expires_at) values (sha256('mine'), now() + interval '1 day')",
      "update login_failures set failures = 0, locked_until = null",
      "delete from login_failures",
      "update idempotency_keys set key = 'other'",
      "delete from idempotency_keys",
      "update users set password_hash = 'x'",
      "with x as (update api_tokens set expires_at = null returning id) select * from x",
      "merge into api_tokens t using users u on true when matched then update set expires_at = null",
  };
  for (const std::string& statement : statements) {
    CAPTURE(statement);
    const auto answer = run_sql(studio.admin, studio.anna, {statement, true, std::nullopt});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::forbidden);
  }
  const auto refused = [&](const StudioChange& change) {
    return !apply_studio_changes(studio.admin, studio.anna, {change});
  };
  CHECK(refused(studio.change_of("api_tokens", "name = t", "expires_at", std::nullopt)));
  CHECK(refused(studio.change_of("api_tokens", "name = t", "user_id", other)));
  CHECK(refused(studio.change_of("sessions", "user_id = " + anna_id, "user_id", other)));
  CHECK(refused(studio.change_of("login_failures", "failures = 9", "failures", "0")));
  for (const char* table : {"api_tokens", "sessions", "setup_links", "login_failures", "idempotency_keys"}) {
    CAPTURE(table);
    for (const StudioColumn& column : studio.table(table).columns) {
      CAPTURE(column.name);
      CHECK_FALSE(column.is_editable);
    }
  }
  // Ending one is nobody's gain.
  StudioChange removal = studio.change_of("api_tokens", "name = t", "name", "t");
  removal.action = StudioAction::remove;
  removal.values.clear();
  studio.world.must(apply_studio_changes(studio.admin, studio.anna, {removal}));
  CHECK(studio.rows("api_tokens").rows.empty());
}

TEST_CASE("a token reads in Studio, and changes nothing by SQL") {
  Studio studio;
  Viewer token = studio.anna;
  token.credential = CredentialKind::token;
  CHECK(run_sql(studio.admin, token, {"select 1", false, std::nullopt}));
  const auto refused = run_sql(studio.admin, token, {"update users set name = 'x'", true, std::nullopt});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::forbidden);
}

TEST_CASE(
    "rights on credentials that an earlier version gave to Studio's roles are taken back at the next start") {
  Studio studio;
  const auto owner = studio.world.database().owner();
  CHECK(app_role_is_ready(*owner).value());
  studio.world.database().run_as_owner("GRANT UPDATE (expires_at) ON api_tokens TO dits_studio_sql");
  CHECK_FALSE(app_role_is_ready(*owner).value());
  REQUIRE(grant_app_role(*owner));
  CHECK(app_role_is_ready(*owner).value());
  CHECK(studio.world.database().ask_as_owner(
            "SELECT has_any_column_privilege('dits_studio_sql', 'api_tokens', 'UPDATE')") == "f");
}

TEST_CASE("a column that a migration adds is missed by Studio's grants until they are given") {
  Studio studio;
  const auto owner = studio.world.database().owner();
  // As after a start that was killed between the migration and its grants.
  studio.world.database().run_as_owner("ALTER TABLE issues ADD COLUMN later integer");
  CHECK_FALSE(app_role_is_ready(*owner).value());
  REQUIRE(grant_app_role(*owner));
  CHECK(app_role_is_ready(*owner).value());
  CHECK(studio.sql("select later from issues"));
}

TEST_CASE("who is disabled in Studio has no session any more, and none after coming back") {
  Studio studio;
  studio.world.add_viewer("bert@x.dev");
  studio.world.database().run_as_owner("UPDATE users SET role = 'ADMIN' WHERE email = 'anna@x.dev'");
  studio.world.database().run_as_owner(
      "INSERT INTO sessions (user_id, id, token_hash, user_agent, created_at, last_seen_at, expires_at, "
      "absolute_expires_at) SELECT id, gen_random_uuid(), sha256(email::bytea), '', now(), now(), now() + '1 "
      "day', now() + '1 day' FROM users");
  const auto set_disabled = [&](const std::string& who, const char* value) {
    return run_sql(
        studio.admin,
        studio.anna,
        {"update users set disabled_at = " + std::string(value) + " where email = '" + who + "'", true, 1});
  };
  CHECK(set_disabled("bert@x.dev", "now()"));
  CHECK(set_disabled("bert@x.dev", "null"));
  CHECK(studio.world.database().ask_as_owner("SELECT count(*) FROM sessions") == "1");
  // Somebody must be left who can let others in again.
  const auto refused = set_disabled("anna@x.dev", "now()");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == "rule_broken");
}

TEST_CASE("a console that makes itself another role reads no more than before") {
  Studio studio;
  for (const char* role : {"dits_app", "dits_owner", "postgres", "none"}) {
    CAPTURE(role);
    const auto answer =
        studio.sql("select set_config('role', '" + std::string(role) +
                   "', true), query_to_xml('select password_hash from users', true, false, '')");
    CHECK_FALSE(answer.has_value());
  }
}

TEST_CASE("the login of requests can become neither of Studio's roles") {
  test::TestDatabase database;
  for (const char* role : {"dits_studio", "dits_studio_sql"}) {
    CAPTURE(role);
    CHECK(database.ask_as_owner("SELECT pg_has_role('dits_app', '" + std::string(role) + "', 'MEMBER')") ==
          "f");
    CHECK(database.ask_as_owner("SELECT pg_has_role('" + std::string(role) + "', 'dits_app', 'MEMBER')") ==
          "f");
    CHECK(database.ask_as_owner("SELECT has_schema_privilege('" + std::string(role) +
                                "', 'public', 'CREATE')") == "f");
  }
}
