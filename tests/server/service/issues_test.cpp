// The rules of issues, through the services and a real database.
#include "server/service/issues.hpp"

#include <set>

#include <doctest/doctest.h>

#include "server/service/areas.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/workflows.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

IssueKey key_of(const Issue& issue) { return {issue.id, 0}; }

Result<Issue> patched(ServiceWorld& world,
                      const Viewer& viewer,
                      const Issue& issue,
                      const IssuePatch& patch) {
  IssueUpdate update;
  update.patch = patch;
  Result<IssueAnswer> answer = update_issue(world.context(), viewer, key_of(issue), update, std::nullopt);
  if (!answer) return answer.error();
  return answer->issue;
}

Result<Issue> moved(ServiceWorld& world, const Viewer& viewer, const Issue& issue, StatusId status_id) {
  IssuePatch patch;
  patch.status_id = status_id;
  return patched(world, viewer, issue, patch);
}

}  // namespace

TEST_CASE("an issue begins in the first status of the default workflow, numbered from 1") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue first = world.add_issue(viewer, "First");
  const Issue second = world.add_issue(viewer, "Second");
  CHECK(first.number == 1);
  CHECK(second.number == 2);
  CHECK(first.version == 1);
  CHECK(first.status_id == world.status_named(viewer, "Backlog"));
  const Issue read = world.must(get_issue(world.context(), viewer, world.must(parse_issue_key("2"))));
  CHECK(read.id == second.id);
  CHECK(read.title == "Second");
  world.check_gapless(viewer);
}

TEST_CASE("someone else's issue is answered like a missing one") {
  ServiceWorld world;
  const Viewer owner = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  const Issue issue = world.add_issue(owner, "Mine");
  const Result<Issue> found = get_issue(world.context(), other, key_of(issue));
  REQUIRE(!found);
  CHECK(found.error().code == ErrorCode::not_found);
  CHECK(patched(world, other, issue, {}).error().code == ErrorCode::not_found);
  IssuePatch patch;
  patch.parent_issue_id = issue.id;
  const Result<Issue> child = patched(world, other, world.add_issue(other, "Theirs"), patch);
  REQUIRE(!child);
  CHECK(child.error().field == "parentIssueId");
}

TEST_CASE("entering a closed status sets completed_at, leaving it clears it") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  const Issue done = world.must(moved(world, viewer, issue, world.status_named(viewer, "Done")));
  CHECK(done.completed_at.has_value());
  const Issue open = world.must(moved(world, viewer, done, world.status_named(viewer, "To Do")));
  CHECK(!open.completed_at);
  CHECK(open.version == 3);
}

TEST_CASE("a change with an old version changes nothing and answers the current issue") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  IssueUpdate update;
  update.patch.title = "New";
  CHECK(!world.must(update_issue(world.context(), viewer, key_of(issue), update, 1)).is_version_mismatch);
  update.patch.title = "Newer";
  const IssueAnswer answer = world.must(update_issue(world.context(), viewer, key_of(issue), update, 1));
  CHECK(answer.is_version_mismatch);
  CHECK(answer.issue.title == "New");
  CHECK(answer.issue.version == 2);
}

TEST_CASE("an issue is never its own ancestor") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  const Issue c = world.add_issue(viewer, "c");
  IssuePatch patch;
  patch.parent_issue_id = a.id;
  world.must(patched(world, viewer, b, patch));
  patch.parent_issue_id = b.id;
  world.must(patched(world, viewer, c, patch));
  patch.parent_issue_id = c.id;
  CHECK(patched(world, viewer, a, patch).error().field == "parentIssueId");
  patch.parent_issue_id = a.id;
  CHECK(patched(world, viewer, a, patch).error().field == "parentIssueId");
  CHECK(world.must(list_sub_issues(world.context(), viewer, key_of(a))).size() == 1);
}

TEST_CASE("a bulk change cannot close a circle of parents either") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  std::vector<IssueBulkStep> steps(2);
  steps[0].id = a.id;
  steps[0].update.patch.parent_issue_id = b.id;
  steps[1].id = b.id;
  steps[1].update.patch.parent_issue_id = a.id;
  CHECK(change_issues(world.context(), viewer, steps).error().field == "parentIssueId");
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(a))).parent_issue_id.is_set());
  world.check_gapless(viewer);
}

