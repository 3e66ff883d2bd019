// How PostgreSQL runs lists, searches and histories among 100,000 issues (DITS_PLAN_ROWS says another
// number), where the requests' role is bound by row-level security and its login is a superuser's, and as a
// plain owner of PostgreSQL 15: never by reading a whole table, and hardly more rows than it answers with,
// whether the plan was made for these values or for any.
#include <cstdlib>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "server/store/audit_logs.sql.hpp"
#include "server/store/imports.sql.hpp"
#include "server/store/issue_lists.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/issues.sql.hpp"
#include "server/store/portions.sql.hpp"
#include "server/store/search.sql.hpp"
#include "server/store/snapshot.sql.hpp"
#include "server/store/users.sql.hpp"
#include "shared/query/parser.hpp"
#include "tests/support/plan_readings.hpp"

namespace dits {
namespace {

using test::must;

std::string wanted_rows() {
  const char* wanted = std::getenv("DITS_PLAN_ROWS");
  return wanted != nullptr ? wanted : "100000";
}

// Issue n has an id that ends in n. @rows is how many there are, of two accounts.
constexpr std::string_view rows_of_all = R"sql(
INSERT INTO users (id, email, password_hash, name)
SELECT ('01900000-0000-7000-8000-00000000000' || u)::uuid, u || '@example.org', '-', u FROM unnest(ARRAY['a', 'b']) AS u;
INSERT INTO workflows (user_id, id, name, is_default) SELECT id, id, 'Default', true FROM users;
INSERT INTO statuses (user_id, id, workflow_id, name, position, is_closed)
SELECT u.id, ('20000000-0000-7000-8000-00000000000' || s.n)::uuid, u.id, s.name, s.n, s.n = 4
FROM users u, unnest(ARRAY['Backlog', 'To Do', 'Doing', 'Review', 'Done']) WITH ORDINALITY AS x (name, place),
     LATERAL (SELECT x.name, x.place - 1 AS n) AS s;
INSERT INTO projects (user_id, id, name) SELECT id, id, 'Site' FROM users;
INSERT INTO areas (user_id, id, name) SELECT id, id, 'Home' FROM users;
INSERT INTO labels (user_id, id, name) SELECT id, id, 'bug' FROM users;
INSERT INTO issues (user_id, id, number, title, description, priority, status_id, project_id, area_id, parent_issue_id, start_date,
                    due_date, completed_at, metadata, created_at, updated_at, deleted_at)
SELECT u.id, ('30000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n, 'Issue ' || md5(n::text),
       'word' || n % 150 || ' in ' || md5((n * 7)::text), (enum_range(NULL::issue_priority))[1 + (n * 7919 + n / 5) % 5],
       ('20000000-0000-7000-8000-00000000000' || (n * 31 + n / 7) % 5)::uuid, CASE WHEN n % 20 = 0 THEN u.id END,
       CASE WHEN n % 30 = 0 THEN u.id END,
       CASE WHEN n % 10 = 3 THEN ('30000000-0000-7000-8000-' || lpad(to_hex(n - n % 400 + 2), 12, '0'))::uuid END,
       CASE WHEN n % 7 = 0 THEN date '2026-01-01' + n % 300 END,
       CASE WHEN n % 6 = 0 THEN date '2026-01-01' + 300 + n / 6 % 300 END,
       CASE WHEN (n * 31 + n / 7) % 5 = 4 THEN timestamptz '2026-01-01' + n * interval '1 minute' END,
       CASE WHEN n % 100 = 0 THEN jsonb_build_object('sourceUrl', 'https://example.org/' || n) ELSE '{}' END,
       timestamptz '2025-01-01' + n * interval '1 minute', timestamptz '2025-06-01' + (n::bigint * 7919 % 100000) * interval '1 minute',
       CASE WHEN n % 50 = 1 THEN timestamptz '2026-01-01' END
FROM users u, generate_series(1, @rows) AS n
WHERE (u.email LIKE 'b%') = (n % 10 = 9);
INSERT INTO issue_labels (user_id, issue_id, label_id) SELECT user_id, id, user_id FROM issues WHERE number % 25 = 0;
INSERT INTO issue_relations (user_id, id, source_id, target_id, relation_type)
SELECT user_id, gen_random_uuid(), id, ('30000000-0000-7000-8000-' || lpad(to_hex(number + 1), 12, '0'))::uuid, 'BLOCKS'
FROM issues WHERE number % 40 = 0 AND number < @rows;
INSERT INTO git_integrations (user_id, id, issue_id, provider, repository, branch_name)
SELECT user_id, gen_random_uuid(), id, 'GITHUB', 'a/b', 'main' FROM issues WHERE number % 20 = 0;
INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, new_values, metadata)
SELECT i.user_id, i.number, 'CREATE', 'comment', i.id, '{}', json_build_object('group', number / 10, 'issueId', x.id,
       'targetIssueId', x.id)::jsonb
FROM issues i, LATERAL (SELECT ('30000000-0000-7000-8000-' || lpad(to_hex(i.number / 10), 12, '0'))::uuid AS id) AS x;
INSERT INTO users (id, email, password_hash, name) SELECT gen_random_uuid(), 'other' || n || '@example.org', '-', 'o' FROM generate_series(1, 5000) n;
)sql";

std::string filled(std::string text) {
  constexpr std::string_view place = "@rows";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place))
    text.replace(at, place.size(), wanted_rows());
  return text;
}

