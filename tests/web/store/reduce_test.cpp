// Changes, their inverses, and what follows them.
#include "web/store/reduce.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/web/support/world.hpp"
#include "web/store/inverse.hpp"
#include "web/store/issue_index.hpp"
#include "web/store/list_build.hpp"
#include "web/store/selectors.hpp"

namespace dits::web::test {

namespace {

// The same issues with everything that follows from them made anew.
std::string derived_from_nothing(State state) {
  rebuild_index(state);
  refresh_list(state);
  return describe_derived(state);
}

}  // namespace

TEST_CASE("The inverse of a change puts back what it changed") {
  std::mt19937 random(7);
  State state = make_world(60);
  for (int round = 0; round < 400; ++round) {
    const Change change = random_change(state, random);
    State before = state;
    const auto inverse = inverse_of(change, state);
    REQUIRE(inverse.has_value());
    reduce(state, change);
    State undone = state;
    reduce(undone, *inverse);
    if (change.is<IssueCreated>()) {
      CHECK(undone.entities.issues.back().deleted_at.has_value());
      CHECK(undone.counts.all == before.counts.all);
    } else {
      CHECK(describe_issues(undone) == describe_issues(before));
    }
  }
}

TEST_CASE("Facts, counts and the list after many changes are those made from nothing") {
  for (const char* query : {"",
                            "is:open sort:-priority",
                            "label:bug (due:<7d OR is:blocked) sort:title",
                            "is:closed sort:-completed"}) {
    std::mt19937 random(11);
    State state = make_world(80, 3);
    reduce(state, QueryTyped{query});
    for (int round = 0; round < 300; ++round) {
      reduce(state, random_change(state, random));
      if (round % 10 == 0) {
        REQUIRE(describe_derived(state) == derived_from_nothing(state));
      }
    }
  }
}

TEST_CASE("A group of changes ends where they end one by one") {
  std::mt19937 random(5);
  State one_by_one = make_world(40);
  State at_once = one_by_one;
  std::vector<Change> changes;
  for (int round = 0; round < 50; ++round) {
    changes.push_back(random_change(one_by_one, random));
    reduce(one_by_one, changes.back());
  }
  reduce_all(at_once, changes);
  CHECK(describe_issues(at_once) == describe_issues(one_by_one));
  CHECK(describe_derived(at_once) == describe_derived(one_by_one));
}

TEST_CASE("Issues that come in portions end where all of them at once end, whatever comes first") {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const State whole = make_world(160, seed);
    std::vector<Issue> issues = whole.entities.issues;
    std::vector<IssueRelation> relations = whole.entities.relations;
    std::shuffle(issues.begin(), issues.end(), random);
    std::shuffle(relations.begin(), relations.end(), random);
    State state = make_world(0, seed);
    SnapshotBegan began = world_snapshot();
    // Some relations are there before their ends, and one comes twice.
    began.relations.assign(relations.begin(), relations.begin() + 3);
    reduce(state, began);
    std::size_t related = 2;
    for (std::size_t at = 0; at < issues.size();) {
      const std::size_t count = std::min(issues.size() - at, std::size_t{1} + random() % 60);
      const std::size_t more = std::min(relations.size() - related, random() % std::size_t{5});
      IssuesArrived portion;
      for (std::size_t end = at + count; at < end; ++at) {
        portion.issues.push_back(issues[at]);
        portion.git.push_back(git_pull_request);
      }
      for (std::size_t end = related + more; related < end; ++related)
        portion.relations.push_back(relations[related]);
      reduce(state, portion);
      CHECK(describe_derived(state) == derived_from_nothing(state));
    }
    IssuesArrived rest;
    rest.relations.assign(relations.begin() + static_cast<std::ptrdiff_t>(related), relations.end());
    reduce(state, rest);
    CHECK(describe_derived(state) == derived_from_nothing(state));
    CHECK(describe_issues(state) == describe_issues(whole));
    for (const IssueFacts& facts : state.entities.facts) CHECK(facts.git == git_pull_request);
  }
}

