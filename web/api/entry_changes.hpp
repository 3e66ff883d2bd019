// From entries of the audit log to changes of the state.
#pragma once

#include <unordered_map>
#include <vector>

#include "shared/model/audit.hpp"
#include "web/store/change.hpp"

namespace dits::web {

// Issues are gathered, so that ten entries of one issue are one change; other nouns are told at once.
class EntryChanges {
 public:
  explicit EntryChanges(const State& state) : state_(state) {}

  void add_issue(const AuditEntry& entry);
  // What was gathered since the last call.
  std::vector<Change> take();
  // `state` must have seen all entries before this one.
  std::vector<Change> noun_changes(const AuditEntry& entry) const;

 private:
  const State& state_;
  std::vector<IssueId> order_;
  std::unordered_map<IssueId, Issue, IdHash> issues_;
  std::vector<IssueId> gone_;
};

}  // namespace dits::web
