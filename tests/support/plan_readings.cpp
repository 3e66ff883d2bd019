#include "tests/support/plan_readings.hpp"

#include <chrono>

#include "server/backup/bare_tables.hpp"
#include "server/db/pooled_database.hpp"
#include "server/migrate/migrate.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/postgres15.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {
namespace {

// However slow the machine is: no limit of time here.
void fill(const Secret& owner_url, const PlanRows& rows) {
  ConnectionOptions options;
  options.url = owner_url;
  options.statement_timeout = options.lock_timeout = std::chrono::milliseconds(0);
  const auto owner = must(Connection::open(options));
  const BareTables bare = must(BareTables::strip(*owner));
  const Result<void> written = owner->run_script(rows.sql);
  INFO((written ? std::string() : written.error().message));
  REQUIRE(written);
  REQUIRE(bare.put_back(*owner));
  REQUIRE(owner->run_script("ANALYZE " + std::string(rows.tables)));
}

struct Reading {
  std::int64_t whole_tables = 0;
  std::int64_t rows = 0;
};

// What this transaction's connection has read of these tables so far.
Reading reading_of(Transaction& transaction, const std::vector<std::string>& tables) {
  const Rows rows = must(transaction.run_computed(
      "reading",
      "SELECT coalesce(sum(seq_scan), 0), coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM "
      "pg_stat_xact_user_tables WHERE relname = ANY ($1::text[])",
      std::vector<Param>{tables}));
  return {rows[0].int64(0), rows[0].int64(1)};
}

}  // namespace

void check_plans_inside(const PlanRows& rows, const CheckPlans& check) {
  TestDatabase database;
  fill(database.owner_url(), rows);
  check(database.database());
}

void check_plans_of_owner(const PlanRows& rows, const CheckPlans& check) {
  if (lacks(Need::postgres15)) return;
  const Postgres15 server;
  PoolOptions pool;
  pool.connection.url = server.make_database("plans");
  REQUIRE(migrate(*connect_to(pool.connection.url), {embedded_migrations().value(), "test"}));
  fill(pool.connection.url, rows);
  PooledDatabase database(pool, StatementLog{});
  check(database);
}

Transaction begin_planned(Database& database, std::string_view plan_cache_mode) {
  const UserId user_id{must(parse_uuid(plan_reader))};
  Transaction transaction = must(database.begin(Actor::of_user(user_id), Access::read));
  must(transaction.run_computed("mode",
                                "SELECT set_config('plan_cache_mode', $1, true), "
                                "set_config('max_parallel_workers_per_gather', '0', true), "
                                "set_config('statement_timeout', '0', true), "
                                "set_config('pg_trgm.word_similarity_threshold', '0.45', true)",
                                std::vector<Param>{std::string(plan_cache_mode)}));
  return transaction;
}

void check_reading(Transaction& transaction,
                   const std::string& what,
                   const std::string& sql,
                   const std::vector<Param>& params,
                   const ReadingLimit& limit) {
  CAPTURE(what);
  const Reading before = reading_of(transaction, limit.tables);
  const Rows rows = must(transaction.run_computed("measured", sql, params));
  const Reading after = reading_of(transaction, limit.tables);
  const std::int64_t read = after.rows - before.rows;
  const double most = limit.rows + limit.rows_each * rows.size();
  CAPTURE(rows.size());
  CAPTURE(read);
  std::string plan;
  if (after.whole_tables > before.whole_tables || static_cast<double>(read) > most) {
    for (const Row row : must(transaction.run_computed("explain", "EXPLAIN " + sql, params)))
      plan += std::string(row.text(0)) + "\n";
  }
  CAPTURE(plan);
  CHECK(rows.size() > 0);
  CHECK(after.whole_tables == before.whole_tables);
  CHECK(static_cast<double>(read) <= most);
}

}  // namespace dits::test