TEST_CASE("A link that comes to an issue whose links are not here leaves the kinds that it has") {
  State state = make_world(0);
  std::mt19937 random(1);
  reduce(state, IssuesArrived{{random_issue(1, random)}, {git_branch}, {}});
  GitIntegration link;
  link.id.uuid = world_uuid(4711);
  link.issue_id = world_issue(1);
  link.pr_url = "https://example.org/1";
  reduce(state, GitLinkArrived{link});
  CHECK(state.entities.facts[0].git == (git_branch | git_pull_request));
  reduce(state, GitLinksArrived{world_issue(1), {link}});
  CHECK(state.entities.facts[0].git == git_pull_request);
}

TEST_CASE("Smart views hold what their names say") {
  State state = make_world(0);
  const auto add = [&](std::int64_t number, int status, auto set) {
    std::mt19937 random(1);
    Issue issue = random_issue(number, random);
    issue = Issue{};
    issue.id = world_issue(number);
    issue.number = number;
    issue.title = "Issue";
    issue.status_id = world_status(status);
    set(issue);
    reduce(state, IssuesArrived{{issue}});
  };
  const Date today = state.today;
  add(1, 1, [](Issue&) {});
  add(2, 1, [&](Issue& issue) {
    issue.due_date = today;
    issue.project_id = world_project(0);
  });
  add(3, 1, [&](Issue& issue) {
    issue.due_date = Date{today.days - 3};
    issue.project_id = world_project(0);
  });
  add(4, 2, [](Issue& issue) { issue.project_id = world_project(0); });
  add(5, 1, [&](Issue& issue) {
    issue.due_date = Date{today.days + 2};
    issue.project_id = world_project(0);
  });
  add(6, 1, [&](Issue& issue) {
    issue.start_date = Date{today.days + 2};
    issue.project_id = world_project(0);
  });
  add(7, 4, [](Issue& issue) {
    issue.completed_at = world_now;
    issue.project_id = world_project(0);
  });
  add(8, 0, [](Issue& issue) { issue.project_id = world_project(0); });
  CHECK(state.counts.inbox == 1);
  CHECK(state.counts.today == 2);
  CHECK(state.counts.desk == 1);
  CHECK(state.counts.done_today == 1);
  CHECK(state.counts.upcoming == 2);
  CHECK(state.counts.logbook == 1);
  CHECK(state.counts.next == 4);  // 1, 2, 3 and 5: 6 starts later, 8 is in the backlog
  IssueRelation blocks{
      RelationId{world_uuid(77)}, world_issue(4), world_issue(5), RelationType::blocks, world_now};
  reduce(state, RelationAdded{blocks});
  CHECK(state.counts.next == 3);
  CHECK(is_blocked(state, find_slot(state.entities, world_issue(5))));
  IssuePatch done;
  done.status_id = world_status(4);
  reduce(state, IssuesPatched{{{world_issue(4), done}}, world_now});
  CHECK_FALSE(is_blocked(state, find_slot(state.entities, world_issue(5))));
  CHECK(state.counts.done_today == 2);

  Route route;
  route.screen = Screen::today;
  reduce(state, Navigated{route});
  REQUIRE(state.list.result.groups.size() == 3);
  CHECK(state.list.result.groups[0].title == "Overdue");
  CHECK(state.list.result.groups[1].title == "Due today");
  CHECK(state.list.result.groups[2].title == "Done today");

  reduce(state, Ticked{Timestamp{world_now.unix_ms + ms_per_day}, {}, 1, 1});
  CHECK(state.counts.done_today == 0);
  CHECK(state.list.result.groups[0].count == 2);
}

TEST_CASE("Entering a closed status sets the completion time and leaving it clears it") {
  State state = make_world(1);
  IssuePatch done;
  done.status_id = world_status(4);
  reduce(state, IssuesPatched{{{world_issue(1), done}}, world_now});
  CHECK(find_issue(state.entities, world_issue(1))->completed_at == world_now);
  IssuePatch open;
  open.status_id = world_status(1);
  reduce(state, IssuesPatched{{{world_issue(1), open}}, world_now});
  CHECK_FALSE(find_issue(state.entities, world_issue(1))->completed_at.has_value());
}