TEST_CASE("BLOCKS never closes a cycle, and a relation is seen from both ends") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  const Issue c = world.add_issue(viewer, "c");
  IssueRelation relation;
  relation.target_id = b.id;
  relation.type = RelationType::blocks;
  world.must(create_relation(world.context(), viewer, key_of(a), relation));
  relation.target_id = b.id;
  relation.type = RelationType::blocked_by;
  world.must(create_relation(world.context(), viewer, key_of(c), relation));
  relation.target_id = a.id;
  relation.type = RelationType::blocks;
  CHECK(create_relation(world.context(), viewer, key_of(c), relation).error().kind == "relation_cycle");
  relation.target_id = a.id;
  relation.type = RelationType::blocked_by;
  CHECK(create_relation(world.context(), viewer, key_of(b), relation).error().kind == "relation_exists");
  const std::vector<IssueRelation> of_b = world.must(list_relations(world.context(), viewer, key_of(b)));
  REQUIRE(of_b.size() == 2);
  CHECK(of_b[0].source_id == b.id);
  CHECK(of_b[0].type == RelationType::blocked_by);
  CHECK(of_b[0].target_id == a.id);
  CHECK(of_b[1].type == RelationType::blocks);
  world.must(remove_relation(world.context(), viewer, key_of(a), of_b[0].id));
  CHECK(world.must(list_relations(world.context(), viewer, key_of(a))).empty());
}

TEST_CASE("a move that the workflow does not allow is refused, and overridden only in so many words") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Workflow workflow = world.must(list_workflows(world.context(), viewer)).at(0);
  WorkflowPatch rules;
  rules.transitions = {{workflow.statuses[0].id, {workflow.statuses[1].id}}, {workflow.statuses[1].id, {}}};
  world.must(update_workflow(world.context(), viewer, workflow.id, rules, {}));
  const Issue issue = world.add_issue(viewer, "Task");
  CHECK(moved(world, viewer, issue, workflow.statuses[4].id).error().kind == "transition_not_allowed");
  world.must(moved(world, viewer, issue, workflow.statuses[1].id));
  CHECK(moved(world, viewer, issue, workflow.statuses[2].id).error().kind == "transition_not_allowed");
  IssueUpdate update;
  update.patch.status_id = workflow.statuses[4].id;
  update.override_transitions = true;
  world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt));
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs WHERE metadata ? 'override'") == "1");
}

TEST_CASE("dates are in order") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  IssuePatch patch;
  patch.start_date = world.must(parse_date("2026-03-02"));
  patch.due_date = world.must(parse_date("2026-03-01"));
  CHECK(patched(world, viewer, world.add_issue(viewer, "Task"), patch).error().field == "dueDate");
}

TEST_CASE("a bulk change is all or nothing and one group") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  std::vector<IssueBulkStep> steps(2);
  steps[0].id = a.id;
  steps[0].update.patch.priority = Priority::high;
  steps[1].id = b.id;
  steps[1].version = 7;
  steps[1].action = IssueAction::remove;
  CHECK(change_issues(world.context(), viewer, steps).error().kind == "version_mismatch");
  CHECK(world.must(get_issue(world.context(), viewer, key_of(a))).priority == Priority::none);
  steps[1].version = 1;
  CHECK(world.must(change_issues(world.context(), viewer, steps)).size() == 2);
  CHECK(world.must(get_issue(world.context(), viewer, key_of(a))).priority == Priority::high);
  CHECK(world.must(get_issue(world.context(), viewer, key_of(b))).deleted_at.has_value());
  CHECK(world.database().ask_as_owner(
            "SELECT count(*) || ' ' || count(DISTINCT metadata ->> 'group') FROM audit_logs "
            "WHERE metadata ? 'group'") == "2 1");
  world.check_gapless(viewer);
}

TEST_CASE("what lies in the trash is not changed, and can be purged only there") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  CHECK(purge_issue(world.context(), viewer, key_of(issue)).error().code == ErrorCode::conflict);
  world.must(remove_issue(world.context(), viewer, key_of(issue), std::nullopt));
  IssuePatch patch;
  patch.title = "New";
  CHECK(patched(world, viewer, issue, patch).error().kind == "issue_in_trash");
  CHECK(!world.must(restore_issue(world.context(), viewer, key_of(issue))).deleted_at);
  world.must(remove_issue(world.context(), viewer, key_of(issue), std::nullopt));
  world.must(purge_issue(world.context(), viewer, key_of(issue)));
  CHECK(get_issue(world.context(), viewer, key_of(issue)).error().code == ErrorCode::not_found);
}

