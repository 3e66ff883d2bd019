// How issues flow, out of the log: held against what the moves were.
#include "server/service/insights.hpp"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "server/service/history.hpp"
#include "server/service/trash.hpp"
#include "server/service/workflows.hpp"
#include "shared/json/insights_json.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;

namespace {

// The clock begins at 2026-02-02T09:00Z.
class Days {
 public:
  Days() : viewer_(world_.add_viewer("a@example.org")) {}

  ServiceWorld& world() { return world_; }
  const Viewer& viewer() const { return viewer_; }
  void sleep(int hours) { world_.clock().move_by(std::chrono::hours(hours)); }
  Issue add(const std::string& title) { return world_.add_issue(viewer_, title); }
  void move(const Issue& issue, const std::string& status) {
    IssueUpdate update;
    update.patch.status_id = world_.status_named(viewer_, status);
    world_.must(update_issue(world_.context(), viewer_, {issue.id, 0}, update, std::nullopt));
  }
  Insights look(std::string_view query = "", std::int64_t days = 30, const char* zone = "UTC") {
    return world_.must(get_insights(world_.context(), viewer_, query, days, std::string_view(zone)));
  }
  // The last `count` days of a status.
  std::vector<std::int64_t> last(const Insights& insights, const std::string& status, std::size_t count) {
    const StatusId id = world_.status_named(viewer_, status);
    for (const Insights::StatusDays& days : insights.statuses) {
      if (days.status_id == id) return tail(days.counts, count);
    }
    return std::vector<std::int64_t>(count);
  }
  static std::vector<std::int64_t> tail(const std::vector<std::int64_t>& all, std::size_t count) {
    return {all.end() - static_cast<std::ptrdiff_t>(count), all.end()};
  }