TEST_CASE("The cursor follows its issue through edits, and stays in place when the issue leaves the list") {
  State state = make_world(30);
  reduce(state, QueryTyped{"is:open"});
  reduce(state, CursorMoved{5, false});
  REQUIRE(cursor_issue(state) != nullptr);
  const IssueId id = cursor_issue(state)->id;
  IssuePatch moved;
  moved.position = 1e9;
  reduce(state, IssuesPatched{{{id, moved}}, world_now});
  REQUIRE(cursor_issue(state) != nullptr);
  CHECK(cursor_issue(state)->id == id);
  const std::size_t line = state.list.cursor;
  IssuePatch done;
  done.status_id = world_status(4);
  reduce(state, IssuesPatched{{{id, done}}, world_now});
  CHECK(state.list.cursor + 1 >= std::min(line, state.list.result.lines.size() - 1));
  CHECK((cursor_issue(state) == nullptr || cursor_issue(state)->id != id));
}

TEST_CASE("A query with an error keeps the last good result and says where it is wrong") {
  State state = make_world(20);
  reduce(state, QueryTyped{"is:open"});
  const std::vector<Slot> rows = state.list.result.rows;
  reduce(state, QueryTyped{"is:open lable:bug"});
  REQUIRE(state.list.error.has_value());
  CHECK(state.list.error->column == 8);
  CHECK(state.list.result.rows == rows);
  reduce(state, QueryTyped{"label:bug"});
  CHECK_FALSE(state.list.error.has_value());
}

TEST_CASE("A query means a label that comes, is renamed or goes after it was typed") {
  State state = make_world(20);
  reduce(state, QueryTyped{"label:later"});
  CHECK(state.list.result.rows.empty());
  Label label = state.entities.labels.front();
  label.id = LabelId{state.entities.issues.front().id.uuid};
  label.name = "later";
  Issue issue = state.entities.issues.front();
  issue.label_ids = {label.id};
  reduce_all(state, {LabelArrived{label}, IssuesArrived{{issue}}});
  REQUIRE(state.list.result.rows.size() == 1);
  label.name = "sooner";
  reduce(state, LabelArrived{label});
  CHECK(state.list.result.rows.empty());
  reduce(state, QueryTyped{"label:sooner"});
  CHECK(state.list.result.rows.size() == 1);
  reduce(state, NounGone{EntityType::label, label.id.uuid});
  CHECK(state.list.result.rows.empty());
}

TEST_CASE("When the issue under the cursor leaves the list, the cursor goes to an issue, not to a header") {
  State state = make_world(40);
  reduce(state, CursorMoved{1, false});
  REQUIRE(cursor_issue(state) != nullptr);
  reduce(state, QueryTyped{"number:" + std::to_string(cursor_issue(state)->number == 7 ? 8 : 7)});
  REQUIRE(cursor_issue(state) != nullptr);
  CHECK(cursor_issue(state)->number >= 7);
}

TEST_CASE("Folding a group hides its lines and puts the cursor on its header") {
  State state = make_world(40);
  reduce(state, CursorMoved{2, false});
  const ListGroup group = state.list.result.groups[0];
  const std::size_t lines = state.list.result.lines.size();
  reduce(state, GroupFolded{group.key, true});
  CHECK(state.list.result.lines.size() == lines - group.count);
  CHECK(state.list.cursor == 0);
  CHECK(cursor_issue(state) == nullptr);
  reduce(state, GroupFolded{group.key, false});
  CHECK(state.list.result.lines.size() == lines);
}

