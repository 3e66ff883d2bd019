// How PostgreSQL runs the lists: never by reading all issues. The number of rows is DITS_PLAN_ROWS (20,000
// unless set).
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>

#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/store/issue_lists.hpp"
#include "server/store/issue_query_sql.hpp"
#include "server/store/issues.sql.hpp"
#include "server/store/search.sql.hpp"
#include "shared/query/parser.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

std::string explained(Transaction& transaction, std::string_view sql, const std::vector<Param>& params) {
  const Rows rows =
      ServiceWorld::must(transaction.run_computed("explain", "EXPLAIN " + std::string(sql), params));
  std::string plan;
  for (Row row : rows) plan += std::string(row.text(0)) + "\n";
  return plan;
}

// Many issues for the viewer and as many for somebody else, made by SQL.
void fill(ServiceWorld& world, const Viewer& viewer, const ProjectId& project, const LabelId& label) {
  const char* wanted = std::getenv("DITS_PLAN_ROWS");
  const std::string rows = wanted != nullptr ? wanted : "8000";
  const std::string user = "'" + to_string(viewer.user_id) + "'";
  // However slow the machine is: no limit of time here.
  world.database().run_as_owner(
      "SET statement_timeout = 0; INSERT INTO issues (user_id, id, number, title, description, priority, "
      "status_id, project_id, "
      "start_date, "
      "due_date, completed_at, created_at, updated_at, deleted_at) "
      "SELECT " +
      user +
      ", gen_random_uuid(), n, 'Issue ' || md5(n::text), md5((n * 7)::text), "
      "(enum_range(NULL::issue_priority))[1 + n % 5], "
      "(SELECT id FROM statuses WHERE user_id = " +
      user +
      " AND position = n % 5), "
      "CASE WHEN n % 20 = 0 THEN '" +
      to_string(project) +
      "'::uuid END, "
      "CASE WHEN n % 7 = 0 THEN date '2026-01-01' + n % 300 END, CASE WHEN n % 6 = 0 THEN date '2026-01-01' "
      "+ 300 + n % 300 END, "
      "CASE WHEN n % 5 = 4 THEN timestamptz '2026-01-01' END, "
      "timestamptz '2025-01-01' + n * interval '1 minute', timestamptz '2025-06-01' + (n * 7919 % 100000) * "
      "interval '1 minute', "
      "CASE WHEN n % 50 = 1 THEN timestamptz '2026-01-01' END FROM generate_series(1, " +
      rows + ") AS n");
  world.database().run_as_owner(
      "INSERT INTO issue_labels (user_id, issue_id, label_id) SELECT user_id, id, '" + to_string(label) +
      "' FROM issues WHERE user_id = " + user + " AND number % 25 = 0");
  world.database().run_as_owner(
      "UPDATE issues SET parent_issue_id = (SELECT id FROM issues WHERE user_id = " + user +
      " AND number = 2) WHERE user_id = " + user + " AND number % 40 = 3");
}

}  // namespace

TEST_CASE("no list, search or lookup reads all issues") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  for (const Viewer& each : {viewer, other}) {
    Project project;
    project.name = "Site";
    Label label;
    label.name = "bug";
    fill(world,
         each,
         world.must(create_project(world.context(), each, project)).id,
         world.must(create_label(world.context(), each, label)).id);
  }
  world.database().run_as_owner("SET statement_timeout = 0; ANALYZE");

  const query::Names names =
      world.must(store::load_query_names({world.database().database(), viewer.user_id}, viewer.user_id));
  Transaction transaction =
      world.must(world.database().database().begin(Actor::of_user(viewer.user_id), Access::read));
  for (const char* text : {"",
                           "is:open",
                           "is:open sort:-updated",
                           "sort:created",
                           "status:Done sort:-updated",
                           "status:\"To Do\" priority:high sort:-updated",
                           "priority:>=high sort:-updated",
                           "project:Site",
                           "project:Site sort:-updated",
                           "label:bug",
                           "parent:#2",
                           "number:77",
                           "due:<2026-12-01 sort:due",
                           "start:2026-03-01..2026-03-05",
                           "completed:2026-01-01",
                           "created:2025-01-03",
                           "updated:2025-06-03",
                           "is:deleted"}) {
    CAPTURE(text);
    store::IssueListRequest request;
    const Result<query::Query> query = query::parse_query(text);
    if (!query) continue;
    request.query = *query;
    request.moment = {world.must(parse_date("2026-02-02")), 0};
    const store::IssueListStatement statement =
        world.must(store::issue_list_statement(viewer.user_id, request, names));
    const std::string plan = explained(transaction, statement.sql, statement.params);
    CAPTURE(plan);
    CHECK(plan.find("Seq Scan on issues") == std::string::npos);
  }

  const std::string search = explained(
      transaction, sql::search_issues.sql, {viewer.user_id, "c4ca4238a0b923820dcc509a6f75849b", 20});
  CAPTURE(search);
  CHECK(search.find("issues_search_idx") != std::string::npos);
  const std::string literal = explained(transaction,
                                        sql::search_issues_literally.sql,
                                        {viewer.user_id, "{%c4ca4238%}", "{}", "", "", "c4ca4238", 20});
  CAPTURE(literal);
  CHECK(literal.find("Seq Scan on issues") == std::string::npos);
  const std::string loose =
      explained(transaction, sql::search_issues_loosely.sql, {viewer.user_id, "{c4ca4238a0b9238}", 20});
  CAPTURE(loose);
  CHECK(loose.find("issues_title_trgm_idx") != std::string::npos);
  const std::string one = explained(transaction, sql::find_issue_by_number.sql, {viewer.user_id, 5});
  CHECK(one.find("Seq Scan on issues") == std::string::npos);
  const std::string snapshot =
      explained(transaction, sql::list_snapshot_issues.sql, {viewer.user_id, Uuid{}, 5000});
  CAPTURE(snapshot);
  CHECK(snapshot.find("Seq Scan on issues") == std::string::npos);
}