 private:
  ServiceWorld world_;
  Viewer viewer_;
};

using Counts = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("each day has the issues in the status they ended it with") {
  Days days;
  const Issue first = days.add("First");
  const Issue second = days.add("Second");
  days.sleep(24);
  days.move(first, "To Do");
  days.move(first, "In Progress");
  days.sleep(24);
  days.add("Third");
  days.sleep(24);
  days.move(first, "Done");
  days.move(second, "In Progress");
  days.sleep(24);
  const Insights seen = days.look();
  CHECK(to_string(seen.to) == "2026-02-06");
  CHECK(to_string(seen.from) == "2026-01-08");
  CHECK(days.last(seen, "Backlog", 6) == Counts{0, 2, 1, 2, 1, 1});
  CHECK(days.last(seen, "To Do", 6) == Counts{0, 0, 0, 0, 0, 0});
  CHECK(days.last(seen, "In Progress", 6) == Counts{0, 0, 1, 1, 1, 1});
  CHECK(days.last(seen, "Done", 6) == Counts{0, 0, 0, 0, 1, 1});
  CHECK(Days::tail(seen.created, 6) == Counts{0, 2, 0, 1, 0, 0});
  CHECK(Days::tail(seen.completed, 6) == Counts{0, 0, 0, 0, 1, 0});
  CHECK(seen.recent.size() == 56);
  CHECK(seen.total == 3);
  CHECK(seen.open == 2);
  CHECK(seen.working_total == 1);
  CHECK(seen.finished_total == 1);
  REQUIRE(seen.finished.size() == 1);
  CHECK(seen.finished[0].number == first.number);
  CHECK(seen.finished[0].cycle_days == doctest::Approx(2).epsilon(0.001));
  CHECK(seen.finished[0].lead_days == doctest::Approx(3).epsilon(0.001));
  REQUIRE(seen.working.size() == 1);
  CHECK(seen.working[0].number == second.number);
  CHECK(to_string(seen.working[0].since).substr(0, 10) == "2026-02-05");
}

TEST_CASE("issues of a status that is gone by now are counted on the days when they had it") {
  Days days;
  const Issue issue = days.add("Issue");
  days.move(issue, "In Review");
  const Workflow workflow = days.world().must(list_workflows(days.world().context(), days.viewer())).at(0);
  const StatusId review = days.world().status_named(days.viewer(), "In Review");
  days.sleep(24);
  WorkflowPatch patch;
  patch.statuses = workflow.statuses;
  std::erase_if(*patch.statuses, [&](const Status& status) { return status.id == review; });
  const std::vector<StatusReplacement> replacements = {
      {review, days.world().status_named(days.viewer(), "In Progress")}};
  days.world().must(update_workflow(days.world().context(), days.viewer(), workflow.id, patch, replacements));
  const Insights seen = days.look();
  const auto gone = std::ranges::find(seen.statuses, review, &Insights::StatusDays::status_id);
  REQUIRE(gone != seen.statuses.end());
  CHECK(Days::tail(gone->counts, 2) == Counts{1, 0});
  CHECK(days.last(seen, "In Progress", 2) == Counts{0, 1});
}

TEST_CASE("a workflow whose statuses are called otherwise has its own that are worked on") {
  Days days;
  const Project project = days.world().add_project(days.viewer(), "Site");
  Workflow own;
  own.name = "Own";
  own.project_id = project.id;
  for (const char* name : {"Idee", "In Arbeit", "Fertig"}) {
    own.statuses.emplace_back();
    own.statuses.back().name = name;
  }
  own.statuses.back().is_closed = true;
  days.world().must(create_workflow(days.world().context(), days.viewer(), own));
  Issue draft;
  draft.title = "Seite";
  draft.project_id = project.id;
  const Issue issue = days.world().must(create_issue(days.world().context(), days.viewer(), draft));
  CHECK(days.look().working_total == 0);
  days.move(issue, "In Arbeit");
  const Issue other = days.add("Other");
  days.move(other, "To Do");
  const Insights seen = days.look();
  CHECK(seen.working_total == 1);
  REQUIRE(seen.working.size() == 1);
  CHECK(seen.working[0].number == issue.number);
}

TEST_CASE("a day is one of the zone that is asked for") {
  Days days;
  days.sleep(14);  // 23:00Z
  days.add("Late");
  CHECK(Days::tail(days.look("", 30, "UTC").created, 1) == Counts{1});
  days.sleep(2);
  CHECK(Days::tail(days.look("", 30, "UTC").created, 2) == Counts{1, 0});
  CHECK(Days::tail(days.look("", 30, "+02:00").created, 2) == Counts{0, 1});
  CHECK_FALSE(get_insights(days.world().context(), days.viewer(), "", 30, std::string_view("Nowhere/Else")));
}

TEST_CASE("what is reopened counts as it was each day, and work begins but once") {
  Days days;
  const Issue issue = days.add("Again");
  days.move(issue, "In Progress");
  days.sleep(24);
  days.move(issue, "Done");
  days.sleep(24);
  days.move(issue, "In Progress");
  days.sleep(24);
  const Insights open = days.look();
  CHECK(days.last(open, "Done", 4) == Counts{0, 1, 0, 0});
  CHECK(days.last(open, "In Progress", 4) == Counts{1, 0, 1, 1});
  CHECK(open.finished.empty());
  REQUIRE(open.working.size() == 1);
  CHECK(to_string(open.working[0].since).substr(0, 10) == "2026-02-02");
  days.move(issue, "Done");
  const Insights done = days.look();
  REQUIRE(done.finished.size() == 1);
  CHECK(done.finished[0].cycle_days == doctest::Approx(3).epsilon(0.001));
}

TEST_CASE("what was created in work has been in work from then on") {
  Days days;
  Issue draft;
  draft.title = "Begun";
  draft.status_id = days.world().status_named(days.viewer(), "In Progress");
  const Issue begun = days.world().must(create_issue(days.world().context(), days.viewer(), draft));
  days.sleep(48);
  days.move(begun, "In Review");
  days.sleep(24);
  const Insights seen = days.look();
  REQUIRE(seen.working.size() == 1);
  CHECK(to_string(seen.working[0].since).substr(0, 10) == "2026-02-02");
  days.move(begun, "Done");
  const Insights done = days.look();
  REQUIRE(done.finished.size() == 1);
  CHECK(done.finished[0].started_at);
  CHECK(done.finished[0].cycle_days == doctest::Approx(3).epsilon(0.001));
}

TEST_CASE("an imported issue counts from its creation, and was in the first status until it was completed") {
  Days days;
  days.add("Here");
  const std::string done = to_string(days.world().status_named(days.viewer(), "Done"));
  days.world().database().run_as_owner(
      "INSERT INTO issues (user_id, id, number, title, status_id, created_at, completed_at) "
      "SELECT user_id, gen_random_uuid(), 77, 'Imported', '" +
      done + "', '2026-01-20T12:00Z', '2026-01-30T12:00Z' FROM issues");
  const Insights seen = days.look();
  REQUIRE(seen.finished.size() == 1);
  CHECK(seen.finished[0].started_at == std::nullopt);
  CHECK(seen.finished[0].cycle_days == doctest::Approx(10));
  CHECK(days.last(seen, "Backlog", 16) == Counts{0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1});
  CHECK(days.last(seen, "Done", 5) == Counts{0, 1, 1, 1, 1});
  CHECK(Days::tail(seen.completed, 4) == Counts{1, 0, 0, 0});
}

TEST_CASE("only the account's issues that fit the query and are not in the trash count") {
  Days days;
  const Issue gone = days.add("Gone");
  days.add("Bug of the day");
  days.add("Other");
  const Viewer other = days.world().add_viewer("b@example.org");
  days.world().add_issue(other, "Bug of somebody else");
  days.world().must(remove_issue(days.world().context(), days.viewer(), {gone.id, 0}, std::nullopt));
  CHECK(days.look().total == 2);
  CHECK(days.look("is:deleted").total == 0);
  CHECK(days.look("bug").total == 1);
  CHECK(days.look("status:backlog number:>1").total == 2);
  CHECK_FALSE(get_insights(days.world().context(), days.viewer(), "nosuch:1", 30, std::string_view("UTC")));
}

TEST_CASE("what a forged log says is no reason to fail") {
  Days days;
  const Issue issue = days.add("Here");
  days.world().database().run_as_owner(
      "INSERT INTO audit_logs (user_id, change_id, action, entity_type, entity_id, old_values, new_values, "
      "created_at) "
      "SELECT user_id, 900 + n, 'UPDATE', 'issue', id, '{\"statusId\": \"no id\"}', v::jsonb, created_at "
      "FROM issues, unnest(ARRAY['{\"statusId\": 7}', '{\"statusId\": null}', '{\"statusId\": {}}']) WITH "
      "ORDINALITY AS x (v, n)");
  CHECK(days.look().total == 1);
  CHECK(days.last(days.look(), "Backlog", 2) == Counts{0, 1});
  CHECK(issue.number == 1);
}
