// Writes that share a commit, when one waits too long, the connection goes, or many come.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "server/service/idempotency.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/write_group_world.hpp"

using namespace dits;
using namespace dits::test;
using namespace std::chrono_literals;

TEST_CASE("a group that has lost its connection is answered so, stores nothing, and the next write goes on") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  Step second;
  std::jthread thread;
  Result<std::int64_t> head = std::int64_t{0};
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    const std::string backend = std::string(world.must(first.transaction().run(which_backend))[0].text(0));
    thread = std::jthread([&, backend] {
      AuditedTransaction work = world.must(AuditedTransaction::join(world.context(), viewer));
      world.database().run_as_owner("SELECT pg_terminate_backend(" + backend + ", 5000)");
      const Result<Issue> created = IssueChanges(work).create(titled("Second"));
      second.done = created ? Result<void>() : Result<void>(created.error());
    });
    await_waiting(world, 1);
    world.must(IssueChanges(first).create(titled("First")));
    head = first.commit();
  }
  thread.join();
  REQUIRE_FALSE(second.done);
  CHECK(second.done.error().kind == "database_away");
  REQUIRE_FALSE(head);
  CHECK(head.error().kind == "database_away");
  world.add_issue(viewer, "Third");
  CHECK(titles(world, viewer) == "Third");
  world.check_gapless(viewer);
}

TEST_CASE("a commit without an answer is told to all who share it") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  world.database().run_as_owner(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; "
      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON issues DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
      "EXECUTE FUNCTION die()");
  Step second;
  std::jthread thread;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    thread = std::jthread([&] { second = write_titled(world, viewer, "Second"); });
    await_waiting(world, 1);
    world.must(IssueChanges(first).create(titled("First")));
    const Result<std::int64_t> head = first.commit();
    REQUIRE_FALSE(head);
    CHECK(head.error().kind == "commit_unknown");
  }
  thread.join();
  REQUIRE_FALSE(second.done);
  CHECK(second.done.error().kind == "commit_unknown");
  world.database().run_as_owner("DROP FUNCTION die() CASCADE");
  world.add_issue(viewer, "Third");
  CHECK(titles(world, viewer) == "Third");
  world.check_gapless(viewer);
}

TEST_CASE("who waits for its turn too long is refused; the one who has it, and those behind, are not") {
  ServiceWorld world;
  world.context().write_groups = std::make_shared<WriteGroups>(WriteGroupLimits{60, 60s, 50ms});
  const Viewer viewer = world.add_viewer("a@example.org");
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    Step second;
    std::jthread([&] { second = write_titled(world, viewer, "Second"); }).join();
    REQUIRE_FALSE(second.done);
    CHECK(second.done.error().kind == "timeout");
    CHECK(second.done.error().code == ErrorCode::unavailable);
    world.must(IssueChanges(first).create(titled("First")));
    world.must(first.commit());
  }
  world.add_issue(viewer, "Third");
  CHECK(titles(world, viewer) == "First,Third");
  world.check_gapless(viewer);
}

TEST_CASE("a group grows to its limit; who comes then shares the next one") {
  ServiceWorld world;
  world.context().write_groups = std::make_shared<WriteGroups>(WriteGroupLimits{2, 60s, 60s});
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<Step> steps(3);
  std::vector<std::jthread> threads;
  AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
  const std::string transaction = transaction_of(first);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    threads.emplace_back([&, i] { steps[i] = write_titled(world, viewer, std::to_string(i)); });
    await_waiting(world, i + 1);
  }
  world.must(first.commit());
  threads.clear();
  CHECK(steps[0].transaction == transaction);
  CHECK(steps[1].transaction != transaction);
  CHECK(steps[2].transaction == steps[1].transaction);
  CHECK(titles(world, viewer) == "0,1,2");
}

TEST_CASE("users do not wait for one another") {
  ServiceWorld world;
  const Viewer anna = world.add_viewer("a@example.org");
  const Viewer berta = world.add_viewer("b@example.org");
  const AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), anna));
  world.add_issue(berta, "Hers");
  CHECK(titles(world, berta) == "Hers");
}

