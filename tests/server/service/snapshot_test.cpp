// What a client starts from in portions: every issue once, with all that a list shows of it, as one state
// with the changes that follow, and small on the wire.
#include <map>
#include <random>

#include <doctest/doctest.h>

#include "server/http/compression.hpp"
#include "server/service/issue_details.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/sync.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/sync_json.hpp"
#include "shared/snapshot/page.hpp"
#include "tests/support/service_world.hpp"
#include "tests/support/snapshot_portions.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

snapshot::Page page_of(ServiceWorld& world,
                       const Viewer& viewer,
                       const std::string& cursor = "",
                       std::int64_t limit = 5000) {
  return world.must(
      snapshot::page_from_bytes(world.must(snapshot_page(world.context(), viewer, cursor, limit))));
}

IssueId add_relation(ServiceWorld& world, const Viewer& viewer, const Issue& from, const Issue& to) {
  IssueRelation relation;
  relation.target_id = to.id;
  relation.type = RelationType::blocks;
  world.must(create_relation(world.context(), viewer, {from.id, 0}, relation));
  return from.id;
}

}  // namespace

TEST_CASE("a page has what the database has of each issue, and nothing of another account") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  world.add_issue(other, "Theirs");
  Label label;
  label.name = "bug";
  const Label made = world.must(create_label(world.context(), viewer, label));
  const Issue parent = world.add_issue(viewer, "Parent");
  const Issue plain = world.add_issue(viewer, "Übersicht");
  IssueUpdate update;
  update.patch.priority = Priority::urgent;
  update.patch.parent_issue_id = parent.id;
  update.patch.start_date = std::optional<Date>(Date{20500});
  update.patch.due_date = std::optional<Date>(Date{20600});
  update.patch.position = 2.5;
  update.patch.description = "a text that is loaded later";
  update.patch.status_id = world.status_named(viewer, "Done");
  update.patch.label_ids = std::vector<LabelId>{made.id};
  update.override_transitions = true;
  world.must(update_issue(world.context(), viewer, {plain.id, 0}, update, std::nullopt));
  const Issue expected = world.must(get_issue(world.context(), viewer, {plain.id, 0}));

  const snapshot::Page page = page_of(world, viewer);
  CHECK(page.next_cursor.empty());
  CHECK(page.change_id == world.must(last_change_id(world.context(), viewer)));
  const SyncSnapshot head = world.must(sync_snapshot_from_text(page.head));
  REQUIRE(head.user);
  CHECK(head.user->id == viewer.user_id);
  CHECK(head.change_id == page.change_id);
  CHECK_FALSE(head.log.empty());
  CHECK(head.labels.size() == 1);
  CHECK(head.workflows.size() == 1);
  REQUIRE(page.portion.issues.size() == 2);
  snapshot::Portion wanted;
  wanted.issues = {expected, parent};
  for (Issue& issue : wanted.issues) {
    issue.description.clear();
    issue.has_description = false;
  }
  wanted.git = {0, 0};
  CHECK(test::difference_between(page.portion, wanted) == "");
  CHECK(page.portion.issues[0].description.empty());
}

TEST_CASE("pages have every issue once, newest first, its relations and kinds of links, and one change") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<Issue> issues;
  for (int at = 0; at < 11; ++at) issues.push_back(world.add_issue(viewer, "Issue " + std::to_string(at)));
  for (std::size_t at = 1; at < issues.size(); ++at) add_relation(world, viewer, issues[at], issues[at - 1]);
  GitIntegration link;
  link.repository = "a/b";
  link.branch_name = "main";
  world.must(create_git_integration(world.context(), viewer, {issues[4].id, 0}, link));
  link.branch_name.reset();
  link.pr_url = "https://example.org/1";
  world.must(create_git_integration(world.context(), viewer, {issues[4].id, 0}, link));
  // In the trash: not here, but its relations are, for when it comes back.
  world.must(remove_issue(world.context(), viewer, {issues[7].id, 0}, std::nullopt));

  std::map<IssueId, int> seen;
  std::map<RelationId, int> relations;
  std::int64_t change_id = 0;
  std::int64_t last_number = INT64_MAX;
  std::string cursor;
  int pages = 0;
  do {
    const snapshot::Page page = page_of(world, viewer, cursor, 3);
    if (pages++ == 0) change_id = page.change_id;
    CHECK(page.change_id == change_id);
    CHECK(page.head.empty() == (pages > 1));
    CHECK(page.portion.issues.size() <= 3);
    for (std::size_t at = 0; at < page.portion.issues.size(); ++at) {
      const Issue& issue = page.portion.issues[at];
      ++seen[issue.id];
      CHECK(issue.number < last_number);
      last_number = issue.number;
      const int links = issue.id == issues[4].id ? snapshot::git_branch | snapshot::git_pull_request : 0;
      CHECK(page.portion.git[at] == links);
    }
    for (const IssueRelation& relation : page.portion.relations) ++relations[relation.id];
    cursor = page.next_cursor;
    world.add_issue(viewer, "Later");
  } while (!cursor.empty() && pages < 10);
  CHECK(pages == 4);
  CHECK(seen.size() == 10);
  CHECK_FALSE(seen.contains(issues[7].id));
  CHECK(relations.size() == 10);
  for (const auto& [id, times] : seen) CHECK(times == 1);
  for (const auto& [id, times] : relations) CHECK(times == 1);
}

