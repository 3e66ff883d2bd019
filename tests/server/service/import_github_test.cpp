// Issues from GitHub: once is once, and a bad line is named.
#include "server/service/import_github.hpp"

#include <utility>

#include <doctest/doctest.h>

#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "tests/support/github_imports.hpp"

using namespace dits;
using namespace dits::test;

TEST_CASE("an import keeps texts, labels, states, dates and pull requests, and numbers by age") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Imported summary = world.must(import_lines(world, viewer, lines_of("github-issues.jsonl")));
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
  const Imported summary = world.must(import_lines(world, viewer, lines));
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
  const Imported summary = world.must(import_lines(world, viewer, lines));
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
  const Result<Imported> refused = import_lines(world, viewer, lines, true);
  REQUIRE(!refused);
  CHECK(refused.error().message.starts_with("Line 3:"));
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM issues") == "0");
  const Imported summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.created == 2);
  REQUIRE(summary.problems.size() == 2);
  CHECK(summary.problems[0].line == 3);
  CHECK(summary.problems[1].line == 4);
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
  const Imported summary = world.must(import_lines(world, viewer, lines));
  CHECK(summary.created == 1);
  REQUIRE(summary.problems.size() == 2);
  CHECK(summary.problems[0].what == "lumen/harbor#5: title has no character that can be seen");
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
  const Imported summary = world.must(import_lines(world, viewer, lines));
  std::vector<std::string> told;
  for (const ImportNote& note : summary.notes.kept())
    told.push_back(std::to_string(note.line) + " " + note.what);
  CHECK(told == std::vector<std::string>{
                    "2 lumen/harbor#4: title: was cut to 500 characters",
                    "3 lumen/harbor#3: title: is kept in Unicode's normal form (NFC), which it was not in",
                    "3 lumen/harbor#3: title: signs that can't be shown in a line became spaces"});
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
  CHECK(told == std::vector<std::string>{"lumen/harbor#1: title: lost the spaces around it",
                                         "lumen/harbor#1: updated_at: is no time, and was left out"});
}

TEST_CASE("a list, pages of lists, lists in a list and values over many lines are the same issues") {
  const std::vector<std::string> lines = lines_of("github-issues.jsonl");
  const std::string all = lines[0] + "," + lines[1] + "," + lines[2] + "," + lines[3] + "," + lines[4];
  std::string tall;
  for (const std::string& line : lines) {
    const Result<Json> json = parse_json(line);
    REQUIRE(json);
    tall += dump_indented(*json) + "\n";
  }
  const std::string texts[] = {
      "[" + all + "]",
      "\xEF\xBB\xBF[\r\n" + lines[0] + ",\r\n" + lines[1] + "\r\n]\r\n[" + lines[2] + "][" + lines[3] + "," +
          lines[4] + "]",
      "[[" + lines[0] + "," + lines[1] + "],[],[" + lines[2] + "," + lines[3] + "," + lines[4] + "]]",
      tall};
  for (const std::string& text : texts) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, text.size()}) {
      const Result<GithubFile> file = read_text(text, true, piece);
      REQUIRE_MESSAGE(file, file.error().message);
      REQUIRE(file->entries().size() == 5);
      CHECK(file->entries()[0].number == 1);
      CHECK(file->entries()[4].url == "https://github.com/lumen/harbor/issues/5");
    }
  }
  const Result<GithubFile> paged = read_text(texts[1]);
  REQUIRE(paged);
  CHECK(paged->entries()[4].line == 2);
  CHECK(paged->entries()[3].line == 3);
  CHECK(paged->entries()[0].line == 5);
}

TEST_CASE("what gh issue list and gh pr list write is read, and what it doesn't say is counted") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::string issues =
      R"([{"number": 1, "title": "First", "body": "a", "state": "CLOSED", "author": {"login": "kim"},
           "url": "https://github.com/example/tool/issues/1", "createdAt": "2025-01-02T10:00:00Z",
           "updatedAt": "2025-01-04T10:00:00Z", "closedAt": "2025-01-03T10:00:00Z",
           "labels": [{"id": "x", "name": "bug", "description": "", "color": "d73a4a"}]},
          {"number": 2, "title": "Second", "state": "MERGED", "isDraft": false,
           "url": "https://git.example.org/example/tool/pull/2", "createdAt": "2025-01-05T10:00:00Z",
           "closedAt": null, "mergedAt": "2025-01-06T10:00:00Z"},
          {"html_url": "https://github.com/example/tool/issues/3", "number": 3, "title": "Third"}])";
  const Imported summary = world.must(import_text(world, viewer, issues));
  CHECK(summary.created == 3);
  CHECK(summary.links == 1);
  CHECK(summary.projects == 1);
  CHECK(summary.notes.count() == 0);
  const Issue first = titled(world, viewer, "First");
  REQUIRE(first.completed_at);
  CHECK(to_string(*first.completed_at) == "2025-01-03T10:00:00.000Z");
  CHECK(to_string(first.created_at) == "2025-01-02T10:00:00.000Z");
  CHECK(to_string(first.updated_at) == "2025-01-04T10:00:00.000Z");
  CHECK(first.label_ids.size() == 1);
  CHECK(first.metadata.find("\"kim\"") != std::string::npos);
  CHECK(titled(world, viewer, "Second").status_id == world.status_named(viewer, "Done"));
  CHECK(titled(world, viewer, "Third").status_id == world.status_named(viewer, "Backlog"));
  const Result<GithubFile> file = read_text(issues);
  REQUIRE(file);
  CHECK(file->without_state() == 1);
  CHECK(file->without_date() == 1);
  CHECK(world.must(import_text(world, viewer, issues)).unchanged == 3);
}

