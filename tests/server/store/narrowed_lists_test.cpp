// How PostgreSQL runs a search that is narrowed to some issues, and what is read to keep their words: whether
// the plan was made for these values or for any, with the embedded database and as a plain owner of
// PostgreSQL 15, rows are read of the issues that were named, and of no others.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/store/issue_lists.hpp"
#include "server/store/issue_words.sql.hpp"
#include "server/store/search.sql.hpp"
#include "shared/query/parser.hpp"
#include "tests/support/plan_readings.hpp"

namespace dits {
namespace {

using test::must;

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

const test::PlanRows all{std::string(rows_of_all), "issues, audit_logs, user_counters"};

void check_plans(Database& database) {
  const UserId user_id{must(parse_uuid(test::plan_reader))};
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = 5; number <= 3000; number += 15) numbers.push_back(number);
  const auto count = static_cast<std::int64_t>(numbers.size());
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    CAPTURE(mode);
    Transaction transaction = test::begin_planned(database, mode);
    const auto most_rows = [](std::int64_t most) {
      return test::ReadingLimit{{"issues", "audit_logs"}, static_cast<double>(most), 0};
    };
    for (const char* query : {"word5", "word5 sort:title", "word5 sort:-updated", "word5 OR word3"}) {
      store::IssueListRequest request;
      request.query = must(query::parse_query(query));
      request.moment = {must(parse_date("2026-02-02"))};
      request.within = numbers;
      const store::IssueListStatement statement = must(store::issue_list_statement(user_id, request, {}));
      test::check_reading(transaction, query, statement.sql, statement.params, most_rows(count + 5));
    }
    const auto check = [&](const Statement& statement, const std::vector<Param>& params, std::int64_t most) {
      test::check_reading(
          transaction, std::string(statement.name), std::string(statement.sql), params, most_rows(most));
    };
    const std::vector<std::string> patterns{"%word5%"};
    check(sql::find_literal_matches_within,
          {user_id, patterns, std::vector<std::string>(), "", "", numbers},
          count + 5);
    check(sql::list_issue_texts, {user_id, 1500, 100, 1'000'000}, 110);
    check(sql::list_issue_texts_of, {user_id, numbers, 1'000'000}, count + 5);
    // Each change with its issue, and the first of all, which names the log.
    check(sql::find_issue_changes, {user_id, 2900, 2000}, 2 * 100 + 5);
    check(sql::find_issue_changes, {user_id, 1000, 50}, 2 * 50 + 5);
  }
}

}  // namespace

TEST_CASE("a narrowed search reads the rows that it is narrowed to: the embedded database") {
  test::check_plans_inside(all, check_plans);
}

TEST_CASE("a narrowed search reads the rows that it is narrowed to: a plain owner of PostgreSQL 15") {
  test::check_plans_of_owner(all, check_plans);
}

}  // namespace dits
