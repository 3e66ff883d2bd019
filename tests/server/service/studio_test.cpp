// Studio: what an administrator sees of every table, and changes there.
#include "server/service/studio.hpp"

#include <chrono>
#include <cstdlib>

#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;

namespace {

// An administrator on a database of its own, with Studio's login.
struct Studio {
  test::ServiceWorld world;
  Viewer anna = world.add_viewer("anna@x.dev");
  PooledDatabase database{options(), StatementLog{}};
  AdminContext admin{
      world.context(), world.database().database(), nullptr, [this] { return Result<Database*>(&database); }};

  PoolOptions options() {
    PoolOptions pool;
    pool.connection = world.must(studio_connection(world.database().owner_url()));
    pool.min = 0;
    return pool;
  }

  StudioTable table(std::string_view name) {
    for (StudioTable& each : world.must(studio_tables(admin))) {
      if (each.name == name) return each;
    }
    FAIL("no such table");
    return {};
  }
  StudioPage rows(std::string_view name, std::string_view filter = {}, std::string_view sort = {}) {
    store::StudioRowsQuery query;
    query.filter = world.must(parse_studio_filter(filter));
    query.sort = sort;
    return world.must(studio_rows(admin, name, query));
  }
  Cell cell(const StudioPage& page, std::size_t row, std::string_view column) {
    for (std::size_t at = 0; at < page.columns.size(); ++at) {
      if (page.columns[at] == column) return page.rows.at(row).cells[at];
    }
    FAIL("no such column");
    return {};
  }
  // The change of one cell of the first row that a filter leaves.
  StudioChange change_of(const std::string& name,
                         std::string_view filter,
                         const std::string& column,
                         Cell value) {
    const StudioPage page = rows(name, filter);
    REQUIRE(page.rows.size() == 1);
    StudioChange change;
    change.table = name;
    change.version = page.rows[0].version;
    for (const StudioColumn& each : table(name).columns) {
      if (each.is_key) change.key.emplace_back(each.name, cell(page, 0, each.name));
    }
    change.values.emplace_back(column, std::move(value));
    return change;
  }
  Result<SqlAnswer> sql(std::string text) {
    return run_sql(admin, anna, {std::move(text), false, std::nullopt});
  }
};

}  // namespace

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

TEST_CASE("the console reads in a transaction that cannot write, as a role that sees no secrets") {
  Studio studio;
  studio.world.add_issue(studio.anna, "one");
  const SqlAnswer answer = studio.world.must(studio.sql("select count(*) as n, 'x' as t from issues; "));
  REQUIRE(answer.columns.size() == 2);
  CHECK(answer.columns[0].is_number);
  CHECK(answer.columns[1].type == "text");
  CHECK(answer.rows == std::vector<std::vector<Cell>>{{"1", "x"}});
  CHECK(studio.world.must(studio.sql("show statement_timeout")).rows[0][0] == "10s");
  CHECK(studio.world.must(studio.sql("select generate_series(1, 5000)")).rows.size() == max_sql_rows);
  CHECK(studio.world.must(studio.sql("select generate_series(1, 5000)")).is_cut);
  for (const char* text : {"",
                           "select 1; select 2",
                           "delete from issues",
                           "set role dits_studio",
                           "do $$ begin end $$",
                           "commit",
                           "create table t ()",
                           "explain analyze delete from issues",
                           "with gone as (delete from issues returning 1) select * from gone",
                           "select set_config('transaction_read_only', 'off', true)",
                           "select * from users",
                           "select lo_import('/etc/passwd')",
                           "copy issues to '/etc/issues'"}) {
    CAPTURE(text);
    CHECK_FALSE(studio.sql(text).has_value());
  }
  const auto wrong = studio.sql("select 1,\n  nothing from issues");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().message.find("(line 2, column 3)") != std::string::npos);
  CHECK(studio.rows("issues").rows.size() == 1);
}

TEST_CASE("an answer of the console is no larger than a server can hold, and says where it was cut") {
  Studio studio;
  studio.world.add_issue(studio.anna, "one");
  studio.world.add_issue(studio.anna, "two");
  const SqlAnswer wide =
      studio.world.must(studio.sql("select n, repeat('x', 2000000) from generate_series(1, 900) as n"));
  CHECK(wide.is_cut);
  CHECK(wide.rows.size() < 20);
  CHECK(wide.rows.at(1).at(0) == "2");
  CHECK(wide.rows.at(1).at(1)->size() < 1010);
  const SqlAnswer many = studio.world.must(studio.sql("select generate_series(1, 1000)"));
  CHECK(many.rows.size() == 1000);
  CHECK_FALSE(many.is_cut);
  // A statement cannot lift the time limit for its later portions.
  const SqlAnswer limits = studio.world.must(
      studio.sql("select current_setting('statement_timeout'), set_config('statement_timeout', '0', true) "
                 "from generate_series(1, 150)"));
  // They have 1, 4, 16, 64 and 65 rows; the first of each finds the limit set anew.
  for (const std::size_t first : {0U, 1U, 5U, 21U, 85U}) CHECK(limits.rows.at(first).at(0) != "0");
  for (const std::size_t later : {2U, 50U, 100U, 149U}) CHECK(limits.rows.at(later).at(0) == "0");
  const SqlAnswer written = studio.world.must(
      run_sql(studio.admin,
              studio.anna,
              {"update issues set position = 5 returning repeat('x', 20000000)", true, std::nullopt}));
  CHECK(written.affected == 2);
  CHECK(written.rows.size() == 1);
  CHECK(written.is_cut);
}

