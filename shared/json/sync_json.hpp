// What GET /sync answers: everything a user has, or the changes since a change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/area.hpp"
#include "shared/model/audit.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"
#include "shared/model/relation.hpp"
#include "shared/model/saved_view.hpp"
#include "shared/model/user.hpp"
#include "shared/model/workflow.hpp"

namespace dits {

// One page. The first has everything and the first issues; those that follow have issues only.
struct SyncSnapshot {
  std::int64_t change_id = 0;  // ask for the changes since this one after the last page
  std::string log;             // which log that is of; only on the first page
  std::optional<User> user;
  std::vector<Project> projects;
  std::vector<Area> areas;
  std::vector<Label> labels;
  std::vector<Workflow> workflows;
  std::vector<SavedView> views;
  std::vector<IssueRelation> relations;
  std::vector<GitIntegration> git_integrations;
  std::vector<Issue> issues;  // without descriptions
  std::string next_cursor;    // empty: this was the last page
};

std::string sync_snapshot_to_text(const SyncSnapshot& snapshot);
// Issues are read one by one without a tree of all of them. Errors: invalid.
Result<SyncSnapshot> sync_snapshot_from_text(std::string_view text);

struct SyncChanges {
  std::int64_t change_id = 0;  // of the last change here, or of the log's head when there is none
  std::vector<AuditEntry> changes;
  bool has_more = false;
};

std::string sync_changes_to_text(const SyncChanges& changes);
Result<SyncChanges> sync_changes_from_text(std::string_view text);

// The data of one server-sent event.
Result<AuditEntry> audit_entry_from_text(std::string_view text);

}  // namespace dits
