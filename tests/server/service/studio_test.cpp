// Studio: what an administrator sees of every table, and changes there.
#include "server/service/studio.hpp"

#include <chrono>
#include <cstdlib>

#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "tests/support/studio_world.hpp"

using namespace dits;
using dits::test::Studio;

TEST_CASE("every table is listed with its rows, typed columns and keys") {
  Studio studio;
  studio.world.add_issue(studio.anna, "one");
  const StudioTable issues = studio.table("issues");
  CHECK(issues.rows == 1);
  CHECK_FALSE(issues.is_estimate);
  CHECK(issues.is_editable);
  CHECK(issues.find("priority")->kind == CellKind::choice);
  CHECK(issues.find("priority")->choices.size() == 5);
  CHECK(issues.find("due_date")->kind == CellKind::date);
  CHECK(issues.find("metadata")->kind == CellKind::json);
  CHECK(issues.find("number")->kind == CellKind::number);
  CHECK(issues.find("id")->is_key);
  REQUIRE(issues.find("priority_rank") != nullptr);
  CHECK_FALSE(issues.find("priority_rank")->is_editable);
  REQUIRE(issues.reference_of("status_id") != nullptr);
  CHECK(issues.reference_of("status_id")->table == "statuses");
  CHECK(issues.reference_of("user_id")->table == "users");
}

TEST_CASE("rows of all accounts are there; filters, words and sorting narrow and order them") {
  Studio studio;
  const Viewer bert = studio.world.add_viewer("bert@x.dev");
  studio.world.add_issue(studio.anna, "sync fails offline");
  studio.world.add_issue(studio.anna, "100% done_ really");
  studio.world.add_issue(bert, "a third of bert's");
  CHECK(studio.rows("issues").rows.size() == 3);
  CHECK(studio.rows("issues").total == 3);
  CHECK(studio.rows("issues", "title = 'sync fails offline'").rows.size() == 1);
  CHECK(studio.rows("issues", "number > 1").rows.size() == 1);
  CHECK(studio.rows("issues", "due_date is null and priority = NO_PRIORITY").rows.size() == 3);
  CHECK(studio.rows("issues", "due_date is not null").rows.empty());
  CHECK(studio.rows("issues", "title ~ '0% done_'").rows.size() == 1);
  CHECK(studio.rows("issues", "title ~ '1_0%'").rows.empty());
  CHECK(studio.rows("issues", "bert's").rows.size() == 1);
  CHECK(studio.rows("issues", "user_id = " + to_string(bert.user_id)).rows.size() == 1);
  const StudioPage sorted = studio.rows("issues", {}, "title");
  CHECK(studio.cell(sorted, 0, "title") == "100% done_ really");
  CHECK(studio.cell(sorted, 2, "title") == "sync fails offline");
  store::StudioRowsQuery query;
  query.filter = parse_studio_filter("due_date = soon").value();
  const auto bad = studio_rows(studio.admin, "issues", query);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().message.find("soon") != std::string::npos);
  CHECK(studio_rows(studio.admin, "pg_authid", {}).error().code == ErrorCode::not_found);
}

TEST_CASE("pages follow one another without a gap or a repetition, NULLs last, in both directions") {
  Studio studio;
  for (int at = 0; at < 25; ++at) studio.world.add_issue(studio.anna, "issue " + std::to_string(at % 7));
  studio.world.database().run_as_owner(
      "UPDATE issues SET due_date = date '2026-01-01' + (number % 3)::integer WHERE number % 2 = 0");
  for (const std::string sort : {"", "title", "due_date", "updated_at", "project_id"}) {
    for (const bool is_descending : {false, true}) {
      CAPTURE(sort);
      CAPTURE(is_descending);
      store::StudioRowsQuery query;
      query.sort = sort;
      query.is_descending = is_descending;
      query.limit = 4;
      std::vector<std::string> ids;
      bool had_null = false;
      do {
        REQUIRE(ids.size() <= 25);
        const StudioPage page = studio.world.must(studio_rows(studio.admin, "issues", query));
        for (std::size_t row = 0; row < page.rows.size(); ++row) {
          ids.push_back(*studio.cell(page, row, "id"));
          if (sort != "due_date") continue;
          const bool is_null = !studio.cell(page, row, "due_date").has_value();
          CHECK((is_null || !had_null));
          had_null = had_null || is_null;
        }
        query.cursor = page.next_cursor;
      } while (!query.cursor.empty());
      CHECK(ids.size() == 25);
      std::sort(ids.begin(), ids.end());
      CHECK(std::unique(ids.begin(), ids.end()) == ids.end());
    }
  }
}

