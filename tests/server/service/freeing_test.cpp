// Deleting when the disk is full: what a statement brings along counts against the room that is set aside,
// and much is deleted some at a time, as one step of undo.
#include <memory>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "server/base/disk_space.hpp"
#include "server/service/history.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "tests/support/needs.hpp"
#include "tests/support/service_world.hpp"
#include "tests/support/small_disk.hpp"

namespace dits {
namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20U;

// A database whose disk seems to have 24 MB left, where deletions leave 16.
struct CrampedWorld {
  CrampedWorld() {
    PoolOptions options = world.database().pool_options();
    options.disk = std::make_shared<DiskSpace>(disk.path());
    database = std::make_unique<PooledDatabase>(std::move(options), StatementLog{});
    context.emplace(ServiceContext{*database, world.clock(), *bus});
  }

  // Of the viewer, with a label and a text each.
  std::vector<IssueBulkStep> add_issues(const Viewer& viewer, int count, std::size_t text_bytes) {
    world.database().run_as_owner(
        "INSERT INTO issues (user_id, id, number, title, description, priority, status_id, position) SELECT "
        "'" +
        to_string(viewer.user_id) + "', gen_random_uuid(), n, 'Issue ' || n, repeat('x', " +
        std::to_string(text_bytes) + "), 'LOW', '" + to_string(world.status_named(viewer, "Backlog")) +
        "', n FROM generate_series(1, " + std::to_string(count) +
        ") AS n; UPDATE user_counters SET last_issue_number = " + std::to_string(count));
    const std::string ids = ask("SELECT string_agg(id::text, ' ' ORDER BY number) FROM issues");
    std::vector<IssueBulkStep> steps;
    for (std::size_t at = 0; at < ids.size(); at += 37) {
      steps.emplace_back().id = IssueId{world.must(parse_uuid(ids.substr(at, 36)))};
      steps.back().action = IssueAction::remove;
    }
    return steps;
  }

  std::string ask(const std::string& sql) { return world.database().ask_as_owner(sql); }
  std::int64_t head(const Viewer& viewer) {
    return world.must(list_audit_logs(world.context(), viewer, {}, newest_change, 1)).changes[0].change_id;
  }

  test::SmallDisk disk{24};
  test::ServiceWorld world;
  std::unique_ptr<EventBus> bus = make_local_event_bus();
  std::unique_ptr<PooledDatabase> database;
  std::optional<ServiceContext> context;
};

}  // namespace

TEST_CASE("a statement that would take the room set aside is refused, though there is room now") {
  if (test::lacks(test::Need::small_disk)) return;
  CrampedWorld cramped;
  const Viewer viewer = cramped.world.add_viewer("a@example.org");
  const auto write = [&](std::size_t bytes) -> Result<Rows> {
    Transaction transaction =
        TRY(cramped.database->begin(Actor::of_user(viewer.user_id), Access::freeing_write));
    return transaction.run_computed("long", "SELECT length($1)", std::vector<Param>{std::string(bytes, 'x')});
  };
  CHECK(write(megabyte));
  const Result<Rows> refused = write(4 * megabyte);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == "disk_full");
}

TEST_CASE("issues with long texts are deleted together on a disk with little room, and come back together") {
  if (test::lacks(test::Need::small_disk)) return;
  CrampedWorld cramped;
  const Viewer viewer = cramped.world.add_viewer("a@example.org");
  const std::vector<IssueBulkStep> steps = cramped.add_issues(viewer, 40, 400'000);
  CHECK(cramped.world.must(change_issues(*cramped.context, viewer, steps)).size() == 40);
  CHECK(cramped.ask("SELECT count(*) FROM issues WHERE deleted_at IS NOT NULL") == "40");
  cramped.world.check_gapless(viewer);
  cramped.world.must(undo_change(cramped.world.context(), viewer, cramped.head(viewer)));
  CHECK(cramped.ask("SELECT count(*) FROM issues WHERE deleted_at IS NOT NULL") == "0");
}

TEST_CASE("a label that very many issues have is deleted some issues at a time, as one step of undo") {
  CrampedWorld cramped;
  test::ServiceWorld& world = cramped.world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Label draft;
  draft.name = "bug";
  const Label label = world.must(create_label(world.context(), viewer, draft));
  cramped.add_issues(viewer, 600, 10);
  world.database().run_as_owner(
      "INSERT INTO issue_labels (user_id, issue_id, label_id) SELECT i.user_id, i.id, l.id FROM issues i, "
      "labels l");
  world.must(remove_label(world.context(), viewer, label.id));
  CHECK(cramped.ask("SELECT count(*) FROM issue_labels") == "0");
  CHECK(
      cramped.ask("SELECT count(*) || ' ' || count(DISTINCT group_id) FROM audit_logs WHERE group_id IS NOT "
                  "NULL") == "601 1");
  std::uint64_t readings = 0;
  for (const StatementFigures& figures : world.database().database().statement_stats().all()) {
    if (figures.name == "find_issues") readings = figures.calls;
  }
  CHECK(readings == 3);
  world.check_gapless(viewer);
  world.must(undo_change(world.context(), viewer, cramped.head(viewer)));
  CHECK(cramped.ask("SELECT count(*) FROM issue_labels") == "600");
  CHECK(world.must(get_label(world.context(), viewer, label.id)).deleted_at == std::nullopt);
}

}  // namespace dits
