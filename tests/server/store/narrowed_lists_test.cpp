// How PostgreSQL runs a search that is narrowed to some issues, and what is read to keep their words: whether
// the plan was made for these values or for any, with the embedded database and as a plain owner of
// PostgreSQL 15, rows are read of the issues that were named, and of no others.
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "server/backup/bare_tables.hpp"
#include "server/db/pooled_database.hpp"
#include "server/migrate/migrate.hpp"
#include "server/store/issue_lists.hpp"
#include "server/store/issue_words.sql.hpp"
#include "server/store/search.sql.hpp"
#include "shared/query/parser.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

constexpr const char* reader = "01900000-0000-7000-8000-00000000000a";

template <typename T>
T must(Result<T> result) {
  INFO((result ? std::string() : result.error().message));
  REQUIRE(result);
  return std::move(result).value();
}

// Two accounts with as many issues each.
constexpr std::string_view rows_of_all = R"sql(
INSERT INTO users (id, email, password_hash, name)
SELECT ('01900000-0000-7000-8000-00000000000' || u)::uuid, u || '@example.org', '-', u FROM unnest(ARRAY['a', 'b']) AS u;
INSERT INTO user_counters (user_id, last_change_id) SELECT id, 3000 FROM users;
INSERT INTO workflows (user_id, id, name, is_default) SELECT id, id, 'Default', true FROM users;
INSERT INTO statuses (user_id, id, workflow_id, name, position) SELECT id, id, id, 'Backlog', 0 FROM users;
INSERT INTO issues (user_id, id, number, title, description, status_id, updated_at)
SELECT u.id, gen_random_uuid(), n, 'Issue ' || md5(n::text), 'word' || n % 7 || ' in ' || md5((n * 7)::text), u.id,
       timestamptz '2025-06-01' + (n * 7919 % 3000) * interval '1 minute'
FROM users u, generate_series(1, 3000) AS n;
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, new_values)
SELECT user_id, number, 'CREATE', 'issue', id, '{}' FROM issues;
)sql";

// The URL's login owns the schema, and need not be a superuser. However slow the machine is: no limit of time
// here.
void fill(const Secret& url) {
  ConnectionOptions options;
  options.url = url;
  options.statement_timeout = options.lock_timeout = std::chrono::milliseconds(0);
  const auto owner = must(Connection::open(options));
  const BareTables tables = must(BareTables::strip(*owner));
  const Result<void> done = owner->run_script(std::string(rows_of_all));
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
  REQUIRE(tables.put_back(*owner));
  REQUIRE(owner->run_script("ANALYZE issues, audit_logs, user_counters"));
}

struct Reading {
  std::int64_t whole_tables = 0;
  std::int64_t rows = 0;
};

Reading reading_of(Transaction& transaction) {
  const Rows rows = must(transaction.run_computed(
      "reading",
      "SELECT coalesce(sum(seq_scan), 0), coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM "
      "pg_stat_xact_user_tables WHERE relname IN ('issues', 'audit_logs')",
      {}));
  return {rows[0].int64(0), rows[0].int64(1)};
}

void check_reading(Transaction& transaction,
                   const std::string& what,
                   const std::string& sql,
                   const std::vector<Param>& params,
                   std::int64_t most) {
  CAPTURE(what);
  const Reading before = reading_of(transaction);
  const Rows rows = must(transaction.run_computed("measured", sql, params));
  const Reading after = reading_of(transaction);
  std::string plan;
  for (const Row row : must(transaction.run_computed("explain", "EXPLAIN " + sql, params)))
    plan += std::string(row.text(0)) + "\n";
  CAPTURE(plan);
  CHECK(rows.size() > 0);
  CHECK(after.whole_tables == before.whole_tables);
  CHECK(after.rows - before.rows <= most);
}

void check_plans(Database& database) {
  const UserId user_id{must(parse_uuid(reader))};
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = 5; number <= 3000; number += 15) numbers.push_back(number);
  const auto count = static_cast<std::int64_t>(numbers.size());
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    CAPTURE(mode);
    Transaction transaction = must(database.begin(Actor::of_user(user_id), Access::read));
    must(transaction.run_computed(
        "mode",
        "SELECT set_config('plan_cache_mode', $1, true), set_config('statement_timeout', '0', true)",
        std::vector<Param>{mode}));
    for (const char* query : {"word5", "word5 sort:title", "word5 sort:-updated", "word5 OR word3"}) {
      store::IssueListRequest request;
      request.query = must(query::parse_query(query));
      request.moment = {must(parse_date("2026-02-02")), 0};
      request.within = numbers;
      const store::IssueListStatement statement = must(store::issue_list_statement(user_id, request, {}));
      check_reading(transaction, query, statement.sql, statement.params, count + 5);
    }
    const auto check = [&](const Statement& statement, const std::vector<Param>& params, std::int64_t most) {
      check_reading(transaction, std::string(statement.name), std::string(statement.sql), params, most);
    };
    const std::vector<std::string> patterns{"%word5%"};
    check(sql::find_literal_matches_within,
          {user_id, patterns, std::vector<std::string>(), "", "", numbers},
          count + 5);
    check(sql::list_issue_texts, {user_id, 1500, 100}, 110);
    check(sql::list_issue_texts_of, {user_id, numbers}, count + 5);
    // Each change with its issue, and the first of all, which names the log.
    check(sql::find_issue_changes, {user_id, 2900, 2000}, 2 * 100 + 5);
    check(sql::find_issue_changes, {user_id, 1000, 50}, 2 * 50 + 5);
  }
}

}  // namespace

TEST_CASE("a narrowed search reads the rows that it is narrowed to: the embedded database") {
  test::TestDatabase database;
  fill(database.owner_url());
  check_plans(database.database());
}

TEST_CASE("a narrowed search reads the rows that it is narrowed to: a plain owner of PostgreSQL 15") {
  if (test::lacks(test::Need::postgres15)) return;
  const test::Postgres15 server;
  PoolOptions pool;
  pool.connection.url = server.make_database("narrowed");
  REQUIRE(migrate(*test::connect_to(pool.connection.url), {embedded_migrations().value(), "test"}));
  fill(pool.connection.url);
  PooledDatabase database(pool, StatementLog{});
  check_plans(database);
}

}  // namespace dits