TEST_CASE("deleting a project, area or label keeps its issues") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Project project_draft;
  project_draft.name = "Old site";
  const Project project = world.must(create_project(world.context(), viewer, project_draft));
  Area area_draft;
  area_draft.name = "Work";
  const Area area = world.must(create_area(world.context(), viewer, area_draft));
  Label label_draft;
  label_draft.name = "bug";
  const Label label = world.must(create_label(world.context(), viewer, label_draft));
  label_draft.name = "BUG";
  CHECK(create_label(world.context(), viewer, label_draft).error().kind == "name_taken");
  Issue draft;
  draft.title = "Task";
  draft.project_id = project.id;
  draft.area_id = area.id;
  draft.label_ids = {label.id};
  const Issue issue = world.must(create_issue(world.context(), viewer, draft));
  world.must(remove_project(world.context(), viewer, project.id));
  world.must(remove_area(world.context(), viewer, area.id));
  world.must(remove_label(world.context(), viewer, label.id));
  const Issue left = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(!left.project_id.is_set());
  CHECK(!left.area_id.is_set());
  CHECK(left.label_ids.empty());
  CHECK(left.version == 4);
  draft.project_id = project.id;
  CHECK(create_issue(world.context(), viewer, draft).error().field == "projectId");
  world.check_gapless(viewer);
}

TEST_CASE("a status in use is removed only together with a replacement") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  const Workflow workflow = world.must(list_workflows(world.context(), viewer)).at(0);
  WorkflowPatch patch;
  patch.statuses = workflow.statuses;
  patch.statuses->erase(patch.statuses->begin());
  CHECK(update_workflow(world.context(), viewer, workflow.id, patch, {}).error().kind == "status_in_use");
  const std::vector<StatusReplacement> replacements = {{workflow.statuses[0].id, workflow.statuses[4].id}};
  const Workflow after =
      world.must(update_workflow(world.context(), viewer, workflow.id, patch, replacements));
  CHECK(after.statuses.size() == 4);
  const Issue now = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(now.status_id == workflow.statuses[4].id);
  CHECK(now.completed_at.has_value());
}

TEST_CASE("an issue that comes into a project takes a status of the project's own workflow") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Project project = world.add_project(viewer, "Site");
  const Workflow own = world.add_own_workflow(viewer, project.id);
  const Issue issue = world.add_issue(viewer, "Task");
  CHECK(moved(world, viewer, issue, own.statuses[0].id).error().field == "statusId");
  IssuePatch patch;
  patch.project_id = project.id;
  CHECK(world.must(patched(world, viewer, issue, patch)).status_id == own.statuses[0].id);
  // The default workflow's statuses are no way around the transitions of the project's own.
  CHECK(moved(world, viewer, issue, world.status_named(viewer, "Done")).error().field == "statusId");
  const Issue live = world.must(moved(world, viewer, issue, own.statuses[1].id));
  CHECK(live.completed_at.has_value());
  world.must(remove_project(world.context(), viewer, project.id));
  const Issue left = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(left.status_id == world.status_named(viewer, "Done"));
  CHECK(left.completed_at == live.completed_at);
}

TEST_CASE("pages of a list visit each issue once, whatever the order") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  for (int i = 0; i < 23; ++i) {
    Issue draft;
    draft.title = "Issue " + std::to_string(i % 5);
    draft.priority = static_cast<Priority>(i % 3);
    if (i % 4 != 0) draft.due_date = Date{20000 + i % 7};
    world.must(create_issue(world.context(), viewer, draft));
  }
  for (const char* sort :
       {"", "-updated", "due", "-due", "priority,title", "-priority,-due,title", "status,created"}) {
    CAPTURE(sort);
    std::set<std::int64_t> seen;
    std::string cursor;
    int pages = 0;
    do {
      IssueListQuestion question;
      question.sort = sort;
      question.cursor = cursor;
      question.limit = 4;
      question.fields = "id,number";
      IssueListAnswer answer = world.must(list_issues(world.context(), viewer, question));
      for (const Issue& issue : answer.issues) CHECK(seen.insert(issue.number).second);
      cursor = answer.next_cursor;
      ++pages;
    } while (!cursor.empty() && pages < 10);
    CHECK(seen.size() == 23);
    CHECK(pages == 6);
  }
  IssueListQuestion question;
  question.cursor = "nonsense";
  CHECK(list_issues(world.context(), viewer, question).error().field == "cursor");
  question = {};
  question.query = "prioritty:high";
  CHECK(list_issues(world.context(), viewer, question).error().field == "q");
}
