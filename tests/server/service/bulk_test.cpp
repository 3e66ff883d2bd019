// A change of as many issues as one call takes: the same rules as for one, in a number of statements that
// hardly grows with theirs, and undone in one step.
#include <doctest/doctest.h>

#include "server/service/history.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "tests/support/service_world.hpp"

namespace dits {
namespace {

class Crowd {
 public:
  explicit Crowd(std::size_t count) {
    world.database().run_as_owner(
        "INSERT INTO issues (user_id, id, number, title, priority, status_id, position) SELECT '" +
        to_string(viewer.user_id) + "', gen_random_uuid(), n, 'Issue ' || n, 'LOW', '" +
        to_string(world.status_named(viewer, "Backlog")) + "', n FROM generate_series(1, " +
        std::to_string(count) + ") AS n");
    world.database().run_as_owner("UPDATE user_counters SET last_issue_number = " + std::to_string(count));
    const std::string ids =
        ask("SELECT string_agg(id::text, ' ' ORDER BY number) FROM issues WHERE number > 0");
    for (std::size_t at = 0; at < ids.size(); at += 37) {
      IssueBulkStep step;
      step.id = IssueId{world.must(parse_uuid(ids.substr(at, 36)))};
      step.version = 1;
      steps.push_back(step);
    }
    REQUIRE(steps.size() == count);
  }

  std::string ask(const std::string& sql) { return world.database().ask_as_owner(sql); }
  // Of issues for which it holds.
  std::string count_of(const std::string& condition) {
    return ask("SELECT count(*) FROM issues i WHERE " + condition);
  }

  // How many times PostgreSQL was waited for.
  template <typename Work>
  std::uint64_t round_trips_of(const Work& work) {
    const std::uint64_t before = world.database().database().traffic().round_trips;
    work();
    return world.database().database().traffic().round_trips - before;
  }

