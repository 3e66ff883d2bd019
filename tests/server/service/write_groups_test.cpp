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
#include "tests/support/write_group_world.hpp"

using namespace dits;
using namespace dits::test;
using namespace std::chrono_literals;

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
