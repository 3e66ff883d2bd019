// The migrations in the repository, each from the schema before it: killed at every statement they leave the
// old schema, and whoever comes from an earlier schema, with data in it, arrives at the same one as a
// newcomer.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/embedded/subprocess.hpp"
#include "server/migrate/migrate.hpp"
#include "server/migrate/roles.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using test::TestDatabase;

std::vector<Migration> prefix(const std::vector<Migration>& all, std::size_t count) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

// A database at the schema of the first `count` migrations, with the grants of that time.
struct DatabaseAt {
  DatabaseAt(const std::vector<Migration>& all, std::size_t count) : owner(db.owner()) {
    REQUIRE(drop_everything(*owner));
    if (count == 0) return;
    REQUIRE(migrate(*owner, {prefix(all, count), "earlier"}));
    REQUIRE(grant_app_role(*owner));
  }

  // As PostgreSQL's own pg_dump writes it, without what differs from run to run.
  std::string schema() {
    embedded::Program pg_dump = test::test_cluster()->tool(
        "pg_dump", {"--schema-only", "--restrict-key=test", db.ask_as_owner("SELECT current_database()")});
    std::string text;
    const auto done =
        embedded::run_program(std::move(pg_dump), [&text](std::string_view piece) -> Result<void> {
          text += piece;
          return {};
        });
    REQUIRE(done);
    return text;
  }

  // The same in a moment, as PostgreSQL keeps it: enough to see that nothing has changed.
  std::string trace() {
    return db.ask_as_owner(R"sql(
SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
  SELECT c::text AS line FROM (SELECT oid, relname, relkind, relacl, relrowsecurity, relforcerowsecurity, relnatts
    FROM pg_class WHERE relnamespace = 'public'::regnamespace) c
  UNION ALL SELECT a::text FROM (SELECT attrelid, attname, attnum, atttypid, attnotnull, atthasdef, attisdropped
    FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)) a
  UNION ALL SELECT p::text FROM (SELECT oid, proname, prosrc, proacl FROM pg_proc WHERE pronamespace = 'public'::regnamespace) p
  UNION ALL SELECT t::text FROM (SELECT oid, typname FROM pg_type WHERE typnamespace = 'public'::regnamespace) t
  UNION ALL SELECT e::text FROM (SELECT enumtypid, enumlabel FROM pg_enum) e
  UNION ALL SELECT r::text FROM (SELECT oid, tgrelid, tgname, tgenabled FROM pg_trigger) r
  UNION ALL SELECT o::text FROM (SELECT oid, polrelid, polname, polqual FROM pg_policy) o
  UNION ALL SELECT k::text FROM (SELECT oid, conname, contype FROM pg_constraint WHERE connamespace = 'public'::regnamespace) k
) lines)sql");
  }

  TestDatabase db;
  std::unique_ptr<Connection> owner;
};

// Somebody's data, in words that every schema since the first one understands.
constexpr const char* some_data = R"sql(
SELECT set_config('dits.system', 'on', false), set_config('dits.user_id', '01900000-0000-7000-8000-000000000001', false);
INSERT INTO users (id, email, password_hash, name) VALUES ('01900000-0000-7000-8000-000000000001', 'anna@x.dev', '-', 'Anna');
INSERT INTO user_counters (user_id) VALUES ('01900000-0000-7000-8000-000000000001');
INSERT INTO projects (user_id, id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002', 'Project');
INSERT INTO labels (user_id, id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000003', 'bug');
INSERT INTO workflows (user_id, id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000004', 'Workflow');
INSERT INTO statuses (user_id, id, workflow_id, name) VALUES
  ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000004', 'To Do');
INSERT INTO issues (user_id, id, number, title, status_id, project_id)
  SELECT '01900000-0000-7000-8000-000000000001', gen_random_uuid(), number, 'Issue ' || number,
         '01900000-0000-7000-8000-000000000005', '01900000-0000-7000-8000-000000000002'
  FROM generate_series(1, 50) number;
INSERT INTO issue_labels (user_id, issue_id, label_id)
  SELECT user_id, id, '01900000-0000-7000-8000-000000000003' FROM issues;
)sql";

// Where one statement of a script ends and the next begins: after each ';' outside of quotes, comments and
// dollar quotes.
std::vector<std::size_t> statement_ends(std::string_view sql) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const std::string_view rest = sql.substr(at);
    const auto skip_to = [&](std::string_view mark, std::size_t from) {
      const std::size_t found = sql.find(mark, at + from);
      at = found == std::string_view::npos ? sql.size() : found + mark.size() - 1;
    };
    if (rest.starts_with("--")) {
      skip_to("\n", 2);
    } else if (rest.starts_with("$$")) {
      skip_to("$$", 2);
    } else if (rest.starts_with("'")) {
      skip_to("'", 1);
    } else if (rest.starts_with(";")) {
      ends.push_back(at + 1);
    }
  }
  return ends;
}

TEST_CASE("a migration that is killed at any of its statements leaves the old schema, whole") {
  if (test::lacks(test::Need::own_cluster)) return;
  const std::vector<Migration> all = embedded_migrations().value();
  std::size_t kills = 0;
  for (std::size_t count = 0; count < all.size(); ++count) {
    CAPTURE(all[count].name);
    REQUIRE(all[count].is_transactional);
    DatabaseAt before(all, count);
    // Made beside the migration, before its transaction: by whoever comes first.
    REQUIRE(migrate(*before.owner, {prefix(all, count), "earlier"}));
    const std::vector<std::size_t> ends = statement_ends(all[count].sql);
    REQUIRE_FALSE(ends.empty());
    const auto kill_at = [&](std::size_t end) {
      std::vector<Migration> known = prefix(all, count + 1);
      known.back().sql.insert(end, "\nSELECT pg_terminate_backend(pg_backend_pid());\n");
      auto connection = before.db.owner();
      CHECK_FALSE(migrate(*connection, {known, "later"}));
      ++kills;
    };
    kill_at(0);  // after this one schema_migrations itself is there
    const std::string old_schema = before.schema();
    const std::string old_trace = before.trace();
    for (const std::size_t end : ends) {
      kill_at(end);
      CHECK(before.trace() == old_trace);
    }
    CHECK(before.schema() == old_schema);
    CHECK(migrate(*before.owner, {prefix(all, count + 1), "later"}).value().size() == 1);
  }
  MESSAGE(all.size(), " migrations, killed ", kills, " times");
}

TEST_CASE("an upgrade from every earlier schema, with data in it, gives the schema of a fresh database") {
  if (test::lacks(test::Need::own_cluster)) return;
  const std::vector<Migration> all = embedded_migrations().value();
  DatabaseAt fresh(all, 0);
  REQUIRE(migrate(*fresh.owner, {all, "new"}));
  REQUIRE(grant_app_role(*fresh.owner));
  const std::string schema = fresh.schema();
  REQUIRE(schema.find("CREATE TABLE public.issues") != std::string::npos);
  for (std::size_t count = 1; count <= all.size(); ++count) {
    CAPTURE(all[count - 1].name);
    DatabaseAt old(all, count);
    REQUIRE(old.owner->run_script(some_data));
    REQUIRE(migrate(*old.owner, {all, "new"}));
    REQUIRE(grant_app_role(*old.owner));
    CHECK(old.schema() == schema);
    CHECK(old.db.ask_as_owner("SELECT count(*) FROM issues") == "50");
    CHECK(app_role_is_ready(*old.owner).value());
  }
}

}  // namespace
}  // namespace dits