  test::ServiceWorld world;
  Viewer viewer = world.add_viewer("a@example.org");
  std::vector<IssueBulkStep> steps;
};

}  // namespace

TEST_CASE("ten thousand issues are changed in one call, some hundred statements and one step of undo") {
  Crowd crowd(max_bulk_steps);
  test::ServiceWorld& world = crowd.world;
  Project project_draft;
  project_draft.name = "Site";
  const Project project = world.must(create_project(world.context(), crowd.viewer, project_draft));
  Label label_draft;
  label_draft.name = "bug";
  const Label label = world.must(create_label(world.context(), crowd.viewer, label_draft));
  for (IssueBulkStep& step : crowd.steps) {
    step.update.patch.status_id = world.status_named(crowd.viewer, "Done");
    step.update.patch.priority = Priority::high;
    step.update.patch.project_id = project.id;
    step.update.patch.title = "Renamed";
    step.update.add_label_ids = {label.id};
    if (&step != &crowd.steps.front()) step.update.patch.parent_issue_id = crowd.steps.front().id;
  }
  const std::string all = std::to_string(max_bulk_steps);
  const std::uint64_t most = max_bulk_steps / 250 * 10 + 20;
  CHECK(crowd.round_trips_of([&] {
    CHECK(world.must(change_issues(world.context(), crowd.viewer, crowd.steps)).size() == max_bulk_steps);
  }) < most);
  const std::string is_changed =
      "priority = 'HIGH' AND project_id IS NOT NULL AND title = 'Renamed' AND version = 2 AND completed_at "
      "IS "
      "NOT NULL AND EXISTS (SELECT FROM issue_labels l WHERE l.issue_id = i.id)";
  CHECK(crowd.count_of(is_changed) == all);
  CHECK(crowd.count_of("parent_issue_id IS NOT NULL") == std::to_string(max_bulk_steps - 1));
  CHECK(crowd.ask("SELECT count(*) || ' ' || count(DISTINCT group_id) FROM audit_logs WHERE group_id IS NOT "
                  "NULL AND entity_type = 'issue'") == all + " 1");
  world.check_gapless(crowd.viewer);

  const std::int64_t last =
      world.must(list_audit_logs(world.context(), crowd.viewer, {}, newest_change, 1)).changes[0].change_id;
  CHECK(crowd.round_trips_of([&] {
    CHECK(world.must(undo_change(world.context(), crowd.viewer, last - 5000)).changes.size() ==
          max_bulk_steps);
  }) < most);
  CHECK(crowd.count_of("priority = 'LOW' AND project_id IS NULL AND parent_issue_id IS NULL AND title = "
                       "'Issue ' || number AND version = 3 AND completed_at IS NULL AND NOT EXISTS (SELECT "
                       "FROM issue_labels l WHERE l.issue_id = i.id)") == all);
  world.check_gapless(crowd.viewer);
}

TEST_CASE("of a change of many all or nothing is written, whichever portion of it is refused") {
  Crowd crowd(600);
  test::ServiceWorld& world = crowd.world;
  for (IssueBulkStep& step : crowd.steps) step.update.patch.priority = Priority::high;
  crowd.steps.back().version = 7;
  CHECK(change_issues(world.context(), crowd.viewer, crowd.steps).error().kind == "version_mismatch");
  CHECK(crowd.count_of("priority = 'LOW' AND version = 1") == "600");
  crowd.steps.back().version = 1;
  // A circle that the last portion closes.
  crowd.steps.front().update.patch.parent_issue_id = crowd.steps.back().id;
  crowd.steps.back().update.patch.parent_issue_id = crowd.steps.front().id;
  CHECK(change_issues(world.context(), crowd.viewer, crowd.steps).error().field == "parentIssueId");
  CHECK(crowd.count_of("priority = 'LOW' AND version = 1") == "600");
  world.check_gapless(crowd.viewer);
}

TEST_CASE("many that are moved to the trash together come back together, and so do parents") {
  Crowd crowd(600);
  test::ServiceWorld& world = crowd.world;
  const auto head = [&] {
    return world.must(list_audit_logs(world.context(), crowd.viewer, {}, newest_change, 1))
        .changes[0]
        .change_id;
  };
  const auto undo = [&](std::int64_t change_id) {
    return world.must(undo_change(world.context(), crowd.viewer, change_id)).changes.size();
  };
  for (IssueBulkStep& step : crowd.steps) step.action = IssueAction::remove;
  world.must(change_issues(world.context(), crowd.viewer, crowd.steps));
  CHECK(crowd.count_of("deleted_at IS NOT NULL") == "600");
  CHECK(undo(head()) == 600);
  CHECK(crowd.count_of("deleted_at IS NULL") == "600");
  CHECK(undo(head()) == 600);
  CHECK(crowd.count_of("deleted_at IS NOT NULL") == "600");
  CHECK(undo(head()) == 600);

  const auto is_below = [&](std::size_t child, std::size_t parent) {
    return crowd.count_of("id = '" + to_string(crowd.steps[child].id) + "' AND parent_issue_id = '" +
                          to_string(crowd.steps[parent].id) + "'") == "1";
  };
  const auto set_parents = [&](IssueId of_first, IssueId of_second) {
    std::vector<IssueBulkStep> steps(2);
    steps[0].id = crowd.steps[0].id;
    steps[0].update.patch.parent_issue_id = of_first;
    steps[1].id = crowd.steps[1].id;
    steps[1].update.patch.parent_issue_id = of_second;
    world.must(change_issues(world.context(), crowd.viewer, steps));
  };
  set_parents({}, crowd.steps[0].id);
  set_parents(crowd.steps[2].id, {});
  const std::int64_t both = head();
  set_parents(crowd.steps[1].id, {});
  CHECK(is_below(0, 1));
  CHECK(undo(head()) == 1);
  CHECK(is_below(0, 2));
  CHECK(undo(both) == 2);
  CHECK(is_below(1, 0));
  CHECK_FALSE(is_below(0, 2));
  world.check_gapless(crowd.viewer);
}

TEST_CASE("issues with too much beside their texts are not changed in one call") {
  Crowd crowd(600);
  test::ServiceWorld& world = crowd.world;
  crowd.world.database().run_as_owner(
      "UPDATE issues SET metadata = jsonb_build_object('x', repeat('x', 65000))");
  for (IssueBulkStep& step : crowd.steps) step.update.patch.priority = Priority::high;
  CHECK(change_issues(world.context(), crowd.viewer, crowd.steps).error().field == "issueIds");
  CHECK(crowd.count_of("priority = 'LOW' AND version = 1") == "600");
  crowd.steps.resize(400);
  CHECK(change_issues(world.context(), crowd.viewer, crowd.steps));
}

}  // namespace dits
