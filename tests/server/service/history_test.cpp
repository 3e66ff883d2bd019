// The audit log: gapless under concurrency, and undone by its own inverse.
#include "server/service/history.hpp"

#include <thread>

#include <doctest/doctest.h>

#include "server/service/issue_parts.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/trash.hpp"
#include "server/service/workflows.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

IssueKey key_of(const Issue& issue) { return {issue.id, 0}; }

Issue set_title(ServiceWorld& world, const Viewer& viewer, const Issue& issue, const std::string& title) {
  IssueUpdate update;
  update.patch.title = title;
  return world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt)).issue;
}

std::int64_t head_of(ServiceWorld& world, const Viewer& viewer) {
  return world.must(list_audit_logs(world.context(), viewer, {}, newest_change, 1)).changes.at(0).change_id;
}

}  // namespace

TEST_CASE("change_id has no gap when eight threads write, some of them in vain") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Shared");
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 10; ++i) {
        Issue draft;
        draft.title = i % 5 == 4 ? "" : "Issue " + std::to_string(thread);
        const Result<Issue> made = create_issue(world.context(), viewer, draft);
        static_cast<void>(made);
        IssueUpdate update;
        update.patch.priority = static_cast<Priority>((thread + i) % 5);
        const Result<IssueAnswer> changed =
            update_issue(world.context(), viewer, key_of(issue), update, std::nullopt);
        static_cast<void>(changed);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  world.check_gapless(viewer);
  CHECK(world.database().ask_as_owner(
            "SELECT count(*) || ' ' || count(DISTINCT number) || ' ' || max(number) FROM issues") ==
        "65 65 65");
}

TEST_CASE("undo puts the old values back, and undoing that does it again") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Old");
  set_title(world, viewer, issue, "New");
  const SyncChanges undone = world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(undone.changes.size() == 1);
  CHECK(world.must(get_issue(world.context(), viewer, key_of(issue))).title == "Old");
  world.must(undo_change(world.context(), viewer, undone.change_id));
  const Issue again = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(again.title == "New");
  CHECK(again.version == 4);
  world.check_gapless(viewer);
}

TEST_CASE("undo is refused when the same field was changed since, and not for another field") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Old");
  set_title(world, viewer, issue, "New");
  const std::int64_t change = head_of(world, viewer);
  IssueUpdate update;
  update.patch.priority = Priority::high;
  world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt));
  set_title(world, viewer, issue, "Newer");
  CHECK(undo_change(world.context(), viewer, change).error().kind == "undo_conflict");
  set_title(world, viewer, issue, "New");
  world.must(undo_change(world.context(), viewer, change));
  const Issue now = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(now.title == "Old");
  CHECK(now.priority == Priority::high);
}

TEST_CASE("what a forged log says was removed is brought back only when a request could have made it") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Here");
  const std::string status = to_string(issue.status_id);
  const std::string id = "0199c1f2-dead-7000-8000-00000000beef";
  const auto with_issue = [&](const std::string& title, const std::string& number) {
    return R"({"id":")" + id + R"(","title":")" + title + R"(","number":)" + number + R"(,"statusId":")" +
           status + R"(","version":1})";
  };
  const std::pair<const char*, std::string> forged[] = {
      {"issue", with_issue("", "1")},
      {"issue", with_issue(std::string(501, 'x'), "1")},
      {"issue", with_issue("far ahead", "900")},
      {"issue", with_issue("below one", "-1")},
      {"issue", with_issue("zero", "0")},
      {"label", R"({"id":")" + id + R"(","name":"","color":"#112233"})"},
      {"label", R"({"id":")" + id + R"(","name":"x","color":"red"})"},
      {"comment", R"({"id":")" + id + R"(","issueId":")" + to_string(issue.id) + R"(","body":""})"},
      {"saved_view", R"({"id":")" + id + R"(","name":""})"},
      {"project", R"({"id":")" + id + R"(","name":""})"},
      {"issue_relation",
       R"({"id":")" + id + R"(","sourceId":")" + to_string(issue.id) + R"(","targetId":")" +
           to_string(issue.id) + R"(","relationType":"BLOCKS"})"},
  };
  for (const auto& [type, values] : forged) {
    CAPTURE(values);
    world.database().run_as_owner(
        "WITH head AS (UPDATE user_counters SET last_change_id = last_change_id + 1 RETURNING user_id, "
        "last_change_id) INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, "
        "old_values) "
        "SELECT user_id, last_change_id, 'DELETE', '" +
        std::string(type) + "', '" + id + "', '" + values + "' FROM head");
    const auto undone = undo_change(world.context(), viewer, head_of(world, viewer));
    REQUIRE_FALSE(undone);
    CHECK(undone.error().code != ErrorCode::internal);
  }
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM issues") == "1");
  CHECK(world.add_issue(viewer, "Next").number == 2);
}

