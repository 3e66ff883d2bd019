#include "shared/model/issue.hpp"

#include <algorithm>
#include <cmath>

#include "shared/core/names.hpp"
#include "shared/model/checks.hpp"

namespace dits {

namespace {

constexpr Names<5> priority_names = {"NO_PRIORITY", "LOW", "MEDIUM", "HIGH", "URGENT"};

}  // namespace

std::string_view name_of(Priority priority) { return name_in(priority_names, priority); }
Result<Priority> priority_from_name(std::string_view name) {
  return value_in<Priority>(priority_names, name, "priority");
}

bool IssuePatch::is_empty() const {
  return !title && !description && !priority && !status_id && !project_id && !area_id && !parent_issue_id &&
         !start_date && !due_date && !position && !label_ids && !metadata;
}

void apply(const IssuePatch& patch, Issue& issue) {
  if (patch.title) issue.title = *patch.title;
  if (patch.description) {
    issue.description = *patch.description;
    issue.has_description = true;
  }
  if (patch.priority) issue.priority = *patch.priority;
  if (patch.status_id) issue.status_id = *patch.status_id;
  if (patch.project_id) issue.project_id = *patch.project_id;
  if (patch.area_id) issue.area_id = *patch.area_id;
  if (patch.parent_issue_id) issue.parent_issue_id = *patch.parent_issue_id;
  if (patch.start_date) issue.start_date = *patch.start_date;
  if (patch.due_date) issue.due_date = *patch.due_date;
  if (patch.position) issue.position = *patch.position;
  if (patch.label_ids) {
    issue.label_ids = *patch.label_ids;
    std::sort(issue.label_ids.begin(), issue.label_ids.end());
    issue.label_ids.erase(std::unique(issue.label_ids.begin(), issue.label_ids.end()), issue.label_ids.end());
  }
  if (patch.metadata) issue.metadata = *patch.metadata;
}

void apply(const IssueUpdate& update, Issue& issue) {
  apply(update.patch, issue);
  std::vector<LabelId>& labels = issue.label_ids;
  labels.insert(labels.end(), update.add_label_ids.begin(), update.add_label_ids.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  const auto is_removed = [&](const LabelId& id) {
    return std::find(update.remove_label_ids.begin(), update.remove_label_ids.end(), id) !=
           update.remove_label_ids.end();
  };
  labels.erase(std::remove_if(labels.begin(), labels.end(), is_removed), labels.end());
}

void apply_completion(Issue& issue, bool is_closed, Timestamp now) {
  if (!is_closed) {
    issue.completed_at.reset();
  } else if (!issue.completed_at) {
    issue.completed_at = now;
  }
}

IssuePatch inverse_of(const IssuePatch& patch, const Issue& before) {
  IssuePatch inverse;
  if (patch.title) inverse.title = before.title;
  if (patch.description) inverse.description = before.description;
  if (patch.priority) inverse.priority = before.priority;
  if (patch.status_id) inverse.status_id = before.status_id;
  if (patch.project_id) inverse.project_id = before.project_id;
  if (patch.area_id) inverse.area_id = before.area_id;
  if (patch.parent_issue_id) inverse.parent_issue_id = before.parent_issue_id;
  if (patch.start_date) inverse.start_date = before.start_date;
  if (patch.due_date) inverse.due_date = before.due_date;
  if (patch.position) inverse.position = before.position;
  if (patch.label_ids) inverse.label_ids = before.label_ids;
  if (patch.metadata) inverse.metadata = before.metadata;
  return inverse;
}

Result<void> validate(const Issue& issue) {
  Refusals refusals;
  check_name(refusals, "title", issue.title, max_title_code_points);
  check_long_text(refusals, "description", issue.description, max_description_bytes);
  check_order(refusals, "dueDate", issue.start_date, issue.due_date);
  if (!std::isfinite(issue.position)) refusals.add("position", "Must be a finite number");
  if (issue.parent_issue_id.is_set() && issue.parent_issue_id == issue.id) {
    refusals.add("parentIssueId", "An issue cannot be its own parent");
  }
  return refusals.result();
}

}  // namespace dits
