// Writes of one user that arrive together: one commit for all, and each as if it were alone.
#include "server/service/write_groups.hpp"

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
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;
using namespace std::chrono_literals;

namespace {

constexpr Statement which_transaction{"test_which_transaction", "SELECT pg_current_xact_id()::text"};
constexpr Statement which_backend{"test_which_backend", "SELECT pg_backend_pid()"};

Issue titled(std::string title) {
  Issue draft;
  draft.title = std::move(title);
  return draft;
}

Label label_named(std::string name) {
  Label draft;
  draft.name = std::move(name);
  return draft;
}

// However slow the machine is, all of a test's writes come in time.
void allow_long_groups(ServiceWorld& world) {
  world.context().write_groups = std::make_shared<WriteGroups>(WriteGroupLimits{60, 60s, 60s});
}

// Until `count` writes wait for their turn.
void await_waiting(ServiceWorld& world, std::size_t count) {
  REQUIRE(dits::test::comes_true([&] { return world.context().write_groups->waiting() == count; }));
}

std::string transaction_of(AuditedTransaction& work) {
  return std::string(ServiceWorld::must(work.transaction().run(which_transaction))[0].text(0));
}

// What a write was told, and in which transaction it was.
struct Step {
  std::string transaction;
  Result<void> done;
};

Step write_titled(ServiceWorld& world, const Viewer& viewer, const std::string& title) {
  Result<AuditedTransaction> work = AuditedTransaction::join(world.context(), viewer);
  if (!work) return {"", work.error()};
  Step step{transaction_of(*work), {}};
  if (Result<Issue> created = IssueChanges(*work).create(titled(title)); !created) {
    step.done = created.error();
    return step;
  }
  if (Result<std::int64_t> head = work->commit(); !head) step.done = head.error();
  return step;
}

std::string titles(ServiceWorld& world, const Viewer& viewer) {
  return world.database().ask_as_owner(
      "SELECT string_agg(title, ',' ORDER BY number) FROM issues WHERE user_id = '" +
      to_string(viewer.user_id) + "'");
}

// Round trips and commands since the last call.
std::pair<std::uint64_t, std::uint64_t> traffic_since(ServiceWorld& world) {
  static thread_local Traffic last;
  const Traffic now = world.database().database().traffic();
  const std::pair<std::uint64_t, std::uint64_t> since{now.round_trips - last.round_trips,
                                                      now.commands - last.commands};
  last = now;
  return since;
}

}  // namespace

TEST_CASE("writes that wait for one another share its transaction, and its commit answers them all") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  std::vector<Step> steps(3);
  std::vector<std::jthread> threads;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    const std::string transaction = transaction_of(first);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      threads.emplace_back([&, i] { steps[i] = write_titled(world, viewer, "Later " + std::to_string(i)); });
      await_waiting(world, i + 1);
    }
    world.must(IssueChanges(first).create(titled("First")));
    world.must(first.commit());
    threads.clear();
    for (const Step& step : steps) {
      CHECK(step.done);
      CHECK(step.transaction == transaction);
    }
  }
  CHECK(titles(world, viewer) == "First,Later 0,Later 1,Later 2");
  world.check_gapless(viewer);
}

TEST_CASE("one that is refused leaves the others alone, whoever it is") {
  for (const int refused : {0, 1, 2}) {
    CAPTURE(refused);
    ServiceWorld world;
    allow_long_groups(world);
    const Viewer viewer = world.add_viewer("a@example.org");
    const Issue taken = world.add_issue(viewer, "Taken");
    std::vector<Step> steps(2);
    std::vector<std::jthread> threads;
    const auto draft = [&](int number) {
      Issue issue = titled("Issue " + std::to_string(number));
      if (number == refused) issue.id = taken.id;  // PostgreSQL refuses it
      return issue;
    };
    {
      AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
      for (int i = 1; i <= 2; ++i) {
        threads.emplace_back([&, i] {
          AuditedTransaction work = world.must(AuditedTransaction::join(world.context(), viewer));
          Step& step = steps[static_cast<std::size_t>(i - 1)];
          if (Result<Issue> created = IssueChanges(work).create(draft(i)); !created) {
            step.done = created.error();
            return;
          }
          if (Result<std::int64_t> head = work.commit(); !head) step.done = head.error();
        });
        await_waiting(world, static_cast<std::size_t>(i));
      }
      Result<Issue> created = IssueChanges(first).create(draft(0));
      CHECK(created.has_value() == (refused != 0));
      if (created) world.must(first.commit());
    }
    threads.clear();
    for (int i = 1; i <= 2; ++i) {
      const Result<void>& done = steps[static_cast<std::size_t>(i - 1)].done;
      CHECK(done.has_value() == (i != refused));
      if (!done) CHECK(done.error().kind == "id_taken");
    }
    std::string expected = "Taken";
    for (int i = 0; i <= 2; ++i) {
      if (i != refused) expected += ",Issue " + std::to_string(i);
    }
    CHECK(titles(world, viewer) == expected);
    world.check_gapless(viewer);
  }
}

