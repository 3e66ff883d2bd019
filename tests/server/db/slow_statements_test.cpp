#include "server/db/slow_statements.hpp"

#include <doctest/doctest.h>

#include "server/db/database_metrics.hpp"
#include "tests/support/test_database.hpp"

namespace dits {
namespace {

using test::TestDatabase;

constexpr Statement find_labels{"test_find_labels",
                                "SELECT name FROM labels WHERE user_id = $1 AND name = $2 AND color <> $3"};

TEST_CASE("the worst slow statement is explained once, without the values that were asked for") {
  TestDatabase db;
  const UserId anna = db.add_user("anna@x.dev");
  PooledDatabase database(db.pool_options(), {std::chrono::milliseconds(0)});
  const std::string secret = "it's a 'secret'\nof Anna";
  REQUIRE(database.read(Actor::of_user(anna), find_labels, {anna, secret, secret}));
  database.maintain();
  std::string plan;
  for (const SlowStatementFigures& one : database.slow_statements().all()) {
    if (one.name == find_labels.name) plan = one.plan;
  }
  CAPTURE(plan);
  CHECK(plan.find("labels") != std::string::npos);
  CHECK(plan.find("cost=") != std::string::npos);
  CHECK(plan.find("'?'") != std::string::npos);
  CHECK(plan.find("secret") == std::string::npos);
  CHECK(plan.find("Anna") == std::string::npos);
  CHECK(database.slow_statements().all().size() < 3);
}

TEST_CASE("a statement is explained again only when it became twice as slow") {
  SlowStatements slow;
  const Command command{"list", "SELECT 1"};
  const auto run_of = [&](int ms) {
    slow.note("list", command, Actor::of_system(), std::chrono::milliseconds(ms), 1);
    return slow.take_unexplained().size();
  };
  CHECK(run_of(10) == 1);
  CHECK(run_of(5) == 0);
  CHECK(run_of(20) == 0);
  CHECK(run_of(21) == 1);
  CHECK(slow.all().front().count == 4);
  CHECK(slow.all().front().worst_us == 21000);
  slow.note("dits.commit", command, Actor::of_system(), std::chrono::seconds(1), 0);
  CHECK(slow.take_unexplained().empty());
}

TEST_CASE("what has no plan is counted, and never explained") {
  const auto explains = [](const std::string& sql) {
    SlowStatements slow;
    slow.note("one", Command{"one", sql}, Actor::of_system(), std::chrono::seconds(1), 0);
    CHECK(slow.all().front().count == 1);
    return slow.take_unexplained().size() == 1;
  };
  for (const char* sql : {"ANALYZE issues",
                          "SET LOCAL statement_timeout = 5",
                          "COMMIT",
                          "NOTIFY x",
                          "  vacuum",
                          "",
                          "FETCH 5 FROM one",
                          "EXPLAIN SELECT 1",
                          "COPY issues TO STDOUT"}) {
    CAPTURE(sql);
    CHECK_FALSE(explains(sql));
  }
  for (const char* sql : {"SELECT 1",
                          "\n with a AS (SELECT 1) SELECT * FROM a",
                          "(SELECT 1) UNION SELECT 2",
                          "VALUES(1)",
                          "INSERT INTO labels DEFAULT VALUES",
                          "update labels SET name = name",
                          "DELETE FROM labels"}) {
    CAPTURE(sql);
    CHECK(explains(sql));
  }
}

TEST_CASE("quoted values of a plan are masked, whatever is in them") {
  CHECK(without_quoted_values("Filter: (name = 'it''s'::text) AND (x = '5')") ==
        "Filter: (name = '?'::text) AND (x = '?')");
  CHECK(without_quoted_values("Seq Scan on a") == "Seq Scan on a");
  CHECK(without_quoted_values("(a = '')") == "(a = '?')");
}

TEST_CASE("each statement has a histogram whose buckets add up, and their number is bounded") {
  StatementStats stats;
  stats.record("fast", std::chrono::microseconds(90), 1, false);
  stats.record("fast", std::chrono::microseconds(3000), 2, true);
  stats.record("fast", std::chrono::seconds(9), 0, false);
  MetricPage page;
  add_statements(page, stats.all());
  const std::string text = page.text();
  for (const char* line : {"dits_statement_seconds_bucket{statement=\"fast\",le=\"0.0001\"} 1\n",
                           "dits_statement_seconds_bucket{statement=\"fast\",le=\"0.005\"} 2\n",
                           "dits_statement_seconds_bucket{statement=\"fast\",le=\"2\"} 2\n",
                           "dits_statement_seconds_bucket{statement=\"fast\",le=\"+Inf\"} 3\n",
                           "dits_statement_seconds_sum{statement=\"fast\"} 9.00309\n",
                           "dits_statement_seconds_count{statement=\"fast\"} 3\n",
                           "dits_statement_rows_total{statement=\"fast\"} 3\n",
                           "dits_statement_errors_total{statement=\"fast\"} 1\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  for (int number = 0; number < 1000; ++number)
    stats.record("name" + std::to_string(number), std::chrono::microseconds(1), 0, false);
  CHECK(stats.all().size() == StatementStats::most_names + 1);
}

}  // namespace
}  // namespace dits
