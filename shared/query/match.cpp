#include "shared/query/match.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"

namespace dits::query {

bool Facts::description_contains(const Issue& issue, const TextPattern& pattern) const {
  return !issue.description.empty() && contains(fold_case(issue.description), pattern);
}

Matcher::Matcher(Plan plan, const Facts& facts) : plan_(std::move(plan)), facts_(facts) {
  look_up_numbers(plan_.root);
}

void Matcher::look_up_numbers(PlanNode& node) {
  for (PlanNode& child : node.children) look_up_numbers(child);
  if (node.kind != PlanNode::Kind::test) return;
  for (const std::int64_t number : node.test.numbers) {
    const IssueId id = facts_.issue_of_number(number);
    if (id.is_set()) node.test.ids.push_back(id.uuid);
  }
  std::sort(node.test.ids.begin(), node.test.ids.end());
}

bool Matcher::matches(const Issue& issue, std::string_view folded_title) const {
  if (issue.deleted_at && !plan_.includes_deleted) return false;
  return fits(plan_.root, issue, folded_title);
}

bool Matcher::fits(const PlanNode& node, const Issue& issue, std::string_view folded_title) const {
  const auto child_fits = [&](const PlanNode& child) { return fits(child, issue, folded_title); };
  switch (node.kind) {
    case PlanNode::Kind::all:
      return std::all_of(node.children.begin(), node.children.end(), child_fits);
    case PlanNode::Kind::any:
      return std::any_of(node.children.begin(), node.children.end(), child_fits);
    case PlanNode::Kind::negation:
      return !child_fits(node.children[0]);
    case PlanNode::Kind::test:
      break;
  }
  return fits(node.test, issue, folded_title);
}

bool Matcher::fits(const Test& test, const Issue& issue, std::string_view folded_title) const {
  const auto has_id = [&](const Uuid& id) {
    return std::binary_search(test.ids.begin(), test.ids.end(), id);
  };
  const auto is_between = [&](std::int64_t value) { return test.low <= value && value <= test.high; };
  switch (test.kind) {
    case TestKind::status:
      return has_id(issue.status_id.uuid);
    case TestKind::label:
      return std::any_of(
          issue.label_ids.begin(), issue.label_ids.end(), [&](const LabelId& id) { return has_id(id.uuid); });
    case TestKind::project:
      return has_id(issue.project_id.uuid);
    case TestKind::area:
      return has_id(issue.area_id.uuid);
    case TestKind::parent:
      return has_id(issue.parent_issue_id.uuid);
    case TestKind::blocks:
      return std::any_of(test.ids.begin(), test.ids.end(), [&](const Uuid& id) {
        return facts_.blocks(issue.id, IssueId{id});
      });
    case TestKind::blocked_by:
      return std::any_of(test.ids.begin(), test.ids.end(), [&](const Uuid& id) {
        return facts_.blocks(IssueId{id}, issue.id);
      });
    case TestKind::priority:
      return is_between(static_cast<std::int64_t>(issue.priority));
    case TestKind::number:
      return is_between(issue.number);
    case TestKind::start:
      return issue.start_date && test.days.contains(*issue.start_date);
    case TestKind::due:
      return issue.due_date && test.days.contains(*issue.due_date);
    case TestKind::created:
      return test.times.contains(issue.created_at);
    case TestKind::updated:
      return test.times.contains(issue.updated_at);
    case TestKind::completed:
      return issue.completed_at && test.times.contains(*issue.completed_at);
    case TestKind::text:
      return contains(folded_title, test.text) || facts_.description_contains(issue, test.text);
    case TestKind::fact:
      break;
  }
  return holds(test.fact, issue);
}

bool Matcher::holds(Fact fact, const Issue& issue) const {
  switch (fact) {
    case Fact::is_deleted:
      return issue.deleted_at.has_value();
    case Fact::has_description:
      return facts_.has_description(issue);
    case Fact::has_labels:
      return !issue.label_ids.empty();
    case Fact::has_project:
      return issue.project_id.is_set();
    case Fact::has_area:
      return issue.area_id.is_set();
    case Fact::has_parent:
      return issue.parent_issue_id.is_set();
    case Fact::has_start:
      return issue.start_date.has_value();
    case Fact::has_due:
      return issue.due_date.has_value();
    default:
      return facts_.holds(fact, issue);
  }
}

}  // namespace dits::query