TEST_CASE("numbers, dates and ids are put in order as what they are, not as the text that is shown") {
  Studio studio;
  for (int i = 1; i <= 23; ++i) studio.world.add_issue(studio.anna, "Issue " + std::to_string(i));
  for (const bool is_descending : {false, true}) {
    store::StudioRowsQuery query;
    query.sort = "number";
    query.is_descending = is_descending;
    query.limit = 7;
    std::vector<int> numbers;
    for (int page_number = 0; page_number < 4; ++page_number) {
      const StudioPage page = studio.world.must(studio_rows(studio.admin, "issues", query));
      for (std::size_t row = 0; row < page.rows.size(); ++row)
        numbers.push_back(std::stoi(*studio.cell(page, row, "number")));
      query.cursor = page.next_cursor;
      if (query.cursor.empty()) break;
    }
    REQUIRE(numbers.size() == 23);
    for (int i = 0; i < 23; ++i)
      CHECK(numbers[static_cast<std::size_t>(i)] == (is_descending ? 23 - i : i + 1));
  }
}

// 1,000,000 with DITS_TEST_ROWS; what matters is that no page reads more than itself.
TEST_CASE("each page of a large table is read by its index, to the end") {
  Studio studio;
  const char* rows = std::getenv("DITS_TEST_ROWS");
  const int count = rows == nullptr ? 20'000 : std::atoi(rows);
  // Some at a time: a statement of any length would outlast the patience of its connection.
  constexpr int rows_at_once = 20'000;
  for (int first = 1; first <= count; first += rows_at_once) {
    studio.world.database().run_as_owner(
        "SET statement_timeout = 0; INSERT INTO audit_logs (user_id, change_id, action, entity_type, "
        "entity_id, created_at) SELECT '" +
        to_string(studio.anna.user_id) +
        "', 1000 + n, 'UPDATE', 'issue', gen_random_uuid(), now() FROM generate_series(" +
        std::to_string(first) + ", " + std::to_string(std::min(count, first + rows_at_once - 1)) + ") n");
  }
  studio.world.database().run_as_owner("SET statement_timeout = 0; ANALYZE audit_logs");
  PooledDatabase measured(studio.options(), StatementLog{std::chrono::milliseconds(0)});
  AdminContext admin{studio.world.context(), studio.world.database().database(), nullptr, [&measured] {
                       return Result<Database*>(&measured);
                     }};
  store::StudioRowsQuery query;
  query.limit = 1000;
  std::int64_t seen = 0;
  std::int64_t last = 0;
  std::chrono::milliseconds slowest{0};
  do {
    REQUIRE(seen <= 2 * count);
    const auto start = std::chrono::steady_clock::now();
    const StudioPage page = studio.world.must(studio_rows(admin, "audit_logs", query));
    slowest = std::max(
        slowest,
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start));
    for (std::size_t row = 0; row < page.rows.size(); ++row) {
      const std::int64_t id = std::stoll(*studio.cell(page, row, "change_id"));
      if (id <= last) FAIL("row ", id, " behind row ", last);
      last = id;
    }
    seen += static_cast<std::int64_t>(page.rows.size());
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  CHECK(seen >= count);
  CHECK(last == 1000 + count);
  measured.maintain();
  std::string plan;
  for (const SlowStatementFigures& each : measured.slow_statements().all()) {
    if (each.name == "studio_rows") plan = each.plan;
  }
  CAPTURE(plan);
  CHECK(plan.find("Index") != std::string::npos);
  CHECK(plan.find("Seq Scan") == std::string::npos);
  MESSAGE(seen, " rows, the slowest page ", slowest.count(), " ms");
}

TEST_CASE("long cells are cut, and come whole when one row is asked for") {
  Studio studio;
  studio.world.add_issue(studio.anna, "long");
  studio.world.database().run_as_owner("UPDATE issues SET description = repeat('ä', 3000)");
  const StudioPage page = studio.rows("issues");
  CHECK(page.rows[0].cut.size() == 1);
  CHECK(studio.cell(page, 0, "description")->size() == 2000);
  store::StudioRowsQuery query;
  query.is_whole = true;
  query.limit = 1;
  CHECK(
      studio.cell(studio.world.must(studio_rows(studio.admin, "issues", query)), 0, "description")->size() ==
      6000);
}

