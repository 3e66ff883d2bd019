// Look-ups in the entities.
#include "web/store/entities.hpp"

#include <algorithm>

#include "shared/core/text.hpp"

namespace dits::web {

namespace {

constexpr std::size_t first_buckets = 1024;

template <typename Noun, typename NounId>
const Noun* find_in(const std::vector<Noun>& nouns, NounId id) {
  if (!id.is_set()) return nullptr;
  for (const Noun& noun : nouns) {
    if (noun.id == id) return &noun;
  }
  return nullptr;
}

}  // namespace

Slot SlotIndex::find(const std::vector<Issue>& issues, IssueId id) const {
  if (buckets_.empty() || !id.is_set()) return no_slot;
  const std::size_t mask = buckets_.size() - 1;
  for (std::size_t at = IdHash{}(id)&mask;; at = (at + 1) & mask) {
    const Slot slot = buckets_[at];
    if (slot == no_slot) return no_slot;
    if (issues[slot].id == id) return slot;
  }
}

void SlotIndex::insert(const std::vector<Issue>& issues, Slot slot) {
  // Holes that purged issues leave stay in the way of a probe and end no search, so nothing is ever taken
  // out.
  if ((used_ + 1) * 2 > buckets_.size()) grow(issues);
  const std::size_t mask = buckets_.size() - 1;
  std::size_t at = IdHash{}(issues[slot].id) & mask;
  while (buckets_[at] != no_slot) at = (at + 1) & mask;
  buckets_[at] = slot;
  ++used_;
}

void SlotIndex::clear() {
  buckets_.clear();
  used_ = 0;
}

void SlotIndex::grow(const std::vector<Issue>& issues) {
  const std::vector<Slot> old = std::move(buckets_);
  buckets_.assign(std::max(first_buckets, old.size() * 2), no_slot);
  used_ = 0;
  for (const Slot slot : old) {
    if (slot != no_slot && issues[slot].id.is_set()) insert(issues, slot);
  }
}

Slot find_slot(const Entities& entities, IssueId id) { return entities.by_id.find(entities.issues, id); }

Slot find_slot(const Entities& entities, std::int64_t number) {
  if (number <= 0 || static_cast<std::size_t>(number) >= entities.by_number.size()) return no_slot;
  return entities.by_number[static_cast<std::size_t>(number)];
}

std::int64_t last_number(const Entities& entities) {
  std::size_t at = entities.by_number.size();
  while (at > 0 && entities.by_number[at - 1] == no_slot) --at;
  return at > 0 ? static_cast<std::int64_t>(at) - 1 : 0;
}

const Issue* find_issue(const Entities& entities, IssueId id) {
  const Slot slot = find_slot(entities, id);
  return slot == no_slot ? nullptr : &entities.issues[slot];
}

const Issue* find_issue(const Entities& entities, std::int64_t number) {
  const Slot slot = find_slot(entities, number);
  return slot == no_slot ? nullptr : &entities.issues[slot];
}

const Project* find_project(const Entities& entities, ProjectId id) { return find_in(entities.projects, id); }
const Area* find_area(const Entities& entities, AreaId id) { return find_in(entities.areas, id); }
const Label* find_label(const Entities& entities, LabelId id) { return find_in(entities.labels, id); }
const Workflow* find_workflow(const Entities& entities, WorkflowId id) {
  return find_in(entities.workflows, id);
}
const SavedView* find_view(const Entities& entities, SavedViewId id) { return find_in(entities.views, id); }

const Status* find_status(const Entities& entities, StatusId id) {
  if (!id.is_set()) return nullptr;
  for (const Workflow& workflow : entities.workflows) {
    if (const Status* status = find_in(workflow.statuses, id)) return status;
  }
  return nullptr;
}

const Workflow* workflow_for(const Entities& entities, ProjectId project_id) {
  const Workflow* general = nullptr;
  for (const Workflow& workflow : entities.workflows) {
    if (workflow.deleted_at) continue;
    if (project_id.is_set() && workflow.project_id == project_id) return &workflow;
    if (!workflow.project_id.is_set() && general == nullptr) general = &workflow;
  }
  return general;
}

}  // namespace dits::web
