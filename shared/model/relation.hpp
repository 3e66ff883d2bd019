// A relation between two issues: stored once, seen from both ends.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class RelationType : std::uint8_t { blocks, blocked_by, relates_to, duplicates, duplicated_by };
std::string_view name_of(RelationType type);  // "BLOCKS", …
Result<RelationType> relation_type_from_name(std::string_view name);
// The same relation seen from the other end: BLOCKS <-> BLOCKED_BY, DUPLICATES <-> DUPLICATED_BY, RELATES_TO
// itself.
RelationType inverse_of(RelationType type);

struct IssueRelation {
  RelationId id;
  IssueId source_id;
  IssueId target_id;
  RelationType type = RelationType::relates_to;
  Timestamp created_at;
};

// The form that is stored: only BLOCKS, RELATES_TO (smaller id first) and DUPLICATES.
IssueRelation canonical(IssueRelation relation);

// Would `from` -> `to` close a cycle? `next` lists what a node points at. Also the rule for parents. Linear
// in edges visited.
bool closes_cycle(IssueId from, IssueId to, const std::function<std::vector<IssueId>(IssueId)>& next);

}  // namespace dits