TEST_CASE(
    "of writes that go out together, the one that PostgreSQL refuses is told why, and the others are "
    "stored") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue taken = world.add_issue(viewer, "Taken");
  constexpr std::size_t refused = 2;
  std::vector<Result<Issue>> answers(5, Result<Issue>(Issue{}));
  std::vector<std::jthread> threads;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer, Turn::deferred));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        Issue draft = titled(std::to_string(i));
        if (i == refused) draft.id = taken.id;
        // The second one reads, and so sends what was kept before it.
        if (i == 1) {
          IssueUpdate update;
          update.patch.title = draft.title;
          const Result<IssueAnswer> updated =
              update_issue(world.context(), viewer, {taken.id, 0}, update, std::nullopt);
          answers[i] = updated ? Result<Issue>(updated->issue) : Result<Issue>(updated.error());
        } else {
          answers[i] = create_issue(world.context(), viewer, draft);
        }
      });
      await_waiting(world, i + 1);
    }
    world.must(IssueChanges(first).create(titled("First")));
    world.must(first.commit());  // it went out before the one that was refused
  }
  threads.clear();
  std::set<std::int64_t> numbers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CAPTURE(i);
    REQUIRE(answers[i].has_value() == (i != refused));
    if (i == refused) {
      CHECK(answers[i].error().kind == "id_taken");
      continue;
    }
    const Issue stored = world.must(get_issue(world.context(), viewer, {answers[i]->id, 0}));
    CHECK(stored.title == std::to_string(i));
    CHECK(stored.number == answers[i]->number);
    numbers.insert(stored.number);
  }
  CHECK(numbers == std::set<std::int64_t>{1, 3, 4, 5});
  world.check_gapless(viewer);
}

TEST_CASE("changes of one issue that go out together build on one another; If-Match sees them") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  const Issue issue = world.add_issue(viewer, "Before");
  std::vector<Result<IssueAnswer>> answers(4, Result<IssueAnswer>(IssueAnswer{}));
  std::vector<std::jthread> threads;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      threads.emplace_back([&, i] {
        IssueUpdate update;
        if (i < 2) update.patch.title = std::to_string(i);
        if (i >= 2) update.patch.description = std::to_string(i);
        // The third one asks for the version that the second one leaves, the fourth for an old one.
        const std::optional<std::int64_t> version = i == 2   ? std::optional<std::int64_t>(3)
                                                    : i == 3 ? std::optional<std::int64_t>(2)
                                                             : std::nullopt;
        const IssueKey key = i % 2 == 0 ? IssueKey{issue.id, 0} : IssueKey{{}, issue.number};
        answers[i] = update_issue(world.context(), viewer, key, update, version);
      });
      await_waiting(world, i + 1);
    }
    world.must(first.commit());
  }
  threads.clear();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CAPTURE(i);
    const IssueAnswer answer = world.must(answers[i]);
    CHECK(answer.is_version_mismatch == (i == 3));
    CHECK(answer.issue.version == std::int64_t(std::min<std::size_t>(i, 2)) + 2);
  }
  const Issue after = world.must(get_issue(world.context(), viewer, {issue.id, 0}));
  CHECK(after.title == "1");
  CHECK(after.description == "2");
  CHECK(after.version == 4);
  world.check_gapless(viewer);
}

TEST_CASE("writes of different kinds and of the same issues that go out together keep their order") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  const LabelId one = world.must(create_label(world.context(), viewer, label_named("one"))).id;
  const LabelId two = world.must(create_label(world.context(), viewer, label_named("two"))).id;
  const Issue left = world.add_issue(viewer, "Left");
  const Issue right = world.add_issue(viewer, "Right");
  struct Asked {
    const Issue* issue;  // null: a new one
    std::string title;
    std::vector<LabelId> labels;
    std::optional<Priority> priority = std::nullopt;
  };
  const std::vector<Asked> asked = {{&left, "L1", {one}},
                                    {nullptr, "New 1", {one, two}},
                                    {&right, "R1", {}, Priority::low},
                                    {&left, "L2", {two}},
                                    {nullptr, "New 2", {}},
                                    {&left, "L3", {}, Priority::urgent},
                                    {&right, "R2", {one, two}},
                                    {nullptr, "New 3", {two}}};
  std::atomic<int> failures = 0;
  std::vector<std::jthread> threads;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      threads.emplace_back([&, i] {
        const Asked& ask = asked[i];
        if (ask.issue == nullptr) {
          Issue draft = titled(ask.title);
          draft.label_ids = ask.labels;
          failures += create_issue(world.context(), viewer, draft) ? 0 : 1;
        } else {
          IssueUpdate update;
          update.patch.title = ask.title;
          update.patch.label_ids = ask.labels;
          update.patch.priority = ask.priority;
          failures += update_issue(world.context(), viewer, {ask.issue->id, 0}, update, std::nullopt) ? 0 : 1;
        }
      });
      await_waiting(world, i + 1);
    }
    traffic_since(world);
    world.must(first.commit());
  }
  threads.clear();
  CHECK(failures == 0);
  // One at a time they would be 33.
  CHECK(traffic_since(world).second <= 27);
  const Issue left_now = world.must(get_issue(world.context(), viewer, {left.id, 0}));
  CHECK(left_now.title == "L3");
  CHECK(left_now.label_ids.empty());
  CHECK(left_now.priority == Priority::urgent);
  CHECK(left_now.version == 4);
  const Issue right_now = world.must(get_issue(world.context(), viewer, {right.id, 0}));
  CHECK(right_now.title == "R2");
  CHECK(right_now.label_ids == std::vector<LabelId>{one, two});
  CHECK(right_now.priority == Priority::low);
  CHECK(right_now.version == 3);
  CHECK(titles(world, viewer) == "L3,R2,New 1,New 2,New 3");
  CHECK(
      world.database().ask_as_owner("SELECT string_agg(l.name, ',' ORDER BY i.number, l.name) FROM issues i "
                                    "JOIN issue_labels USING (user_id) JOIN labels l ON l.id = label_id "
                                    "WHERE issue_id = i.id AND i.title LIKE 'New %'") == "one,two,two");
  CHECK(world.database().ask_as_owner(
            "SELECT string_agg(new_values ->> 'title', ',' ORDER BY change_id) FROM audit_logs "
            "WHERE entity_type = 'issue'") == "Left,Right,L1,New 1,R1,L2,New 2,L3,R2,New 3");
  world.check_gapless(viewer);
}