TEST_CASE("a file of another shape is refused, and what it is and how the right one is made are told") {
  const std::pair<std::string, std::string> shapes[] = {
      {"", "issues.json is empty"},
      {" \n", "issues.json is empty"},
      {"number,title\n1,hello\n", "it is no JSON: it begins with “number,title”"},
      {"<!DOCTYPE html>", "it is no JSON: it begins with “<!DOCTYPE html>”"},
      {"\xFF\xFE[", "it is written in UTF-16"},
      {R"({"message": "Not Found", "status": "404"})", "an answer of GitHub that says “Not Found”"},
      {R"({"total_count": 1, "items": [{}]})", "an answer of GitHub's search"},
      {R"({"data": {"repository": null}})", "an answer of GitHub's GraphQL API"},
      {"[1, 2]", "it is a list of numbers"},
      {"[\"a\"]", "it is a list of texts"},
      {R"({"title":"\u200b"})",
       "its objects have “title”, and an issue needs number, title and html_url (or url)"},
      {R"([{"number":1,"title":"","url":"https://github.com/a/b/issues/1"}])", "line 1: title is missing"},
      {R"([{"number":1,"title":"A","url":)", "its JSON can't be read"}};
  for (const auto& [text, shape] : shapes) {
    const Result<GithubFile> file = read_text(text);
    REQUIRE(!file);
    CAPTURE(file.error().message);
    CHECK(file.error().code == ErrorCode::invalid);
    CHECK(file.error().message.starts_with("issues.json "));
    CHECK(file.error().message.find(shape) != std::string::npos);
    CHECK(file.error().message.find("gh api --paginate") != std::string::npos);
    CHECK(file.error().message.find("gh issue list") != std::string::npos);
  }
  const Result<GithubFile> none = read_text("[]\n[]");
  REQUIRE(none);
  CHECK(none->entries().empty());
}

TEST_CASE("what is broken costs as few issues as can be told, and is named") {
  const std::vector<std::string> lines = lines_of("github-issues.jsonl");
  const auto problem_lines = [](const std::string& text) {
    const Result<GithubFile> file = read_text(text, false, 3);
    REQUIRE(file);
    std::string told = std::to_string(file->entries().size()) + ":";
    for (const ImportNote& problem : file->problems().kept()) told += " " + std::to_string(problem.line);
    return told;
  };
  const std::string half = lines[1].substr(0, lines[1].size() / 2);
  CHECK(problem_lines(lines[0] + "\n{\"title\": \"cut off\n" + lines[1] + "\n" + half) == "2: 2 4");
  CHECK(problem_lines(lines[0] + "\n{\"labels\": [{\n" + lines[1] + "\nnothing\n" + lines[2]) == "3: 2 4");
  CHECK(problem_lines("[" + lines[0] + ",\n{\"title\": \"cut\n\"},\n" + lines[1] + "]") == "2: 2");
  CHECK(problem_lines("[" + lines[0] + ",\n" + lines[1] + "\n") == "2: 3");
  CHECK(problem_lines("[" + lines[0] + ",\n" + half) == "1: 2");
  CHECK(problem_lines("[" + lines[0] + ", null,\n7]") == "1: 1 2");
}

TEST_CASE("an import is one step to undo, and all of it or nothing") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::string text;
  for (int number = 1; number <= 1200; ++number) {
    const std::string n = std::to_string(number);
    text += R"({"number":)" + n + R"(,"title":"T)" + n + R"(","url":"https://github.com/a/b/issues/)" + n +
            "\"}\n";
  }
  CHECK(world.must(import_text(world, viewer, text)).created == 1200);
  CHECK(world.database().ask_as_owner(
            "SELECT count(DISTINCT coalesce(metadata ->> 'group', '')) FROM audit_logs WHERE "
            "entity_type IN ('issue', 'project')") == "1");
  CHECK(world.database().ask_as_owner("SELECT string_agg(number::text, ',' ORDER BY number) FROM issues "
                                      "WHERE title = 'T' || number") ==
        world.database().ask_as_owner(
            "SELECT string_agg(n::text, ',' ORDER BY n) FROM generate_series(1, 1200) n"));
  world.check_gapless(viewer);
}