// Account plan_reader has nine issues of ten.
test::PlanRows all() {
  return {filled(std::string(rows_of_all)),
          "users, issues, issue_labels, issue_relations, issue_search, git_integrations, audit_logs"};
}

const std::vector<std::string> large_tables{"issues", "issue_search", "audit_logs", "users"};

// At most `most` rows for each that it answers with, and a few.
void check_reading(Transaction& transaction,
                   const std::string& what,
                   const std::string& sql,
                   const std::vector<Param>& params,
                   double most,
                   const std::vector<std::string>& tables = large_tables) {
  test::check_reading(transaction, what, sql, params, {tables, 20, most});
}

struct List {
  const char* query;
  double most;  // rows read for each that is answered
};

// Those that filter in the order of the page read what does not fit as well.
constexpr List lists[] = {
    {"", 1},
    {"is:open", 2},
    {"is:open sort:-updated", 2},
    {"sort:created", 1},
    {"status:Done sort:-updated", 7},
    {"status:\"To Do\" priority:high sort:-updated", 1},
    {"priority:high sort:-updated", 1},
    {"priority:>=high sort:-updated", 4},
    {"project:Site sort:-updated", 1},
    {"area:Home sort:-updated", 1},
    {"parent:#2", 1},
    {"blocks:#41", 1},
    {"is:blocked", 100},  // all that are, and what blocks them
    {"number:77", 1},
    {"due:<2026-12-01 sort:due", 10},  // a day's together, which are then sorted by number
    {"is:deleted sort:-updated", 100}};

void check_lists(Transaction& transaction, UserId user_id, const query::Names& names) {
  for (const List& list : lists) {
    store::IssueListRequest request;
    request.query = must(query::parse_query(list.query));
    request.moment = {must(parse_date("2026-02-02"))};
    const store::IssueListStatement statement = must(store::issue_list_statement(user_id, request, names));
    check_reading(transaction, list.query, statement.sql, statement.params, list.most);
  }
}

void check_others(Transaction& transaction, UserId user_id) {
  const auto check = [&](const Statement& statement, const std::vector<Param>& params, double most) {
    check_reading(transaction, std::string(statement.name), std::string(statement.sql), params, most);
  };
  const Uuid last{};
  // Ranking reads the lexemes of every match, 600 of them, and the rows of the best twenty.
  check(sql::search_issues, {user_id, "word42", 20}, 40);
  check(sql::search_issues, {user_id, "c81e728d9d4c2f636f067f89cc14862c", 20}, 2);
  check(sql::search_issues_loosely, {user_id, std::vector<std::string>{"c81e728d9d4c2f6"}, 20}, 40);
  check(sql::list_possible_duplicates, {user_id, "Issue c81e728d9d4c2f636f067f89cc14862", std::nullopt}, 40);
  check(sql::find_issue_by_number, {user_id, 5}, 1);
  check(sql::list_snapshot_issues, {user_id, last, 500}, 1.1);
  check(sql::list_imported_issues, {user_id, std::vector<std::string>{"https://example.org/200"}}, 1);
  check(sql::find_ends_of_group, {user_id, "77"}, 20);
  check(sql::list_group_portion, {user_id, "77", 770, 779, 1'000'000}, 2);
  check(sql::list_changes_of_issue, {user_id, "30000000-0000-7000-8000-000000000002", 1000000, 50}, 1);
  check(sql::find_user_by_email, {"A@example.org"}, 1);
}

// The portions that a client starts from: the newest issues, and what hangs on a range of them.
void check_portions(Transaction& transaction, UserId user_id) {
  const auto check = [&](const Statement& statement,
                         const std::vector<Param>& params,
                         double most,
                         const std::vector<std::string>& tables) {
    check_reading(transaction, std::string(statement.name), std::string(statement.sql), params, most, tables);
  };
  const std::string least = "30000000-0000-7000-8000-000000000100";
  const std::string most = "30000000-0000-7000-8000-000000000900";
  check(sql::list_portion_issues, {user_id, most, 500}, 1.1, large_tables);
  check(sql::list_portion_relations, {user_id, least, most}, 1.1, {"issue_relations"});
  check(sql::list_portion_git, {user_id, least, most}, 1.1, {"git_integrations"});
}

// With what requests log in as.
void check_plans(Database& database) {
  const UserId user_id{must(parse_uuid(test::plan_reader))};
  const query::Names names = must(store::load_query_names({database, user_id}, user_id));
  for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
    CAPTURE(mode);
    Transaction transaction = test::begin_planned(database, mode);
    check_lists(transaction, user_id, names);
    check_others(transaction, user_id);
    check_portions(transaction, user_id);
  }
}

}  // namespace

TEST_CASE(
    "no list, search or history reads a whole table or much more than it shows: the embedded database") {
  test::check_plans_inside(all(), check_plans);
}

TEST_CASE("no list, search or history reads a whole table or much more than it shows: a plain owner") {
  test::check_plans_of_owner(all(), check_plans);
}

}  // namespace dits