TEST_CASE("pages and the changes after them give the state of a later snapshot") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<Issue> issues;
  for (int at = 0; at < 9; ++at) issues.push_back(world.add_issue(viewer, "Issue " + std::to_string(at)));
  std::map<IssueId, Issue> here;
  std::string cursor;
  std::int64_t since = 0;
  std::mt19937 random(2);
  int pages = 0;
  do {
    REQUIRE(++pages < 100);
    const snapshot::Page page = page_of(world, viewer, cursor, 2);
    for (const Issue& issue : page.portion.issues) here[issue.id] = issue;
    since = page.change_id;
    cursor = page.next_cursor;
    // Everything moves while the pages are read.
    for (int step = 0; step < 3; ++step) {
      IssueUpdate update;
      update.patch.title = "Title " + std::to_string(random() % 1000);
      world.must(update_issue(
          world.context(), viewer, {issues[random() % issues.size()].id, 0}, update, std::nullopt));
    }
    issues.push_back(world.add_issue(viewer, "Added"));
  } while (!cursor.empty());
  const SyncChanges changes = world.must(changes_since(world.context(), viewer, {since}, 1000));
  CHECK_FALSE(changes.has_more);
  for (const AuditEntry& entry : changes.changes) {
    if (entry.entity_type != EntityType::issue) continue;
    Issue& issue = here[IssueId{entry.entity_id}];
    issue.id.uuid = entry.entity_id;
    world.must(apply_issue_values(json_from_stored(entry.new_values), issue));
  }
  const snapshot::Page now = page_of(world, viewer);
  CHECK(now.portion.issues.size() == here.size());
  for (const Issue& issue : now.portion.issues) {
    CHECK(issue.title == here.at(issue.id).title);
    CHECK(issue.version == here.at(issue.id).version);
  }
}

TEST_CASE("what is no cursor of a snapshot is refused, and an account without issues has an empty page") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  for (const char* cursor : {"nonsense", "7", "7.", "7.x", "-1.00000000-0000-0000-0000-000000000000"})
    CHECK(snapshot_page(world.context(), viewer, cursor, 3).error().field == "cursor");
  const snapshot::Page page = page_of(world, viewer);
  CHECK(page.portion.issues.empty());
  CHECK(page.next_cursor.empty());
  CHECK_FALSE(page.head.empty());
}

TEST_CASE("an issue of a snapshot takes at most 43 bytes on the wire, 46 where the client knows gzip alone") {
  std::mt19937_64 random(1);
  snapshot::Page page;
  page.portion = test::real_portion(random, 5000);
  const std::string bytes = snapshot::page_to_bytes(page);
  const auto on_the_wire = [&](std::string_view accepted) {
    http::Response response;
    response.content_type = snapshot::content_type;
    response.body = bytes;
    http::compress(response, accepted);
    return static_cast<double>(response.body.size()) / 5000;
  };
  CHECK(on_the_wire("gzip, deflate, br, zstd") < 43);
  CHECK(on_the_wire("gzip, deflate") < 46);
  CHECK(on_the_wire("") < 95);
}

TEST_CASE("the details of an issue are what its parts say one by one") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  const Issue first = world.add_issue(viewer, "First");
  const Issue second = world.add_issue(viewer, "Second");
  add_relation(world, viewer, first, second);
  Comment comment;
  comment.body = "A word";
  world.must(create_comment(world.context(), viewer, {second.id, 0}, comment));
  GitIntegration link;
  link.repository = "a/b";
  link.branch_name = "main";
  world.must(create_git_integration(world.context(), viewer, {second.id, 0}, link));
  for (const IssueKey& key : {IssueKey{second.id, 0}, IssueKey{{}, second.number}}) {
    const IssueDetails details = world.must(issue_details(world.context(), viewer, key));
    CHECK(details.issue.id == second.id);
    CHECK(details.issue.has_description);
    REQUIRE(details.relations.size() == 1);
    CHECK(details.relations[0].source_id == second.id);
    CHECK(details.relations[0].type == RelationType::blocked_by);
    REQUIRE(details.comments.size() == 1);
    CHECK(details.comments[0].body == "A word");
    CHECK(details.attachments.empty());
    CHECK(details.git_integrations.size() == 1);
    CHECK(details.activity.size() == 4);
    CHECK(details.activity.front().change_id > details.activity.back().change_id);
    const IssueDetails back = world.must(issue_details_from_text(issue_details_to_text(details)));
    CHECK(back.issue.title == "Second");
    CHECK(back.comments.size() == 1);
    CHECK(back.activity.size() == 4);
  }
  CHECK(issue_details(world.context(), other, {second.id, 0}).error().code == ErrorCode::not_found);
  CHECK(issue_details(world.context(), viewer, {{}, 999}).error().code == ErrorCode::not_found);
}