TEST_CASE("undo brings back the time of completion") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Task");
  IssueUpdate update;
  update.patch.status_id = world.status_named(viewer, "Done");
  const Issue done =
      world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt)).issue;
  update.patch.status_id = world.status_named(viewer, "To Do");
  world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt));
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(world.must(get_issue(world.context(), viewer, key_of(issue))).completed_at == done.completed_at);
}

TEST_CASE("undoing the deletion of a project with its own workflow brings its issues back into it") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Project project = world.add_project(viewer, "Site");
  const Workflow own = world.add_own_workflow(viewer, project.id);
  std::vector<Issue> issues;
  for (int i = 0; i < 3; ++i) {
    Issue draft;
    draft.title = "Issue";
    draft.project_id = project.id;
    issues.push_back(world.must(create_issue(world.context(), viewer, draft)));
  }
  world.must(remove_project(world.context(), viewer, project.id));
  const SyncChanges undone = world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(undone.changes.size() == 5);
  for (const Issue& issue : issues) {
    const Issue now = world.must(get_issue(world.context(), viewer, key_of(issue)));
    CHECK(now.project_id == project.id);
    CHECK(now.status_id == own.statuses[0].id);
  }
  // And once more: the group of the undo is undone as a whole.
  world.must(undo_change(world.context(), viewer, undone.change_id));
  CHECK(world.must(get_project(world.context(), viewer, project.id)).deleted_at.has_value());
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(issues[0]))).project_id.is_set());
}

TEST_CASE("an issue that is put back into a project has the status that it had there") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Project project = world.add_project(viewer, "Site");
  Issue draft;
  draft.title = "Issue";
  draft.project_id = project.id;
  draft.status_id = world.status_named(viewer, "Done");
  const Issue issue = world.must(create_issue(world.context(), viewer, draft));
  // It keeps its status when the project gets a workflow.
  world.add_own_workflow(viewer, project.id);
  world.must(remove_project(world.context(), viewer, project.id));
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  const Issue back = world.must(get_issue(world.context(), viewer, key_of(issue)));
  CHECK(back.project_id == project.id);
  CHECK(back.status_id == issue.status_id);
  CHECK(back.completed_at == issue.completed_at);
}

TEST_CASE("undoing that a status is closed no more brings back when each of its issues was completed") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const auto complete = [&](const char* title) {
    const Issue issue = world.add_issue(viewer, title);
    IssueUpdate update;
    update.patch.status_id = world.status_named(viewer, "Done");
    return world.must(update_issue(world.context(), viewer, key_of(issue), update, std::nullopt)).issue;
  };
  const std::vector<Issue> done = {complete("a"), complete("b")};
  Workflow workflow = world.must(list_workflows(world.context(), viewer)).front();
  WorkflowPatch patch;
  patch.statuses = workflow.statuses;
  for (Status& status : *patch.statuses) {
    if (status.id == done[0].status_id) status.is_closed = false;
  }
  world.must(update_workflow(world.context(), viewer, workflow.id, patch, {}));
  const std::int64_t change = head_of(world, viewer);
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(done[0]))).completed_at);
  const Issue late = complete("of the time between");
  CHECK(!late.completed_at);
  const SyncChanges undone = world.must(undo_change(world.context(), viewer, change));
  for (const Issue& before : done)
    CHECK(world.must(get_issue(world.context(), viewer, key_of(before))).completed_at == before.completed_at);
  CHECK(world.must(get_issue(world.context(), viewer, key_of(late))).completed_at.has_value());
  // And the undo is undone.
  world.must(undo_change(world.context(), viewer, undone.changes.back().change_id));
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(done[0]))).completed_at);
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(late))).completed_at);
  world.check_gapless(viewer);
}

TEST_CASE("undoing the deletion of a label puts it back on its issues") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Label label;
  label.name = "bug";
  label = world.must(create_label(world.context(), viewer, label));
  Issue draft;
  draft.title = "Task";
  draft.label_ids = {label.id};
  const Issue issue = world.must(create_issue(world.context(), viewer, draft));
  world.must(remove_label(world.context(), viewer, label.id));
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(world.must(get_issue(world.context(), viewer, key_of(issue))).label_ids ==
        std::vector<LabelId>{label.id});
}

