// A made-up state without a screen: a workflow, projects, labels, and as many issues as a test wants, the
// same for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "web/store/change.hpp"
#include "web/store/state.hpp"

namespace dits::web::test {

constexpr Timestamp world_now{1'784'016'300'000};  // Tuesday 2026-07-14T08:05:00Z

Uuid world_uuid(std::uint64_t number);
StatusId world_status(int at);  // 0 Backlog, 1 To Do, 2 In Progress, 3 In Review, 4 Done
IssueId world_issue(std::int64_t number);
ProjectId world_project(int at);  // 0, 1
LabelId world_label(int at);      // 0 bug, 1 sync, 2 docs

// Everything but issues.
SnapshotBegan world_snapshot();
// Issue `number` with random fields.
Issue random_issue(std::int64_t number, std::mt19937& random);
// Signed in and synced, with issues 1 to `count`, on the list of all issues.
State make_world(int count, std::uint32_t seed = 1);
// A change of data that the state allows.
Change random_change(const State& state, std::mt19937& random);

// Everything about the issues that must agree between two states, as text that can be compared and read.
std::string describe_issues(const State& state);
// Facts, counts and the list.
std::string describe_derived(const State& state);

}  // namespace dits::web::test
