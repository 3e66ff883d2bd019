// Issues from GitHub that are here already, or in the trash, or in the file more than once.
#include <doctest/doctest.h>

#include "server/service/history.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/sync.hpp"
#include "server/service/workflows.hpp"
#include "tests/support/github_imports.hpp"

using namespace dits;
using namespace dits::test;

namespace {

struct Line {
  int number = 1;
  std::string title = "Issue";
  std::string updated = "2025-04-01T10:00:00Z";
  std::string label = {};
  std::string state = "open";
  std::string url = {};
};

std::string text_of(const Line& line) {
  const std::string address =
      line.url.empty() ? "https://github.com/example/tool/issues/" + std::to_string(line.number) : line.url;
  Json json = {{"html_url", address},
               {"number", line.number},
               {"title", line.title},
               {"state", line.state},
               {"created_at", "2020-01-01T10:00:00Z"},
               {"updated_at", line.updated}};
  if (!line.label.empty()) json["labels"] = {{{"name", line.label}}};
  return dump(json) + "\n";
}

std::vector<std::string> told(const Imported& summary) {
  std::vector<std::string> all;
  for (const ImportNote& note : summary.notes.kept()) all.push_back(note.what);
  return all;
}

std::string rows_of(ServiceWorld& world, const std::string& table) {
  return world.database().ask_as_owner("SELECT count(*) FROM " + table + " WHERE deleted_at IS NULL");
}

}  // namespace

TEST_CASE("what lies in the trash is told by its name, and neither it nor a label for it comes back") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::string text = text_of({.label = "ghl"});
  world.must(import_text(world, viewer, text));
  const std::int64_t head = world.must(last_change_id(world.context(), viewer));
  world.must(undo_change(world.context(), viewer, head));
  const std::string changes = world.database().ask_as_owner("SELECT count(*) FROM audit_logs");
  const Imported again = world.must(import_text(world, viewer, text));
  CHECK(again.trashed == 1);
  CHECK(again.unchanged + again.created + again.updated + again.labels + again.projects == 0);
  CHECK(told(again) == std::vector<std::string>{"example/tool#1: lies in the trash here: #1 stays as it is"});
  CHECK(rows_of(world, "issues") == "0");
  CHECK(rows_of(world, "labels") == "0");
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs") == changes);
}

TEST_CASE("a label that was deleted here comes back with an issue that is written, and with no other") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  world.must(import_text(world, viewer, text_of({.label = "ghl"})));
  world.must(remove_label(world.context(), viewer, world.must(list_labels(world.context(), viewer))[0].id));
  CHECK(world.must(import_text(world, viewer, text_of({.label = "ghl"}))).labels == 0);
  CHECK(rows_of(world, "labels") == "0");
  CHECK(world.must(import_text(world, viewer, text_of({.number = 2, .label = "ghl"}))).labels == 1);
}

TEST_CASE("a file from before the last import takes nothing back, and says so") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  world.must(import_text(world, viewer, text_of({.title = "New words"})));
  const std::string old_text = text_of({.title = "Old words", .updated = "2020-02-01T10:00:00Z"});
  const Imported old = world.must(import_text(world, viewer, old_text));
  CHECK(old.older == 1);
  CHECK(old.updated + old.unchanged + old.kept == 0);
  CHECK(told(old) == std::vector<std::string>{"example/tool#1: is older than what was imported of "
                                              "2025-04-01T10:00:00.000Z: #1 stays as it is"});
  CHECK(titled(world, viewer, "New words").version == 1);
  // The same words from before are the same words.
  const std::string same = text_of({.title = "New words", .updated = "2020-02-01T10:00:00Z"});
  CHECK(world.must(import_text(world, viewer, same)).unchanged == 1);
  const std::string newer = text_of({.title = "Newer words", .updated = "2025-05-01T10:00:00Z"});
  CHECK(world.must(import_text(world, viewer, newer)).updated == 1);
  CHECK(world.must(import_text(world, viewer, text_of({.title = "New words"}))).older == 1);
}

