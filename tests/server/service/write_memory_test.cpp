// What writes of one user that arrive together know of one another and of their user's names, and who is told
// when no turn comes.
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/service/issue_changes.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/write_groups.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/service_world.hpp"

using namespace dits;
using dits::test::ServiceWorld;
using namespace std::chrono_literals;

namespace {

Issue titled(std::string title) {
  Issue draft;
  draft.title = std::move(title);
  return draft;
}

void await_waiting(ServiceWorld& world, std::size_t count) {
  REQUIRE(dits::test::comes_true([&] { return world.context().write_groups->waiting() == count; }));
}

}  // namespace

TEST_CASE("a change of what PostgreSQL writes in its own way is read again by the change behind it") {
  for (const bool asks_for_old : {false, true}) {
    CAPTURE(asks_for_old);
    ServiceWorld world;
    world.context().write_groups = std::make_shared<WriteGroups>(WriteGroupLimits{60, 60s, 60s});
    const Viewer viewer = world.add_viewer("a@example.org");
    const Issue issue = world.add_issue(viewer, "Before");
    std::vector<Result<IssueAnswer>> answers(2, Result<IssueAnswer>(IssueAnswer{}));
    std::vector<std::jthread> threads;
    {
      AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        threads.emplace_back([&, i] {
          IssueUpdate update;
          if (i == 0) update.patch.metadata = R"({"x": 1})";
          if (i == 0) update.patch.priority = Priority::urgent;
          if (i == 1) update.patch.title = "After";
          const std::optional<std::int64_t> version =
              i == 1 && asks_for_old ? std::optional(issue.version) : std::nullopt;
          answers[i] = update_issue(world.context(), viewer, {issue.id, 0}, update, version);
        });
        await_waiting(world, i + 1);
      }
      world.must(first.commit());
    }
    threads.clear();
    CHECK_FALSE(world.must(answers[0]).is_version_mismatch);
    CHECK(world.must(answers[1]).is_version_mismatch == asks_for_old);
    const Issue stored = world.must(get_issue(world.context(), viewer, {issue.id, 0}));
    CHECK(stored.priority == Priority::urgent);
    CHECK(stored.metadata.find("\"x\"") != std::string::npos);
    CHECK(stored.title == (asks_for_old ? "Before" : "After"));
    CHECK(stored.version == issue.version + (asks_for_old ? 1 : 2));
    world.check_gapless(viewer);
  }
}

TEST_CASE("a name that is changed past the server is asked for again once that was told") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Label draft;
  draft.name = "bug";
  const Label label = world.must(create_label(world.context(), viewer, draft));
  Issue labelled = titled("Labelled");
  labelled.label_ids = {label.id};
  world.must(create_issue(world.context(), viewer, labelled));
  world.must(create_issue(world.context(), viewer, labelled));  // remembers it
  world.database().run_as_owner("UPDATE labels SET deleted_at = now() WHERE id = '" + to_string(label.id) +
                                "'");
  world.context().write_groups->forget_names(viewer.user_id);
  const Result<Issue> refused = create_issue(world.context(), viewer, labelled);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid);
}

TEST_CASE("of one user only so many wait; who comes then is told at once") {
  ServiceWorld world;
  WriteGroupLimits limits{60, 60s, 60s};
  limits.waiting = 1;
  world.context().write_groups = std::make_shared<WriteGroups>(limits);
  const Viewer viewer = world.add_viewer("a@example.org");
  Result<Issue> second = Issue{};
  std::jthread thread;
  {
    AuditedTransaction first = world.must(AuditedTransaction::join(world.context(), viewer));
    thread = std::jthread([&] { second = create_issue(world.context(), viewer, titled("Second")); });
    await_waiting(world, 1);
    const Result<Issue> third = create_issue(world.context(), viewer, titled("Third"));
    REQUIRE_FALSE(third);
    CHECK(third.error().code == ErrorCode::unavailable);
    CHECK(third.error().kind == "busy");
    world.must(first.commit());
  }
  thread.join();
  CHECK(second);
}

TEST_CASE("when no transaction can be begun, all who wait are told so, and the next one tries anew") {
  ServiceWorld world;
  const Viewer viewer = world.add_viewer("a@example.org");
  Viewer nobody = viewer;
  nobody.user_id = UserId();
  const Result<Issue> refused = create_issue(world.context(), nobody, titled("Nobody's"));
  REQUIRE_FALSE(refused);
  CHECK(world.context().write_groups->waiting() == 0);
  const Result<Issue> again = create_issue(world.context(), nobody, titled("Nobody's"));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == refused.error().code);
  world.add_issue(viewer, "Somebody's");
}