TEST_CASE("each member of a group keeps its own idempotency key, with what it made itself") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    for (std::size_t i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        const std::string name = "k" + std::to_string(i);
        const OnceRequest once{viewer.user_id, name, [&] { return Result<std::string>(name); }};
        const auto request = [&]() -> Result<KeptAnswer> {
          TRY(create_issue(world.context(), viewer, titled(name)));
          // The answer is not kept yet: this is what a server that dies now leaves behind.
          return KeptAnswer{
              201,
              "text/plain",
              "{}",
              world.database().ask_as_owner(
                  "SELECT status || (body::jsonb ->> 'title') FROM idempotency_keys WHERE key = '" + name +
                  "'")};
        };
        const Result<OnceAnswer> answer = run_once(world.context(), once, request);
        if (!answer || answer->answer.body != "201" + name) ++failures;
        const Result<OnceAnswer> again = run_once(world.context(), once, request);
        if (!again || !again->is_repeat || again->answer.body != "201" + name) ++failures;
      });
      await_waiting(world, i + 1);
    }
    world.must(first.commit());
  }
  threads.clear();
  CHECK(failures == 0);
  CHECK(titles(world, viewer) == "k0,k1,k2,k3");
  world.check_gapless(viewer);
}

TEST_CASE("many writers of one user, through two servers, with refused ones between: no gap, nothing lost") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  ServiceContext other = world.context();
  other.write_groups = std::make_shared<WriteGroups>();
  const Issue shared = world.add_issue(viewer, "Shared");
  constexpr int writers = 6;
  constexpr int rounds = 25;
  std::atomic<int> wrong = 0;
  std::atomic<int> won = 0;  // changes of the shared issue
  std::mutex mutex;
  std::set<std::string> made;
  const auto write = [&](int writer) {
    ServiceContext& context = writer % 2 == 0 ? world.context() : other;
    for (int round = 0; round < rounds; ++round) {
      const std::string title = std::to_string(writer) + "/" + std::to_string(round);
      const Result<Issue> created = create_issue(context, viewer, titled(title));
      if (!created || created->title != title) {
        ++wrong;
        continue;
      }
      {
        const std::lock_guard lock(mutex);
        if (!made.insert(std::to_string(created->number) + " " + title).second) ++wrong;
      }
      Issue clash = titled("clash");
      clash.id = created->id;
      const Result<Issue> taken = create_issue(context, viewer, clash);
      if (taken || taken.error().kind != "id_taken") ++wrong;
      const Result<Issue> empty = create_issue(context, viewer, titled(""));
      if (empty || empty.error().code != ErrorCode::invalid) ++wrong;
      const Issue now = ServiceWorld::must(get_issue(context, viewer, {shared.id, 0}));
      IssueUpdate update;
      update.patch.title = title;
      const Result<IssueAnswer> changed = update_issue(context, viewer, {shared.id, 0}, update, now.version);
      if (!changed) ++wrong;
      if (changed && !changed->is_version_mismatch) {
        ++won;
        if (changed->issue.title != title || changed->issue.version != now.version + 1) ++wrong;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < writers; ++writer) threads.emplace_back(write, writer);
  }
  CHECK(wrong == 0);
  CHECK(made.size() == writers * rounds);
  const std::string user = "'" + to_string(viewer.user_id) + "'";
  std::string expected;
  for (const std::string& issue : made) expected += (expected.empty() ? "" : ",") + issue;
  CHECK(world.database().ask_as_owner(
            "SELECT string_agg(number || ' ' || title, ',' ORDER BY (number || ' ' || title) "
            "COLLATE \"C\") FROM issues WHERE number > 1 AND user_id = " +
            user) == expected);
  CHECK(world.must(get_issue(world.context(), viewer, {shared.id, 0})).version == 1 + won);
  CHECK(world.database().ask_as_owner("SELECT count(*) FROM audit_logs WHERE entity_id = '" +
                                      to_string(shared.id) + "'") == std::to_string(1 + won));
  world.check_gapless(viewer);
}
