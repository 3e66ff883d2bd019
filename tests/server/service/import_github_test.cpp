// Issues from GitHub: once is once, and a bad line is named.
#include "server/service/import_github.hpp"

#include <fstream>

#include <doctest/doctest.h>

#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file("tests/fixtures/" + name);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  REQUIRE(!lines.empty());
  return lines;
}

Result<ImportSummary> import_lines(ServiceWorld& world,
                                   const Viewer& viewer,
                                   const std::vector<std::string>& lines,
                                   bool is_strict = false) {
  std::size_t at = 0;
  const auto next = [&]() -> std::optional<std::string> {
    if (at == lines.size()) return std::nullopt;
    return lines[at++];
  };
  return import_github(world.context(), viewer, next, {is_strict}, {});
}

Issue titled(ServiceWorld& world, const Viewer& viewer, const std::string& title) {
  IssueListQuestion question;
  question.fields =
      "id,number,title,description,statusId,projectId,labelIds,completedAt,createdAt,updatedAt,metadata,"
      "version";
  question.limit = 200;
  for (const Issue& issue : world.must(list_issues(world.context(), viewer, question)).issues) {
    if (issue.title == title) return issue;
  }
  FAIL("no issue ", title);
  return {};
}

void replace_in(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
}

std::string title_in(const std::string& line) {
  const std::size_t begin = line.find("\"title\"");
  const std::size_t open = line.find('"', line.find(':', begin)) + 1;
  return line.substr(open, line.find('"', open) - open);
}

}  // namespace

TEST_CASE("an import keeps texts, labels, states, dates and pull requests, and numbers by age") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines_of("github-issues.jsonl")));
  CHECK(summary.created == 5);
  CHECK(summary.projects == 1);
  CHECK(summary.labels == 3);
  CHECK(summary.links == 2);
  const Issue lamp = titled(world, viewer, "Lamp does not turn at night");
  CHECK(lamp.number == 5);
  CHECK(lamp.description == "The lamp stands still.\n\nSteps:\n- switch on\n- wait");
  CHECK(lamp.label_ids.size() == 2);
  CHECK(lamp.status_id == world.status_named(viewer, "Backlog"));
  CHECK(to_string(lamp.created_at) == "2025-03-05T08:00:00.000Z");
  CHECK(to_string(lamp.updated_at) == "2025-04-05T09:30:00.000Z");
  const Issue horn = titled(world, viewer, "Teach the foghorn a second tone");
  CHECK(horn.status_id == world.status_named(viewer, "Done"));
  REQUIRE(horn.completed_at);
  CHECK(to_string(*horn.completed_at) == "2025-03-20T10:00:00.000Z");
  CHECK(titled(world, viewer, "Count the ships").number == 1);
  for (const Label& label : world.must(list_labels(world.context(), viewer))) {
    if (label.name == "bug") CHECK(label.color == "#d73a4a");
  }
  world.check_gapless(viewer);
}

TEST_CASE("a second run of the same file changes nothing, also after the user's own changes") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::vector<std::string> lines = lines_of("github-issues.jsonl");
  world.must(import_lines(world, viewer, lines));
  IssueUpdate update;
  update.patch.title = "My own words";
  world.must(update_issue(
      world.context(), viewer, {titled(world, viewer, "Count the ships").id, 0}, update, std::nullopt));
  const std::string changes = world.database().ask_as_owner("SELECT count(*) FROM audit_logs");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.unchanged == 5);
  CHECK(summary.created + summary.updated + summary.kept + summary.links + summary.labels +
            summary.projects ==
        0);
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs") == changes);
}

