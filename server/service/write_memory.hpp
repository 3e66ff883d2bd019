// What the writes of a group know of their user's data without asking again. Only of use under the lock of
// the user's counters: nothing can change meanwhile but by the group's own writes.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "shared/model/issue.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

// What a path calls an issue by: its UUID or its number.
struct IssueKey {
  IssueId id;
  std::int64_t number = 0;  // when the id is not set
};

struct WriteMemory {
  // Holds from one group to the next, while the log stands where the last one left it.
  std::optional<std::vector<Workflow>> workflows;  // the live ones
  // Not in the trash.
  std::unordered_set<ProjectId, IdHash> projects;
  std::unordered_set<AreaId, IdHash> areas;
  std::unordered_set<LabelId, IdHash> labels;
  // Holds within the group: as the writes before left them.
  std::unordered_map<IssueId, Issue, IdHash> issues;
  std::unordered_map<std::int64_t, IssueId> numbers;

  void forget_names() {
    workflows.reset();
    projects.clear();
    areas.clear();
    labels.clear();
  }
  void forget_issues() {
    issues.clear();
    numbers.clear();
  }
  void forget(IssueId id) { issues.erase(id); }
  void remember(const Issue& issue) {
    numbers[issue.number] = issue.id;
    issues.insert_or_assign(issue.id, issue);
  }
  // Null when it is not known.
  const Issue* find(const IssueKey& key) const {
    IssueId id = key.id;
    if (!id.is_set()) {
      const auto numbered = numbers.find(key.number);
      if (numbered == numbers.end()) return nullptr;
      id = numbered->second;
    }
    const auto found = issues.find(id);
    return found == issues.end() ? nullptr : &found->second;
  }
};

}  // namespace dits
