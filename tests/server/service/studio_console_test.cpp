// Studio's console: statements that are typed.
#include <doctest/doctest.h>

#include "server/migrate/roles.hpp"
#include "server/service/studio.hpp"
#include "tests/support/studio_world.hpp"

using namespace dits;
using dits::test::Studio;

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