TEST_CASE("Words of bodies that are not here are found where the server says") {
  State state = make_world(5);
  reduce(state, QueryTyped{"websocket"});
  CHECK(state.list.result.rows.empty());
  REQUIRE(state.list.texts.size() == 1);
  reduce(state, TextHitsArrived{state.list.texts[0], {world_issue(3)}});
  REQUIRE(state.list.result.rows.size() == 1);
  CHECK(issue_at(state, state.list.result.rows[0]).number == 3);
}

TEST_CASE("A list of 20,000 issues takes a changed one in where it belongs") {
  State state = make_world(20'000, 9);
  reduce(state, QueryTyped{"is:open sort:title"});
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) reduce(state, random_change(state, random));
  CHECK(describe_derived(state) == derived_from_nothing(state));
}

TEST_CASE("An answer that a later change overtook is passed over") {
  State state = make_world(1);
  Issue newer = state.entities.issues[0];
  newer.version = 5;
  newer.title = "Newer";
  reduce(state, IssuesArrived{{newer}});
  Issue older = newer;
  older.version = 4;
  older.title = "Older";
  reduce(state, IssuesArrived{{older}});
  CHECK(state.entities.issues[0].title == "Newer");
}

TEST_CASE("A saved view that looks for words has a number only when the server's hits are known") {
  State state = make_world(20);
  IssuesPatched titles{{{world_issue(3), {}}}, world_now};
  titles.edits[0].patch.title = "A quokka sits there";
  reduce(state, titles);
  SavedView view;
  view.id = SavedViewId{world_uuid(900)};
  view.name = "Quokkas";
  view.query = "quokka";
  reduce(state, ViewSaved{std::nullopt, view});
  CHECK(view_count(state, view.id) == 0);
  reduce(state, TextHitsArrived{"quokka", {world_issue(3), world_issue(4)}});
  CHECK(view_count(state, view.id) == 2);
}

TEST_CASE("History is told in sentences, dates as people write them, and what was brought in as imported") {
  State state = make_world(5);
  const IssueId id = world_issue(2);
  const auto entry = [&](AuditAction action, EntityType type, std::string before, std::string after) {
    AuditEntry made;
    made.action = action;
    made.entity_type = type;
    made.entity_id = id.uuid;
    made.old_values = std::move(before);
    made.new_values = std::move(after);
    made.created_at = find_issue(state.entities, id)->created_at;
    return made;
  };
  using enum AuditAction;
  AuditEntry imported = entry(create, EntityType::issue, "", "{}");
  imported.created_at.unix_ms += 3 * 60'000;
  reduce(
      state,
      ActivityArrived{id,
                      {entry(create, EntityType::issue, "", "{}"),
                       imported,
                       entry(create, EntityType::git_integration, "", "{}"),
                       entry(update, EntityType::issue, "{}", R"({"description":"x"})"),
                       entry(update, EntityType::issue, R"({"dueDate":null})", R"({"dueDate":"2026-11-27"})"),
                       entry(remove, EntityType::issue, "", "")}});
  std::vector<std::string> lines;
  for (const ActivityLine& line : activity_lines(state, id)) lines.push_back(line.text);
  CHECK(lines == std::vector<std::string>{"created this",
                                          "imported this",
                                          "added a git link",
                                          "edited the description",
                                          "changed due date: none → Fri 27 Nov 2026",
                                          "moved this to the trash"});
}

TEST_CASE("A device is named by its browser and system") {
  CHECK(device_label("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 "
                     "Safari/537.36") == "Chromium on Linux");
  CHECK(device_label("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0") ==
        "Firefox on Windows");
  CHECK(
      device_label("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 "
                   "Mobile/15E148 Safari/604.1") == "Safari on iPhone");
  CHECK(device_label("curl/8.5.0") == "curl");
  CHECK(device_label("") == "Unknown device");
}

TEST_CASE("Titles are told as what happened") {
  CHECK(told("Add comment") == "Added comment");
  CHECK(told("Create project “Relay”") == "Created project “Relay”");
  CHECK(told("Set priority: High") == "Set priority: High");
  CHECK(told("Created “x”") == "Created “x”");
}

}  // namespace dits::web::test
