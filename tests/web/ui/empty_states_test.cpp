// What a screen says that shows no issue, and what it offers.
#include <doctest/doctest.h>

#include "tests/web/support/stage.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

bool says(Stage& stage, std::string_view sentence) {
  return stage.platform.mirror_text().find(sentence) != std::string::npos;
}

void close_all(Stage& stage) {
  IssuesPatched closed{{}, stage.state.now};
  for (const Issue& issue : stage.state.entities.issues) {
    IssuePatch patch;
    patch.status_id = stage.status("Done");
    closed.edits.push_back({issue.id, patch});
  }
  stage.change(closed);
}

}  // namespace

TEST_CASE("Where all issues are closed the list says so, and shows them when asked") {
  Stage stage;
  close_all(stage);
  const std::string all = "/issues";
  const std::string project = "/projects/" + to_string(stage.state.entities.projects.front().id);
  const std::string area = "/areas/" + to_string(stage.state.entities.areas.front().id);
  for (const std::string& url : {all, project}) {
    INFO(url);
    stage.go(url);
    CHECK(stage.platform.sees("heading", "Nothing is open here"));
    CHECK(says(stage, std::to_string(stage.state.list.result.total) + " issues are closed."));
    CHECK_FALSE(says(stage, "No issues here yet"));
    stage.platform.click("button", "Show closed");
    CHECK(stage.state.list.result.rows.size() == stage.state.list.result.total);
  }
  stage.go(area);  // no issue was ever in it
  CHECK(stage.platform.sees("heading", "No issues here yet"));
}

TEST_CASE("A query that hides everything says how much, and is cleared by one press, on every list") {
  Stage stage;
  for (const char* url : {"/issues", "/inbox", "/upcoming", "/next", "/logbook", "/trash"}) {
    INFO(url);
    stage.go(std::string(url) + "?q=zzzz");
    if (stage.state.list.result.total == 0) continue;
    CHECK(stage.platform.sees("heading", "No issue matches"));
    stage.platform.click("button", "Clear query");
    CHECK(stage.state.list.query_text.find("zzzz") == std::string::npos);
    CHECK_FALSE(stage.platform.sees("heading", "No issue matches"));
  }
}

TEST_CASE("The own query of a saved view can be cleared as well") {
  Stage stage;
  SavedView view = stage.state.entities.views.front();
  view.query = "zzzz";
  stage.change(ViewSaved{stage.state.entities.views.front(), view});
  stage.go("/views/" + to_string(view.id));
  CHECK(stage.platform.sees("heading", "No issue matches"));
  stage.platform.click("button", "Clear query");
  CHECK_FALSE(stage.state.list.result.rows.empty());
}

TEST_CASE("Next says what comes there, and not that there is nothing to do while issues are open") {
  Stage stage;
  IssuesPatched back{{}, stage.state.now};
  for (const Issue& issue : stage.state.entities.issues) {
    if (stage.status("To Do") != issue.status_id) continue;
    IssuePatch patch;
    patch.status_id = stage.status("Backlog");
    back.edits.push_back({issue.id, patch});
  }
  stage.change(back);
  stage.go("/next");
  REQUIRE(stage.state.list.result.total == 0);
  CHECK(stage.platform.sees("heading", "Nothing in To Do is free to start"));
  CHECK(says(stage, std::to_string(stage.state.counts.open) + " issues are open."));
  stage.platform.click("button", "All issues");
  CHECK(stage.state.route.screen == Screen::all);
  close_all(stage);
  stage.go("/next");
  CHECK(says(stage, "Issues in To Do that nothing blocks stand here."));
}

}  // namespace dits::web::test
