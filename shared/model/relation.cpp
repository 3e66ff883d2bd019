#include "shared/model/relation.hpp"

#include <unordered_set>
#include <utility>

#include "shared/core/names.hpp"

namespace dits {

namespace {

constexpr Names<5> type_names = {"BLOCKS", "BLOCKED_BY", "RELATES_TO", "DUPLICATES", "DUPLICATED_BY"};

}  // namespace

std::string_view name_of(RelationType type) { return name_in(type_names, type); }
Result<RelationType> relation_type_from_name(std::string_view name) {
  return value_in<RelationType>(type_names, name, "relationType");
}

RelationType inverse_of(RelationType type) {
  switch (type) {
    case RelationType::blocks:
      return RelationType::blocked_by;
    case RelationType::blocked_by:
      return RelationType::blocks;
    case RelationType::duplicates:
      return RelationType::duplicated_by;
    case RelationType::duplicated_by:
      return RelationType::duplicates;
    case RelationType::relates_to:
      break;
  }
  return RelationType::relates_to;
}

IssueRelation canonical(IssueRelation relation) {
  const bool is_reversed =
      relation.type == RelationType::blocked_by || relation.type == RelationType::duplicated_by ||
      (relation.type == RelationType::relates_to && relation.target_id < relation.source_id);
  if (!is_reversed) return relation;
  std::swap(relation.source_id, relation.target_id);
  relation.type = inverse_of(relation.type);
  return relation;
}

bool closes_cycle(IssueId from, IssueId to, const std::function<std::vector<IssueId>(IssueId)>& next) {
  std::unordered_set<IssueId, IdHash> seen;
  std::vector<IssueId> open = {to};
  while (!open.empty()) {
    const IssueId current = open.back();
    open.pop_back();
    if (current == from) return true;
    if (!seen.insert(current).second) continue;
    for (const IssueId& neighbour : next(current)) open.push_back(neighbour);
  }
  return false;
}

}  // namespace dits
