// Writes that are made to wait for one another.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "server/service/issue_changes.hpp"
#include "server/service/write_groups.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/service_world.hpp"

namespace dits::test {

inline constexpr Statement which_transaction{"test_which_transaction", "SELECT pg_current_xact_id()::text"};
inline constexpr Statement which_backend{"test_which_backend", "SELECT pg_backend_pid()"};

inline Issue titled(std::string title) {
  Issue draft;
  draft.title = std::move(title);
  return draft;
}

inline Label label_named(std::string name) {
  Label draft;
  draft.name = std::move(name);
  return draft;
}

// However slow the machine is, all of a test's writes come in time.
inline void allow_long_groups(ServiceWorld& world) {
  world.context().write_groups =
      std::make_shared<WriteGroups>(WriteGroupLimits{60, std::chrono::seconds(60), std::chrono::seconds(60)});
}

// Until `count` writes wait for their turn.
inline void await_waiting(ServiceWorld& world, std::size_t count) {
  REQUIRE(comes_true([&] { return world.context().write_groups->waiting() == count; }));
}

inline std::string transaction_of(AuditedTransaction& work) {
  return std::string(ServiceWorld::must(work.transaction().run(which_transaction))[0].text(0));
}

// What a write was told, and in which transaction it was.
struct Step {
  std::string transaction;
  Result<void> done;
};

inline Step write_titled(ServiceWorld& world, const Viewer& viewer, const std::string& title) {
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

inline std::string titles(ServiceWorld& world, const Viewer& viewer) {
  return world.database().ask_as_owner(
      "SELECT string_agg(title, ',' ORDER BY number) FROM issues WHERE user_id = '" +
      to_string(viewer.user_id) + "'");
}

// Round trips and commands since the last call.
inline std::pair<std::uint64_t, std::uint64_t> traffic_since(ServiceWorld& world) {
  static thread_local Traffic last;
  const Traffic now = world.database().database().traffic();
  const std::pair<std::uint64_t, std::uint64_t> since{now.round_trips - last.round_trips,
                                                      now.commands - last.commands};
  last = now;
  return since;
}

}  // namespace dits::test
