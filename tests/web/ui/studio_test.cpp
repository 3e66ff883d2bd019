// Studio as the text that a screen reader meets, and what commands and the mouse do to its cells.
#include "web/store/studio.hpp"

#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"

namespace dits::web::test {
namespace {

StudioColumn column(std::string name, std::string type, CellKind kind, bool is_key = false) {
  StudioColumn made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.kind = kind;
  made.is_key = is_key;
  made.is_nullable = !is_key;
  made.is_editable = true;
  return made;
}

std::shared_ptr<StudioState> studio_with_issues() {
  StudioTable issues;
  issues.name = "issues";
  issues.rows = 2;
  issues.is_editable = true;
  issues.columns = {column("id", "uuid", CellKind::uuid, true),
                    column("number", "bigint", CellKind::number),
                    column("title", "text", CellKind::text),
                    column("priority", "issue_priority", CellKind::choice),
                    column("status_id", "uuid", CellKind::uuid),
                    column("metadata", "jsonb", CellKind::json)};
  issues.columns[3].choices = {"LOW", "HIGH"};
  issues.foreign_keys = {{{"status_id"}, "statuses", {"id"}}};
  StudioTable users;
  users.name = "users";
  users.rows = 1'200'000;
  users.is_estimate = true;
  auto studio = std::make_shared<StudioState>();
  studio->tables = std::make_shared<const std::vector<StudioTable>>(std::vector<StudioTable>{issues, users});
  open_table(*studio, "issues", "");
  StudioPage page;
  for (const StudioColumn& each : issues.columns) page.columns.push_back(each.name);
  page.rows = {{{"i1", "128", "Reconnect drops edits", "LOW", "s1", "{}"}, "700", {}},
               {{"i2", "141", "Token expires", "HIGH", std::nullopt, "{\"a\": 1}"}, "701", {}}};
  page.total = 2;
  studio->total = 2;
  studio->pages = {std::make_shared<const StudioPage>(page)};
  studio->place = "dits, 14.2 MB, PostgreSQL 17.6";
  return studio;
}

struct StudioStage : Stage {
  explicit StudioStage(float width = 1440, float height = 900) : Stage(width, height) {
    state.session.me.role = Role::admin;
    change(StudioChanged{studio_with_issues()});
    go("/studio/issues");
  }
  const StudioState& studio() const { return studio_of(state); }
};

}  // namespace

TEST_CASE("Studio shows tables, a grid, the row in full and the console") {
  StudioStage stage;
  check_golden("ui/studio", stage.platform.mirror_text());
}

TEST_CASE("Studio is for administrators: others read why, and find no way to it") {
  Stage stage;
  stage.go("/studio");
  CHECK(stage.platform.sees("alert", "Studio is for administrators of this instance. Ask one for the role."));
  CHECK_FALSE(stage.platform.sees("link", "Studio"));
}

TEST_CASE("A cell is edited in place, kept until it is saved, and taken back cell by cell") {
  StudioStage stage;
  stage.run("studio.down");
  stage.run("studio.right");
  stage.run("studio.right");
  CHECK(stage.studio().row == 1);
  CHECK(stage.studio().column == 2);
  stage.run("studio.edit");
  CHECK(stage.platform.value_of("textbox", "Edit title") == "Token expires");
  stage.platform.fill("textbox", "Edit title", "Token expires early");
  stage.platform.press("Enter");
  REQUIRE(stage.studio().edits.size() == 1);
  CHECK(stage.studio().edits[0].values.at("title") == "Token expires early");
  CHECK(stage.studio().edits[0].version == "701");
  CHECK(stage.platform.sees("status", "1 cell changed"));
  CHECK(stage.platform.sees("gridcell", "Token expires early"));
  stage.platform.click("button", "Save");
  CHECK(stage.has_run("studio.save"));
  stage.run("studio.undo_cell");
  CHECK(stage.studio().edits.empty());
  CHECK(stage.platform.sees("gridcell", "Token expires"));
}

TEST_CASE("An edit that is left with Escape changes nothing; writing the same text again is no change") {
  StudioStage stage;
  stage.run("studio.cursor", "0,2");
  stage.run("studio.edit");
  stage.platform.fill("textbox", "Edit title", "Something else");
  stage.run("studio.cancel");
  CHECK_FALSE(stage.studio().is_editing);
  CHECK(stage.studio().edits.empty());
  stage.run("studio.edit");
  stage.run("studio.keep");
  CHECK(stage.studio().edits.empty());
}

TEST_CASE("An enum offers its words; JSON that is none stays in its editor and says so") {
  StudioStage stage;
  stage.run("studio.cursor", "0,3");
  stage.run("studio.edit");
  CHECK(stage.platform.sees("option", "HIGH"));
  stage.platform.click("option", "HIGH");
  CHECK(stage.studio().edits.at(0).values.at("priority") == "HIGH");
  stage.run("studio.cursor", "1,5");
  stage.run("studio.edit");
  CHECK(stage.platform.sees("dialog", "issues 141, metadata"));
  auto next = std::make_shared<StudioState>(stage.studio());
  next->edit_text = "{\"a\": }";
  stage.change(StudioChanged{next});
  stage.platform.click("button", "Keep");
  CHECK(stage.studio().is_editing);
  CHECK_FALSE(stage.studio().edit_problem.empty());
}

TEST_CASE("Rows are added, duplicated without what must differ, and marked for deletion and back") {
  StudioStage stage;
  stage.run("studio.duplicate");
  REQUIRE(stage.studio().edits.size() == 1);
  CHECK(stage.studio().edits[0].action == StudioAction::insert);
  CHECK(stage.studio().edits[0].values.count("id") == 0);
  CHECK(stage.studio().edits[0].values.at("title") == "Reconnect drops edits");
  stage.run("studio.cursor", "2,0");
  stage.run("studio.delete");
  CHECK(is_marked_deleted(stage.studio(), 2));
  CHECK(edits_summary(stage.studio()) == "1 row added, 1 row deleted");
  stage.run("studio.delete");
  CHECK_FALSE(is_marked_deleted(stage.studio(), 2));
  stage.run("studio.cursor", "0,0");
  stage.run("studio.delete");
  CHECK(stage.studio().edits.empty());
}

TEST_CASE("Changes of one table wait while another one is looked at") {
  StudioState studio = *studio_with_issues();
  set_cell(studio, 0, 2, "changed");
  open_table(studio, "users", "");
  CHECK(studio.edits.empty());
  open_table(studio, "issues", "");
  REQUIRE(studio.edits.size() == 1);
  CHECK(changes_of(studio).at(0).key == std::vector<std::pair<std::string, Cell>>{{"id", "i1"}});
}

TEST_CASE("Foreign keys are followed both ways") {
  const StudioState studio = *studio_with_issues();
  const auto link = link_of_cell(studio, 0, 4);
  REQUIRE(link.has_value());
  CHECK(link->table == "statuses");
  CHECK(link->filter == "id = s1");
  CHECK_FALSE(link_of_cell(studio, 1, 4).has_value());
}

TEST_CASE("The console says before it sends what may not run") {
  StudioStage stage;
  auto next = std::make_shared<StudioState>(stage.studio());
  next->sql = "delete from issues";
  stage.change(StudioChanged{next});
  stage.platform.click("button", "Run");
  CHECK(stage.has_run("studio.run"));
  CHECK(stage.platform.sees("switch", "Allow writes from SQL"));
  stage.platform.click("switch", "Allow writes from SQL");
  CHECK(stage.studio().allows_writes);
}

TEST_CASE("Only the statement that was tried is written: one that was changed since is tried again first") {
  StudioStage stage;
  auto next = std::make_shared<StudioState>(stage.studio());
  next->sql = next->answered_sql = "update issues set title = 'x' where number = 128";
  next->allows_writes = true;
  SqlAnswer trial;
  trial.affected = 1;
  trial.is_trial = true;
  next->answer = std::make_shared<const SqlAnswer>(trial);
  stage.change(StudioChanged{next});
  CHECK(stage.platform.sees("button", "Write 1 row"));
  next = std::make_shared<StudioState>(stage.studio());
  next->sql = "delete from issues where number = 128";
  stage.change(StudioChanged{next});
  CHECK_FALSE(stage.platform.sees("button", "Write 1 row"));
  CHECK_FALSE(awaits_confirmation(stage.studio()));
}

TEST_CASE("While changes are being saved nothing is added to them that the answer would sweep away") {
  StudioStage stage;
  stage.run("studio.add");
  REQUIRE(stage.studio().edits.size() == 1);
  auto next = std::make_shared<StudioState>(stage.studio());
  next->is_saving = true;
  stage.change(StudioChanged{next});
  for (const char* command :
       {"studio.edit", "studio.add", "studio.duplicate", "studio.delete", "studio.null", "studio.discard"}) {
    CAPTURE(command);
    stage.run(command);
    CHECK(stage.studio().edits.size() == 1);
    CHECK_FALSE(stage.studio().is_editing);
  }
}

TEST_CASE("An answer of the console is a table, a plan a tree") {
  StudioStage stage;
  auto next = std::make_shared<StudioState>(stage.studio());
  SqlAnswer answer;
  answer.columns = {{"name", "text", false}, {"open", "bigint", true}};
  answer.rows = {{"idea", "14"}, {std::nullopt, "6"}};
  next->answer = std::make_shared<const SqlAnswer>(answer);
  stage.change(StudioChanged{next});
  CHECK(stage.platform.sees("table", "Result"));
  CHECK(stage.platform.sees("cell", "idea"));
  next = std::make_shared<StudioState>(stage.studio());
  PlanNode scan;
  scan.title = "Seq Scan on issues";
  PlanNode sort;
  sort.title = "Sort";
  sort.steps = {scan};
  next->answer = nullptr;
  next->plan = std::make_shared<const PlanNode>(sort);
  stage.change(StudioChanged{next});
  CHECK(stage.platform.sees("treeitem", "Seq Scan on issues"));
}

TEST_CASE("On a phone Studio is a list of tables, then cards to read") {
  StudioStage stage(390, 844);
  stage.go("/studio");
  CHECK(stage.platform.sees("treeitem", "issues"));
  stage.go("/studio/issues");
  CHECK(stage.platform.sees("row", "128"));
}

TEST_CASE(
    "The cell that a constraint is about is marked: by its column, by the constraint's name, else the row's "
    "changes") {
  auto studio = studio_with_issues();
  set_cell(*studio, 0, 2, "Token expires");
  set_cell(*studio, 1, 3, "LOW");
  CHECK_FALSE(is_refused(*studio, 0, 2));
  studio->wrong_cell = "changes[0].title";
  CHECK(is_refused(*studio, 0, 2));
  CHECK_FALSE(is_refused(*studio, 1, 3));
  CHECK_FALSE(is_refused(*studio, 0, 3));
  studio->wrong_cell = "changes[1].issues_user_id_priority_key";
  CHECK(is_refused(*studio, 1, 3));
  CHECK_FALSE(is_refused(*studio, 0, 2));
  studio->wrong_cell = "changes[1].some_rule";
  CHECK(is_refused(*studio, 1, 3));
  studio->wrong_cell = "changes[1]";
  CHECK(is_refused(*studio, 1, 3));
}

TEST_CASE("Whose a row is comes last among the columns") {
  auto studio = std::make_shared<StudioState>();
  StudioTable labels;
  labels.name = "labels";
  labels.columns = {column("user_id", "uuid", CellKind::uuid, true),
                    column("id", "uuid", CellKind::uuid, true),
                    column("name", "text", CellKind::text)};
  studio->tables = std::make_shared<const std::vector<StudioTable>>(std::vector<StudioTable>{labels});
  open_table(*studio, "labels", "");
  CHECK(visible_columns(*studio) == std::vector<std::size_t>{1, 2, 0});
}

TEST_CASE("A filter with an unknown column is told at the filter, until it is typed on") {
  StudioStage stage;
  stage.run("studio.filter", "nosuch = 3");
  CHECK(stage.platform.sees("alert", "issues has no column \"nosuch\""));
  CHECK(stage.studio().filter.empty());
  stage.platform.fill("textbox", "Filter rows", "number = 128");
  CHECK_FALSE(stage.platform.sees("alert", "issues has no column \"nosuch\""));
}

TEST_CASE("Columns are shown and hidden from a list") {
  StudioStage stage;
  stage.platform.click("button", "Columns");
  CHECK(stage.platform.sees("dialog", "Columns"));
  stage.platform.click("checkbox", "title");
  CHECK(stage.studio().hidden_columns.count("title") == 1);
  stage.platform.click("checkbox", "title");
  CHECK(stage.studio().hidden_columns.empty());
  stage.platform.click("button", "Columns");
  CHECK_FALSE(stage.platform.sees("dialog", "Columns"));
}

TEST_CASE("A filter offers columns, operators that fit, values of an enum, and how to go on") {
  const auto studio = studio_with_issues();
  const StudioTable& issues = *studio_table(*studio);
  const auto offered = [&](std::string_view typed) {
    std::string words;
    for (const FilterCompletion& each : filter_completions(issues, typed))
      words += (words.empty() ? "" : " | ") + each.text;
    return words;
  };
  CHECK(offered("") == "id | number | title | priority | status_id | metadata");
  CHECK(offered("pr") == "priority");
  CHECK(offered("nothing") == "");
  CHECK(offered("title ") == "= | <> | ~ | is null | is not null");
  CHECK(offered("number ") == "= | <> | < | <= | > | >= | is null | is not null");
  CHECK(offered("number <") == "<> | < | <=");
  CHECK(offered("title is n") == "is null | is not null");
  CHECK(offered("priority = ") == "LOW | HIGH");
  CHECK(offered("priority = h") == "HIGH");
  CHECK(offered("priority = HIGH ") == "and");
  CHECK(offered("priority = HIGH and nu") == "number");
  CHECK(filter_completions(issues, "priority = HIGH and nu").front().begin == 20);
}

TEST_CASE("A press on an offered column takes it into the filter") {
  StudioStage stage;
  stage.platform.click("textbox", "Filter rows");
  REQUIRE(stage.platform.sees("option", "priority"));
  stage.platform.click("option", "priority");
  CHECK(stage.studio().filter_text == "priority ");
}

}  // namespace dits::web::test
