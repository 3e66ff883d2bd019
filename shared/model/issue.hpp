// An issue: one task, bug or idea, and the rules it keeps wherever it is changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class Priority : std::uint8_t {
  none,
  low,
  medium,
  high,
  urgent
};                                            // ascending, so that >= means "at least"
std::string_view name_of(Priority priority);  // "NO_PRIORITY", "LOW", "MEDIUM", "HIGH", "URGENT"
Result<Priority> priority_from_name(std::string_view name);

constexpr std::size_t max_title_code_points = 500;
constexpr std::size_t max_description_bytes = std::size_t{512} * 1024;  // GitHub bodies of 228 KB must fit

struct Issue {
  IssueId id;
  std::int64_t number = 0;  // per user, shown as #128
  std::string title;
  std::string description;  // markdown; empty and `has_description` false in list rows that did not read it
  Priority priority = Priority::none;
  StatusId status_id;
  ProjectId project_id;     // unset: none
  AreaId area_id;           // unset: none
  IssueId parent_issue_id;  // unset: none
  std::optional<Date> start_date;
  std::optional<Date> due_date;
  std::optional<Timestamp> completed_at;
  double position = 0;             // manual order within a list; lower first
  std::vector<LabelId> label_ids;  // sorted, no duplicates
  std::string metadata = "{}";     // JSON object
  std::int64_t version = 1;        // grows by one with every change; If-Match compares it
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
  bool has_description = true;
};

// Only what is set changes. An unset id inside an optional clears the reference; an inner nullopt clears the
// date.
struct IssuePatch {
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<Priority> priority;
  std::optional<StatusId> status_id;
  std::optional<ProjectId> project_id;
  std::optional<AreaId> area_id;
  std::optional<IssueId> parent_issue_id;
  std::optional<std::optional<Date>> start_date;
  std::optional<std::optional<Date>> due_date;
  std::optional<double> position;
  std::optional<std::vector<LabelId>> label_ids;
  std::optional<std::string> metadata;

  bool is_empty() const;
  friend bool operator==(const IssuePatch&, const IssuePatch&) = default;
};

// What PATCH asks for: a patch, labels to add and take away beside it (they win over the patch's own list),
// and whether a move that the workflow does not allow is meant.
struct IssueUpdate {
  IssuePatch patch;
  std::vector<LabelId> add_label_ids;
  std::vector<LabelId> remove_label_ids;
  bool override_transitions = false;
  friend bool operator==(const IssueUpdate&, const IssueUpdate&) = default;
};

enum class IssueAction : std::uint8_t { update, remove, restore };

// One step of a bulk change.
struct IssueBulkStep {
  IssueId id;
  std::optional<std::int64_t> version;  // when given, the step is refused if the issue has another one
  IssueAction action = IssueAction::update;
  IssueUpdate update;  // with IssueAction::update
};
constexpr std::size_t max_bulk_steps = 10000;
// Of title, description and metadata, in all issues together, when one change is made to many.
constexpr std::size_t max_bulk_text_bytes = std::size_t{32} * 1024 * 1024;

// Applies the change. `completed_at`, `version` and `updated_at` are the caller's.
void apply(const IssueUpdate& update, Issue& issue);
void apply(const IssuePatch& patch, Issue& issue);
// The rule of completed_at: an issue whose status is closed has one, `now` unless it has one already; any
// other has none.
void apply_completion(Issue& issue, bool is_closed, Timestamp now);

// What a patch would put back what another patch changed: the inverse of `patch` on `before`.
IssuePatch inverse_of(const IssuePatch& patch, const Issue& before);

// Title 1..500 code points in one line, description at most 512 KiB, dates in order, all text storable.
// Errors: invalid.
Result<void> validate(const Issue& issue);

}  // namespace dits
