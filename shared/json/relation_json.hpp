// A relation between issues as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/relation.hpp"

namespace dits {

Json relation_to_json(const IssueRelation& relation);
// A relation as our own server sent it.
Result<IssueRelation> relation_from_json(const Json& json);

// Body of POST /issues/{id}/relations: {"id"?, "targetId", "relationType"}; the source comes from the path.
// Errors: invalid with every refused field.
Result<IssueRelation> relation_draft_from_json(const Json& body);

}  // namespace dits