TEST_CASE("what changed at GitHub is taken over, unless the user changed the same field") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<std::string> lines = lines_of("github-issues.jsonl");
  world.must(import_lines(world, viewer, lines));
  IssueUpdate update;
  update.patch.title = "My own words";
  const IssueKey ships{titled(world, viewer, "Count the ships").id, 0};
  world.must(update_issue(world.context(), viewer, ships, update, std::nullopt));
  replace_in(lines[4], "Count the ships", "Count all ships");
  replace_in(lines[0], "\"state\": \"open\"", "\"state\": \"closed\"");
  replace_in(lines[0], "\"closed_at\": null", "\"closed_at\": \"2025-05-01T00:00:00Z\"");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.updated == 1);
  CHECK(summary.kept == 1);
  CHECK(summary.unchanged == 3);
  CHECK(world.must(get_issue(world.context(), viewer, ships)).title == "My own words");
  const Issue lamp = titled(world, viewer, "Lamp does not turn at night");
  REQUIRE(lamp.completed_at);
  CHECK(to_string(*lamp.completed_at) == "2025-05-01T00:00:00.000Z");
  CHECK(world.must(import_lines(world, viewer, lines)).unchanged == 5);
}

TEST_CASE("a bad line is named with its number and the rest goes on; in strict mode nothing is written") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::vector<std::string> lines = lines_of("github-issues-broken.jsonl");
  const Result<ImportSummary> refused = import_lines(world, viewer, lines, true);
  REQUIRE(!refused);
  CHECK(refused.error().message.starts_with("Line 3:"));
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM issues") == "0");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.created == 2);
  REQUIRE(summary.problems.kept().size() == 2);
  CHECK(summary.problems.kept()[0].line == 3);
  CHECK(summary.problems.kept()[1].line == 4);
  CHECK(summary.notes.count() == 0);
  CHECK(world.must(import_lines(world, viewer, lines_of("github-issues.jsonl"), true)).created == 3);
}

TEST_CASE("a title of which nothing can be seen is a bad line, and letters come in normal form") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<std::string> lines(3, lines_of("github-issues.jsonl").front());
  const std::string title = title_in(lines[0]);
  replace_in(lines[0], title, "\u200B");
  replace_in(lines[1], title, "\\u3000");
  replace_in(lines[2], title, "Cafe\u0301");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.created == 1);
  REQUIRE(summary.problems.kept().size() == 2);
  CHECK(summary.problems.kept()[0].what == "title has no character that can be seen");
  CHECK(titled(world, viewer, "Caf\u00E9").number == 1);
}

TEST_CASE("what is not as the line has it is told by line, when it is written") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<std::string> lines = lines_of("github-issues.jsonl");
  CHECK(world.must(import_lines(world, viewer, lines)).notes.count() == 0);
  replace_in(lines[1], title_in(lines[1]), std::string(max_title_code_points + 1, 'x'));
  replace_in(lines[2], title_in(lines[2]), "Cafe\u0301\\t1");
  replace_in(lines[3], title_in(lines[3]), " " + title_in(lines[3]) + " ");
  replace_in(lines[4], "\"updated_at\": \"", "\"updated_at\": \"yesterday or ");
  const ImportSummary summary = world.must(import_lines(world, viewer, lines));
  std::vector<std::string> told;
  for (const ImportNote& note : summary.notes.kept())
    told.push_back(std::to_string(note.line) + " " + note.what);
  CHECK(told ==
        std::vector<std::string>{"2 title: was cut to 500 characters",
                                 "3 title: is kept in Unicode's normal form (NFC), which it was not in",
                                 "3 title: signs that can't be shown in a line became spaces"});
  CHECK(world.must(import_lines(world, viewer, lines)).notes.count() == 0);
}

TEST_CASE("of an issue that is new all that was changed is told") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<std::string> lines(1, lines_of("github-issues.jsonl")[4]);
  replace_in(lines[0], title_in(lines[0]), " Ships ");
  replace_in(lines[0], "\"updated_at\": \"", "\"updated_at\": \"yesterday or ");
  std::vector<std::string> told;
  for (const ImportNote& note : world.must(import_lines(world, viewer, lines)).notes.kept())
    told.push_back(note.what);
  CHECK(told == std::vector<std::string>{"title: lost the spaces around it",
                                         "updated_at: is no time, and was left out"});
}