TEST_CASE("no change leaves what the rest of DITS could not read or would never have allowed") {
  Studio studio;
  const Issue one = studio.world.add_issue(studio.anna, "one");
  const Issue two = studio.world.add_issue(studio.anna, "two");
  const auto rule = [&](const std::string& text) {
    const auto answer = run_sql(studio.admin, studio.anna, {text, true, std::nullopt});
    return answer ? std::string("none") : answer.error().kind + ": " + answer.error().message;
  };
  const std::string first = "'" + to_string(one.id) + "'";
  const std::string second = "'" + to_string(two.id) + "'";
  CHECK(rule("update issues set position = 'NaN'").starts_with("rule_broken: "));
  CHECK(rule("update issues set due_date = 'infinity'").starts_with("rule_broken: "));
  CHECK(rule("update issues set due_date = '20000-01-01'").find("years 1 to 9999") != std::string::npos);
  CHECK(rule("update issues set start_date = '0044-03-15 BC'").find("years 1 to 9999") != std::string::npos);
  CHECK(rule("update issues set due_date = '9999-12-31', start_date = '0001-01-01'") == "none");
  CHECK(rule("update issues set number = number + 2").find("a number above #2") != std::string::npos);
  CHECK(rule("update workflows set transitions = '[{\"from\": \"x\", \"to\": 1}]'")
            .starts_with("rule_broken: "));
  CHECK(rule("update issues set parent_issue_id = case id when " + first + " then " + second +
             "::uuid else " + first + " end") ==
        "rule_broken: Issue #1 would be its own ancestor. Nothing was changed.");
  CHECK(rule("update issues set parent_issue_id = " + first + " where id = " + second) == "none");
  const auto insert_block = [](const std::string& from, const std::string& to) {
    return "insert into issue_relations (user_id, id, source_id, target_id, relation_type) select user_id, "
           "gen_random_uuid(), " +
           from + ", " + to + ", 'BLOCKS' from issues where number = 1";
  };
  CHECK(rule(insert_block(first, second)) == "none");
  REQUIRE(run_sql(studio.admin, studio.anna, {insert_block(first, second), true, 1}));
  CHECK(rule(insert_block(second, first)).starts_with("rule_broken: "));
  studio.world.database().run_as_owner("UPDATE users SET role = 'ADMIN'");
  CHECK(rule("update users set role = 'USER'").starts_with("rule_broken: "));
  // Staged ones as well.
  const auto staged = apply_studio_changes(
      studio.admin, studio.anna, {studio.change_of("issues", "title = one", "position", "NaN")});
  REQUIRE_FALSE(staged.has_value());
  CHECK(staged.error().kind == "rule_broken");
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

TEST_CASE("a statement that writes is tried first, then kept with the number of rows it said, and logged") {
  Studio studio;
  studio.world.add_issue(studio.anna, "one");
  studio.world.add_issue(studio.anna, "two");
  const std::string text = "update issues set position = 5";
  CHECK(studio.sql(text).error().kind == "writes_not_allowed");
  const SqlAnswer trial = studio.world.must(run_sql(studio.admin, studio.anna, {text, true, std::nullopt}));
  CHECK(trial.is_trial);
  CHECK(trial.affected == 2);
  CHECK(studio.rows("issues", "position = 5").rows.empty());
  CHECK(run_sql(studio.admin, studio.anna, {text, true, 1}).error().kind == "rows_differ");
  CHECK(studio.rows("issues", "position = 5").rows.empty());
  CHECK_FALSE(studio.world.must(run_sql(studio.admin, studio.anna, {text, true, 2})).is_trial);
  CHECK(studio.rows("issues", "position = 5").rows.size() == 2);
  CHECK(studio.world.database().ask_as_owner(
            "SELECT new_values ->> 'sql' FROM audit_logs WHERE entity_type = 'studio'") == text);
  for (const char* forged : {"delete from audit_logs",
                             "update user_counters set last_change_id = 0",
                             "insert into audit_logs select * from audit_logs",
                             "delete from users",
                             "delete from session_epoch",
                             "update users set password_hash = 'x'"}) {
    CAPTURE(forged);
    CHECK_FALSE(run_sql(studio.admin, studio.anna, {forged, true, std::nullopt}).has_value());
  }
}

TEST_CASE("EXPLAIN gives a tree of steps") {
  Studio studio;
  const std::string text = studio.world.must(explain_sql(
      studio.admin, "select * from issues i join statuses s on s.id = i.status_id order by i.title", true));
  const PlanNode plan = studio.world.must(plan_from_json(parse_json(text).value()));
  CHECK(plan.title == "Sort");
  CHECK(plan.actual_ms.has_value());
  REQUIRE(plan.steps.size() == 1);
  CHECK_FALSE(plan.steps[0].steps.empty());
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