TEST_CASE("creation, deletion, relations and comments are undone; a purge is not") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(world.must(get_issue(world.context(), viewer, key_of(b))).deleted_at.has_value());
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(!world.must(get_issue(world.context(), viewer, key_of(b))).deleted_at);

  IssueRelation relation;
  relation.target_id = b.id;
  relation.type = RelationType::blocks;
  world.must(create_relation(world.context(), viewer, key_of(a), relation));
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(world.must(list_relations(world.context(), viewer, key_of(a))).empty());
  world.must(undo_change(world.context(), viewer, head_of(world, viewer)));
  CHECK(world.must(list_relations(world.context(), viewer, key_of(b))).size() == 1);

  Comment comment;
  comment.body = "Once said";
  world.must(create_comment(world.context(), viewer, key_of(a), comment));
  world.must(remove_issue(world.context(), viewer, key_of(a), std::nullopt));
  world.must(purge(world.context(), viewer, EntityType::issue, a.id.uuid));
  CHECK(world.must(list_relations(world.context(), viewer, key_of(b))).empty());
  const Error refused = undo_change(world.context(), viewer, head_of(world, viewer)).error();
  CHECK(refused.kind == "undo_conflict");
  CHECK(refused.message.find("deleted for ever") != std::string::npos);
  CHECK(get_issue(world.context(), viewer, key_of(a)).error().code == ErrorCode::not_found);
  world.check_gapless(viewer);
}

TEST_CASE("undoing the removal of a relation does not close a cycle") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  IssueRelation relation;
  relation.type = RelationType::blocks;
  relation.target_id = b.id;
  relation = world.must(create_relation(world.context(), viewer, key_of(a), relation));
  world.must(remove_relation(world.context(), viewer, key_of(a), relation.id));
  const std::int64_t removal = head_of(world, viewer);
  IssueRelation other_way;
  other_way.type = RelationType::blocks;
  other_way.target_id = a.id;
  world.must(create_relation(world.context(), viewer, key_of(b), other_way));
  CHECK(undo_change(world.context(), viewer, removal).error().kind == "relation_cycle");
  CHECK(world.must(list_relations(world.context(), viewer, key_of(a))).size() == 1);
}

TEST_CASE(
    "a project that is taken out of the trash has its issues again, but for those that went elsewhere") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Project draft;
  draft.name = "Site";
  const Project project = world.must(create_project(world.context(), viewer, draft));
  draft.name = "Other";
  const Project other = world.must(create_project(world.context(), viewer, draft));
  std::vector<Issue> issues;
  for (int i = 0; i < 2; ++i) {
    Issue issue;
    issue.title = "Issue";
    issue.project_id = project.id;
    issues.push_back(world.must(create_issue(world.context(), viewer, issue)));
  }
  world.must(remove_project(world.context(), viewer, project.id));
  IssueUpdate update;
  update.patch.project_id = other.id;
  world.must(update_issue(world.context(), viewer, key_of(issues[1]), update, std::nullopt));
  world.must(restore_project(world.context(), viewer, project.id));
  CHECK(world.must(get_issue(world.context(), viewer, key_of(issues[0]))).project_id == project.id);
  CHECK(world.must(get_issue(world.context(), viewer, key_of(issues[1]))).project_id == other.id);
  world.check_gapless(viewer);
}

TEST_CASE("the activity of an issue holds what happened to its relations and comments") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue a = world.add_issue(viewer, "a");
  const Issue b = world.add_issue(viewer, "b");
  IssueRelation relation;
  relation.target_id = b.id;
  world.must(create_relation(world.context(), viewer, key_of(a), relation));
  Comment comment;
  comment.body = "Said";
  world.must(create_comment(world.context(), viewer, key_of(b), comment));
  CHECK(world.must(list_activity(world.context(), viewer, key_of(a), newest_change, 10)).changes.size() == 2);
  const ChangePage of_b = world.must(list_activity(world.context(), viewer, key_of(b), newest_change, 2));
  CHECK(of_b.changes.size() == 2);
  CHECK(of_b.changes[0].entity_type == EntityType::comment);
  CHECK(world.must(list_activity(world.context(), viewer, key_of(b), of_b.next_before, 2)).changes.size() ==
        1);
}

TEST_CASE("someone else's change is not there to be undone") {
  ServiceWorld world;
  const Viewer owner = world.add_viewer("a@example.org");
  const Viewer other = world.add_viewer("b@example.org");
  world.add_issue(owner, "Mine");
  CHECK(undo_change(world.context(), other, 2).error().code == ErrorCode::not_found);
  CHECK(world.must(list_audit_logs(world.context(), other, {}, newest_change, 10)).changes.size() == 1);
}