TEST_CASE("what is remembered between writes is dropped when anybody changes it") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  ServiceContext other = world.context();
  other.write_groups = std::make_shared<WriteGroups>();
  for (ServiceContext* const changing : {&world.context(), &other}) {
    const Label label = world.must(create_label(*changing, viewer, label_named("bug")));
    Issue draft = titled("Labelled");
    draft.label_ids = {label.id};
    world.must(create_issue(world.context(), viewer, draft));  // remembers the label
    world.must(create_issue(world.context(), viewer, draft));
    world.must(remove_label(*changing, viewer, label.id));
    const Result<Issue> refused = create_issue(world.context(), viewer, draft);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid);
  }
  world.check_gapless(viewer);
}

TEST_CASE("a write keeps to its budget of round trips and statements, alone and together") {
  ServiceWorld world;
  allow_long_groups(world);
  const Viewer viewer = world.add_viewer("a@example.org");
  Issue draft = titled("Labelled");
  draft.label_ids = {world.must(create_label(world.context(), viewer, label_named("one"))).id,
                     world.must(create_label(world.context(), viewer, label_named("two"))).id};
  const Issue issue = world.must(create_issue(world.context(), viewer, draft));
  IssueUpdate update;
  update.patch.status_id = world.status_named(viewer, "Done");

  traffic_since(world);
  world.must(create_issue(world.context(), viewer, draft));
  // BEGIN, actor, counters; savepoint, issue with labels, audit row with the new counters, COMMIT.
  CHECK(traffic_since(world) == std::pair<std::uint64_t, std::uint64_t>{2, 7});
  world.must(update_issue(world.context(), viewer, {issue.id, 0}, update, std::nullopt));
  // The issue is read in between.
  CHECK(traffic_since(world) == std::pair<std::uint64_t, std::uint64_t>{3, 8});

  constexpr std::size_t others = 4;
  std::vector<std::jthread> threads;
  std::atomic<int> failures = 0;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer, Turn::deferred));
    for (std::size_t i = 0; i < others; ++i) {
      threads.emplace_back([&] { failures += create_issue(world.context(), viewer, draft) ? 0 : 1; });
      await_waiting(world, i + 1);
    }
    world.must(IssueChanges(first).create(draft));
    world.must(first.commit());
  }
  threads.clear();
  // The issues of all are one statement, and their changes another.
  CHECK(traffic_since(world) == std::pair<std::uint64_t, std::uint64_t>{2, 7});
  std::vector<Issue> issues;
  for (std::int64_t number = 1; number <= std::int64_t(others); ++number)
    issues.push_back(world.must(get_issue(world.context(), viewer, {{}, number})));
  traffic_since(world);
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer, Turn::deferred));
    for (std::size_t i = 0; i < others; ++i) {
      threads.emplace_back([&, i] {
        IssueUpdate renamed;
        renamed.patch.priority = Priority::urgent;
        failures += update_issue(world.context(), viewer, {issues[i].id, 0}, renamed, std::nullopt) ? 0 : 1;
      });
      await_waiting(world, i + 1);
    }
    world.must(IssueChanges(first).create(draft));
    world.must(first.commit());
  }
  threads.clear();
  // The issues of all are read at once, which sends the first write; the others have a savepoint behind it.
  CHECK(traffic_since(world) == std::pair<std::uint64_t, std::uint64_t>{3, 3 + 1 + 2 + 1 + 2 + 2 + 1});
  CHECK(failures == 0);
}

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