TEST_CASE("a closed issue in a workflow that has no closed status is open there, and that is told") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Project project;
  project.name = "example/tool";
  project = world.must(create_project(world.context(), viewer, project));
  Workflow workflow;
  workflow.name = "Endless";
  workflow.project_id = project.id;
  workflow.statuses.resize(1);
  workflow.statuses[0].name = "On";
  world.must(create_workflow(world.context(), viewer, workflow));
  const Imported summary = world.must(import_text(world, viewer, text_of({.state = "closed"})));
  CHECK(told(summary) ==
        std::vector<std::string>{
            "example/tool#1: state: is closed, and the workflow “Endless” has no status that is"});
  CHECK_FALSE(titled(world, viewer, "Issue").completed_at);
}

TEST_CASE("of one issue that stands in a file more than once the one that was changed last counts") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::string home = "github.com/example/tool/issues/1";
  const std::string text =
      text_of({.title = "First", .url = "https://" + home}) +
      text_of({.title = "Last", .updated = "2025-04-03T10:00:00Z", .url = "http://" + home + "/"}) +
      text_of({.title = "Middle", .updated = "2025-04-02T10:00:00Z", .url = "https://" + home + "?x=y"}) +
      text_of({.title = "Second", .url = "https://" + home + "#issuecomment-5"}) +
      text_of({.title = "Third", .url = "https://GitHub.com/Example/Tool/issues/1"});
  const Result<GithubFile> file = read_text(text);
  REQUIRE(file);
  CHECK(file->entries().size() == 1);
  CHECK(file->repeated() == 4);
  CHECK(world.must(import_text(world, viewer, text)).created == 1);
  CHECK(titled(world, viewer, "Last").metadata.find("\"https://" + home + "\"") != std::string::npos);
}

TEST_CASE("in a file of one line problems and notes name the issue that they are about") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::string url = R"("html_url":"https://github.com/example/tool/issues/)";
  const std::string text =
      "[{" + url + R"(7","number":7,"title":""},{"number":8,"title":"No address"},{"title":5},7,{)" + url +
      R"(9","number":9,"title":"Nine","body":5,"created_at":"2025-02-01T00:00:00Z",)" +
      R"("updated_at":"2025-01-01T00:00:00Z"}])";
  const Imported summary = world.must(import_text(world, viewer, text));
  std::vector<std::string> problems;
  for (const ImportNote& problem : summary.problems) problems.push_back(problem.what);
  CHECK(problems == std::vector<std::string>{"example/tool#7: title is missing",
                                             "issue 8: html_url (or url, the address of its page) is missing",
                                             "item 3: html_url (or url, the address of its page) is missing",
                                             "item 4: is no JSON object"});
  CHECK(told(summary) ==
        std::vector<std::string>{"example/tool#9: body: is no text, and was left out",
                                 "example/tool#9: updated_at: is before created_at, and was left out"});
  const Result<Imported> strict = import_text(world, viewer, text, true);
  REQUIRE_FALSE(strict);
  CHECK(strict.error().message == "Line 1: example/tool#7: title is missing. Nothing was written.");
}

TEST_CASE("a number that is none is refused for what it is") {
  for (const char* const number : {"1.0", "\"5\"", "0", "-5", "18446744073709551615", "true"}) {
    CAPTURE(number);
    const Result<Json> json = parse_json(
        std::string(R"({"html_url":"https://github.com/a/b/issues/1","title":"A","number":)") + number + "}");
    REQUIRE(json);
    const Result<GithubIssue> issue = github_issue_from_json(*json);
    REQUIRE_FALSE(issue);
    CHECK(issue.error().message == "number is no whole number above 0");
  }
  const Result<Json> untitled =
      parse_json(R"({"html_url":"https://github.com/a/b/issues/1","title":5,"number":1})");
  REQUIRE(untitled);
  CHECK(github_issue_from_json(*untitled).error().message == "title is no text");
}

TEST_CASE("the items of a project of GitHub's are told from an answer of its search") {
  const Result<GithubFile> file =
      read_text(R"({"items":[{"content":{"number":1,"title":"A"},"id":"x"}],"totalCount":1})");
  REQUIRE_FALSE(file);
  CHECK(file.error().message.find("the items of a project of GitHub's") != std::string::npos);
  CHECK(file.error().message.find(".items[]") == std::string::npos);
}