TEST_CASE("staged changes are one transaction, with the audit rows of the owner and a new version") {
  Studio studio;
  const Issue issue = studio.world.add_issue(studio.anna, "before");
  StudioChange area;
  area.action = StudioAction::insert;
  area.table = "areas";
  area.values = {{"name", "Garden"}};
  studio.world.must(apply_studio_changes(
      studio.admin, studio.anna, {studio.change_of("issues", "title = before", "title", "after"), area}));
  const StudioPage page = studio.rows("issues");
  CHECK(studio.cell(page, 0, "title") == "after");
  CHECK(studio.cell(page, 0, "version") == std::to_string(issue.version + 1));
  CHECK(studio.cell(studio.rows("areas"), 0, "user_id") == to_string(studio.anna.user_id));
  const auto log = [&](const char* what) {
    return studio.world.database().ask_as_owner(
        "SELECT " + std::string(what) +
        " FROM audit_logs WHERE metadata ? 'studio' ORDER BY change_id LIMIT 1");
  };
  CHECK(log("entity_type") == "issue");
  CHECK(log("old_values ->> 'title'") == "before");
  CHECK(log("new_values ->> 'title'") == "after");
  CHECK(log("metadata ->> 'studio'") == "issues");
  studio.world.check_gapless(studio.anna);
}

TEST_CASE("one bad change keeps all of them out, and says which it was") {
  Studio studio;
  studio.world.add_issue(studio.anna, "kept");
  StudioChange good;
  good.action = StudioAction::insert;
  good.table = "areas";
  good.values = {{"name", "Garden"}};
  const StudioChange bad = studio.change_of("issues", "title = kept", "title", "");
  const auto refused = apply_studio_changes(studio.admin, studio.anna, {good, bad});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().field.starts_with("changes[1]"));
  CHECK(refused.error().message.find("issues_title_check") != std::string::npos);
  CHECK(studio.rows("areas").rows.empty());
}

TEST_CASE("a row that somebody changed meanwhile is not overwritten") {
  Studio studio;
  studio.world.add_issue(studio.anna, "mine");
  const StudioChange change = studio.change_of("issues", "title = mine", "title", "studio's");
  studio.world.database().run_as_owner("UPDATE issues SET position = 7");
  const auto refused = apply_studio_changes(studio.admin, studio.anna, {change});
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == "version_mismatch");
  studio.world.database().run_as_owner("DELETE FROM issues");
  CHECK(apply_studio_changes(studio.admin, studio.anna, {change}).error().code == ErrorCode::not_found);
}

TEST_CASE("what may not be set is refused: secrets, computed columns, the audit log, accounts' rows") {
  Studio studio;
  studio.world.add_issue(studio.anna, "one");
  const auto refused = [&](const StudioChange& change) {
    return !apply_studio_changes(studio.admin, studio.anna, {change}).has_value();
  };
  CHECK(refused(studio.change_of("users", "email ~ anna", "password_hash", "x")));
  CHECK(refused(studio.change_of("issues", "title = one", "priority_rank", "3")));
  CHECK(refused(studio.change_of("issues", "title = one", "title\" = 'x' --", "x")));
  StudioChange removal = studio.change_of("users", "email ~ anna", "name", "x");
  removal.action = StudioAction::remove;
  removal.values.clear();
  CHECK(refused(removal));
  StudioChange entry;
  entry.action = StudioAction::insert;
  entry.table = "audit_logs";
  entry.values = {{"change_id", "99"}};
  CHECK(refused(entry));
}

TEST_CASE("a column's statistics: NULLs, distinct values, least, most and the most common") {
  Studio studio;
  for (int at = 0; at < 4; ++at) studio.world.add_issue(studio.anna, at < 3 ? "same" : "other");
  const ColumnStatistics title = studio.world.must(studio_statistics(studio.admin, "issues", "title"));
  CHECK(title.rows == 4);
  CHECK(title.distinct == 2);
  CHECK(title.least == "other");
  CHECK(title.most == "same");
  REQUIRE(title.common.size() == 2);
  CHECK(title.common[0].share == 0.75);
  CHECK(studio.world.must(studio_statistics(studio.admin, "issues", "due_date")).null_share == 1);
  for (const StudioColumn& column : studio.table("issues").columns) {
    CAPTURE(column.name);
    CHECK(studio_statistics(studio.admin, "issues", column.name).has_value());
  }
  CHECK_FALSE(studio_statistics(studio.admin, "users", "password_hash").has_value());
}
