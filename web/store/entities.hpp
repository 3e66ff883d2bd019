// Everything the user owns, in memory: issues in one vector with indexes beside it, so that 100,000 of them
// are searched within a frame.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/time.hpp"
#include "shared/model/area.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/audit.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/label.hpp"
#include "shared/model/project.hpp"
#include "shared/model/relation.hpp"
#include "shared/model/saved_view.hpp"
#include "shared/model/status_kind.hpp"
#include "shared/model/workflow.hpp"

namespace dits::web {

// A place in Entities::issues. It stays with its issue as long as the page lives.
using Slot = std::uint32_t;
constexpr Slot no_slot = 0xFFFFFFFF;

// What lists ask of an issue many times, kept beside it and brought up to date with every change.
struct IssueFacts {
  std::string folded_title;
  std::uint16_t open_blockers = 0;  // open issues that block this one
  std::uint16_t blocks_open = 0;    // open issues that this one blocks
  std::uint16_t children = 0;       // sub-issues that are not deleted
  std::uint16_t closed_children = 0;
  StatusKind kind = StatusKind::todo;
  std::uint8_t smart = 0;   // bits of SmartView
  std::uint8_t git = 0;     // bits of GitFlag
  std::uint32_t views = 0;  // bit n: it is in the n-th saved view
  bool is_closed = false;
  bool is_pending = false;  // a write of it waits to be sent
};

enum SmartView : std::uint8_t {
  smart_inbox = 1,
  smart_today = 2,
  smart_desk = 4,
  smart_done_today = 8,
  smart_upcoming = 16,
  smart_next = 32,
  smart_logbook = 64
};
enum GitFlag : std::uint8_t { git_branch = 1, git_pull_request = 2, git_commit = 4 };

// The other end of a relation as seen from one issue.
struct RelationEnd {
  RelationId id;
  RelationType type =
      RelationType::relates_to;  // as this issue sees it: BLOCKED_BY when the other one blocks it
  Slot other = no_slot;
};

// Id -> slot by open addressing: 4 bytes an issue and no allocation per entry.
class SlotIndex {
 public:
  Slot find(const std::vector<Issue>& issues, IssueId id) const;
  void insert(const std::vector<Issue>& issues, Slot slot);
  void clear();

 private:
  void grow(const std::vector<Issue>& issues);
  std::vector<Slot> buckets_;
  std::size_t used_ = 0;
};

struct Entities {
  std::vector<Issue> issues;      // a purged issue leaves a hole: its id is not set
  std::vector<IssueFacts> facts;  // same length
  SlotIndex by_id;
  std::vector<Slot> by_number;                                       // index = number
  std::unordered_map<Slot, std::vector<Slot>> children;              // parent -> sub-issues, in no order
  std::unordered_map<Slot, std::vector<RelationEnd>> relation_ends;  // both ends of every relation

  std::vector<Project> projects;
  std::vector<Area> areas;
  std::vector<Label> labels;
  std::vector<Workflow> workflows;
  std::vector<SavedView> views;
  std::vector<IssueRelation> relations;

  // Loaded when an issue is opened; absent: not asked for yet.
  std::unordered_map<IssueId, std::vector<Comment>, IdHash> comments;
  std::unordered_map<IssueId, std::vector<Attachment>, IdHash> attachments;
  std::unordered_map<IssueId, std::vector<GitIntegration>, IdHash> git_links;
  std::unordered_map<IssueId, std::vector<AuditEntry>, IdHash> activity;  // newest first
};

// Look-ups answer nullptr (or no_slot) for what is not there. Deleted ones are found too: see deleted_at.
Slot find_slot(const Entities& entities, IssueId id);
Slot find_slot(const Entities& entities, std::int64_t number);
// The highest number that an issue has, deleted ones included; 0 without issues.
std::int64_t last_number(const Entities& entities);
const Issue* find_issue(const Entities& entities, IssueId id);
const Issue* find_issue(const Entities& entities, std::int64_t number);
const Project* find_project(const Entities& entities, ProjectId id);
const Area* find_area(const Entities& entities, AreaId id);
const Label* find_label(const Entities& entities, LabelId id);
const Workflow* find_workflow(const Entities& entities, WorkflowId id);
const Status* find_status(const Entities& entities, StatusId id);
const SavedView* find_view(const Entities& entities, SavedViewId id);

// The workflow that holds for an issue: its project's own, or the one for all projects. nullptr only before
// the first sync.
const Workflow* workflow_for(const Entities& entities, ProjectId project_id);

inline StatusKind status_kind(const Status& status) {
  return dits::status_kind(status.name, status.is_closed);
}

}  // namespace dits::web