namespace {

std::string issue_line(int number, const std::string& body, const std::string& kind = "issues") {
  const std::string n = std::to_string(number);
  return dump({{"html_url", "https://github.com/example/tool/" + kind + "/" + n},
               {"number", number},
               {"title", "Issue " + n},
               {"body", body},
               {"state", "open"},
               {"user", {{"login", "kim"}}},
               {"created_at", "2025-01-" + std::string(number < 10 ? "0" : "") + n + "T10:00:00Z"}});
}

}  // namespace

TEST_CASE(
    "references point at the imported issues, whatever their numbers here, and stay links to the others") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::vector<std::string> lines = {
      issue_line(3, "Found while testing, see #20."),
      issue_line(7, "Fixes #3.", "pull"),
      issue_line(12, "After #7."),
      issue_line(
          20,
          "Regression of #3, see #7 and Example/Tool#12, GH-12, https://github.com/example/tool/issues/3 and "
          "`#3` in code. Another tracker: other/repo#3. https://github.com/example/tool/issues/7; #99")};
  const Imported first = world.must(import_lines(world, viewer, lines));
  CHECK(first.created == 4);
  CHECK(titled(world, viewer, "Issue 3").number == 1);
  CHECK(titled(world, viewer, "Issue 3").description == "Found while testing, see #4.");
  CHECK(titled(world, viewer, "Issue 7").description == "Fixes #1.");
  CHECK(titled(world, viewer, "Issue 12").description == "After #2.");
  CHECK(titled(world, viewer, "Issue 20").description ==
        "Regression of #1, see #2 and #3, #3, #1 and `#3` in code. Another tracker: "
        "[other/repo#3](https://github.com/other/repo/issues/3). #2; "
        "[#99](https://github.com/example/tool/issues/99)");
  CHECK(titled(world, viewer, "Issue 20").version == 1);
  const std::string changes = world.database().ask_as_owner("SELECT count(*) FROM audit_logs");
  const Imported again = world.must(import_lines(world, viewer, lines));
  CHECK(again.unchanged == 4);
  CHECK(again.updated + again.mended + again.kept == 0);
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs") == changes);
}

TEST_CASE("the address of a pull request is mended too when the issue of its number comes in") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  world.must(import_lines(world, viewer, {issue_line(6, "https://github.com/example/tool/pull/12")}));
  const Imported later = world.must(import_lines(world, viewer, {issue_line(12, "e")}));
  CHECK(later.mended == 1);
  CHECK(titled(world, viewer, "Issue 6").description == "#2");
}

TEST_CASE("references to issues that come in later are mended then, unless somebody has changed the text") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const std::string link = "[#9](https://github.com/example/tool/issues/9)";
  world.must(import_lines(
      world, viewer, {issue_line(3, "a #9"), issue_line(4, "b #9 `#9`"), issue_line(5, "c #9")}));
  CHECK(titled(world, viewer, "Issue 4").description == "b " + link + " `#9`");
  IssueUpdate update;
  update.patch.description = "mine " + link;
  world.must(
      update_issue(world.context(), viewer, {titled(world, viewer, "Issue 5").id, 0}, update, std::nullopt));
  const Imported later =
      world.must(import_lines(world, viewer, {issue_line(3, "a #9"), issue_line(9, "d #3 and #4")}));
  CHECK(later.created == 1);
  CHECK(later.updated == 1);
  CHECK(later.mended == 1);
  CHECK(titled(world, viewer, "Issue 3").description == "a #4");
  CHECK(titled(world, viewer, "Issue 4").description == "b #4 `#9`");
  CHECK(titled(world, viewer, "Issue 5").description == "mine " + link);
  CHECK(titled(world, viewer, "Issue 9").description == "d #1 and #2");
  const Imported all = world.must(import_lines(world,
                                               viewer,
                                               {issue_line(3, "a #9"),
                                                issue_line(4, "b #9 `#9`"),
                                                issue_line(5, "c #9"),
                                                issue_line(9, "d #3 and #4")}));
  CHECK(all.unchanged == 4);
  CHECK(all.updated + all.mended + all.kept == 0);
  const Imported changed =
      world.must(import_lines(world, viewer, {issue_line(4, "b2 #9"), issue_line(5, "c2 #9")}));
  CHECK(changed.updated == 1);
  CHECK(changed.kept == 1);
  CHECK(titled(world, viewer, "Issue 4").description == "b2 #4");
  CHECK(titled(world, viewer, "Issue 5").description == "mine " + link);
  CHECK(world.must(import_lines(world, viewer, {issue_line(4, "b2 #9"), issue_line(5, "c2 #9")})).unchanged ==
        2);
  world.check_gapless(viewer);
}
