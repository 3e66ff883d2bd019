// What Insights reads, with the database inside and as a plain owner, whichever way PostgreSQL plans: the
// account's issues once, of the log the moves of the days that are asked for, and the log of a thousand
// issues.
#include <doctest/doctest.h>

#include "server/store/insights.hpp"
#include "server/store/issue_query_sql.hpp"
#include "shared/query/parser.hpp"
#include "tests/support/plan_readings.hpp"

namespace dits {
namespace {

using test::must;

constexpr int accounts = 8;
constexpr int issues = 4000;  // of each
constexpr int log_entries_of_issue = 6;

// An issue for every six hours of the last 1,000 days; what is older than three days was begun a day after
// and is done after another one. Half of the log is of other changes.
constexpr std::string_view rows_of_all = R"sql(
INSERT INTO users (id, email, password_hash, name)
SELECT ('01900000-0000-7000-8000-00000000000' || to_hex(9 + u))::uuid, u || '@example.org', '-', u FROM generate_series(1, @accounts - 2) u
UNION ALL SELECT ('01900000-0000-7000-8000-00000000001' || to_hex(9 + u))::uuid, 'x' || u || '@example.org', '-', u FROM generate_series(1, 2) u;
INSERT INTO workflows (user_id, id, name, is_default) SELECT id, id, 'Default', true FROM users;
INSERT INTO statuses (user_id, id, workflow_id, name, position, is_closed)
SELECT u.id, ('20000000-0000-7000-8000-00000000000' || s.n)::uuid, u.id, s.name, s.n, s.n = 2
FROM users u, (VALUES ('To Do', 0), ('In Progress', 1), ('Done', 2)) AS s (name, n);
INSERT INTO issues (user_id, id, number, title, status_id, created_at, completed_at)
SELECT u.id, ('30000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n, 'Issue ' || n,
       ('20000000-0000-7000-8000-00000000000' || CASE WHEN n < @issues - 12 THEN 2 WHEN n < @issues - 8 THEN 1 ELSE 0 END)::uuid,
       at, CASE WHEN n < @issues - 12 THEN at + interval '2 days' END
FROM users u, generate_series(1, @issues) AS n, LATERAL (SELECT timestamptz '2026-02-02' - (@issues - n) * interval '6 hours' * 4000 / @issues AS at) AS x;
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, created_at)
SELECT i.user_id, i.number * 6 + k, 'UPDATE', 'issue', i.id,
       CASE k WHEN 1 THEN '{"statusId": "20000000-0000-7000-8000-000000000000"}' WHEN 2 THEN '{"statusId": "20000000-0000-7000-8000-000000000001"}' ELSE '{"title": "Old"}' END::jsonb,
       CASE k WHEN 1 THEN '{"statusId": "20000000-0000-7000-8000-000000000001"}' WHEN 2 THEN '{"statusId": "20000000-0000-7000-8000-000000000002"}' ELSE '{"title": "New"}' END::jsonb,
       i.created_at + k * interval '1 day'
FROM issues i, generate_series(0, 5) AS k
WHERE k NOT IN (1, 2) OR (k = 1 AND i.number < @issues - 8) OR (k = 2 AND i.number < @issues - 12);
)sql";

std::string filled(std::string text) {
  const auto put = [&text](std::string_view name, int value) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name))
      text.replace(at, name.size(), std::to_string(value));
  };
  put("@accounts", accounts);
  put("@issues", issues);
  return text;
}

test::PlanRows all() { return {filled(std::string(rows_of_all)), "users, issues, audit_logs"}; }

store::InsightsRequest request_of(const std::string& text, const query::Names& names, int days) {
  const Date today = must(parse_date("2026-02-02"));
  store::InsightsRequest request;
  request.plan = query::make_plan(must(query::parse_query(text)), names, {today});
  for (int back = days - 1; back >= 0; --back) request.days.push_back(midnight_of(Date{today.days - back}));
  request.since = request.days.front();
  request.started = {StatusId{must(parse_uuid("20000000-0000-7000-8000-000000000001"))}};
  return request;
}

void check(Transaction& transaction,
           const char* what,
           const store::InsightsStatement& statement,
           const std::vector<std::string>& tables,
           double most,
           double each = 0) {
  test::check_reading(transaction, what, statement.sql, statement.params, {tables, most, each});
}

void check_plans(Database& database) {
  const UserId user_id{must(parse_uuid(test::plan_reader))};
  const query::Names names = must(store::load_query_names({database, user_id}, user_id));
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    CAPTURE(mode);
    Transaction transaction = test::begin_planned(database, mode);
    for (const int days : {56, 60, 365}) {
      for (const char* query : {"", "is:closed", "created:>2025-06-01"}) {
        CAPTURE(days);
        CAPTURE(query);
        const store::InsightsRequest request = request_of(query, names, days);
        const double moves = days * 4 * 2 + 20;
        check(transaction,
              "days",
              store::count_days_statement(user_id, request),
              {"issues", "audit_logs"},
              issues + moves);
        check(transaction, "log", store::count_days_statement(user_id, request), {"audit_logs"}, moves);
        check(transaction,
              "finished",
              store::find_finished_statement(user_id, request),
              {"issues", "audit_logs"},
              days * 4 + 20,
              1 + log_entries_of_issue);
      }
      const store::InsightsRequest request = request_of("", names, days);
      check(transaction, "working", store::find_working_statement(user_id, request), {"issues"}, issues);
      check(transaction,
            "working, log",
            store::find_working_statement(user_id, request),
            {"audit_logs"},
            0,
            log_entries_of_issue);
    }
  }
}

}  // namespace

TEST_CASE("Insights reads each issue once, and of the log the moves of its days: the embedded database") {
  test::check_plans_inside(all(), check_plans);
}

TEST_CASE("Insights reads each issue once, and of the log the moves of its days: a plain owner") {
  test::check_plans_of_owner(all(), check_plans);
}

}  // namespace dits
