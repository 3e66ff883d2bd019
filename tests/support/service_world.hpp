// What service tests stand in: a database of their own, a clock that is set by hand, and accounts with their
// defaults.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "server/cache/event_bus.hpp"
#include "server/cache/key_value.hpp"
#include "server/service/context.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/project.hpp"
#include "shared/model/workflow.hpp"
#include "tests/support/test_database.hpp"

namespace dits::test {

// Begins at 2026-02-02T09:00:00Z and moves on by a millisecond with each look, so that times differ.
class TestClock : public Clock {
 public:
  Timestamp now() override { return Timestamp{++now_ms_}; }
  std::uint64_t random_bits() override { return system_clock().random_bits(); }
  std::string random_bytes(std::size_t count) override { return system_clock().random_bytes(count); }

  void move_by(std::chrono::milliseconds time) { now_ms_ += time.count(); }

 private:
  std::atomic<std::int64_t> now_ms_ = 1770022800000;
};

class ServiceWorld {
 public:
  ServiceWorld();

  ServiceContext& context() { return context_; }
  TestDatabase& database() { return database_; }
  TestClock& clock() { return clock_; }

  // A new account with its Default Workflow.
  Viewer add_viewer(const std::string& email);

  // The value of a Result; ends the test with its message when it is an error.
  template <typename T>
  static T must(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(result).value();
  }
  static void must(const Result<void>& result) {
    if (!result) fail(result.error());
  }

  // Made and read back through the services.
  Issue add_issue(const Viewer& viewer, const std::string& title);
  Project add_project(const Viewer& viewer, const std::string& name);
  // A workflow of the project's own: Idea, and Live, which is closed.
  Workflow add_own_workflow(const Viewer& viewer, ProjectId project_id);
  StatusId status_named(const Viewer& viewer, const std::string& name);
  // Ends the test unless change_id runs from 1 to the head without a gap.
  void check_gapless(const Viewer& viewer);

 private:
  [[noreturn]] static void fail(const Error& error);

  TestDatabase database_;
  TestClock clock_;
  std::unique_ptr<EventBus> event_bus_;
  std::unique_ptr<KeyValue> cache_;
  StatsCache stats_;
  ServiceContext context_;
};

}  // namespace dits::test
