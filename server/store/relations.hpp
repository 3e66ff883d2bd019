// Relations between issues in the database, in their canonical form.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/relation.hpp"

namespace dits::store {

// The columns id, source_id, target_id, relation_type, created_at.
IssueRelation relation_from_row(Row row);

Result<std::vector<IssueRelation>> list_all_relations(Reader reader, UserId user_id);
// Those at whose one end or other the issue stands, oldest first.
Result<std::vector<IssueRelation>> list_relations_of_issue(Reader reader, UserId user_id, IssueId issue_id);
Result<std::optional<IssueRelation>> find_relation(Reader reader, UserId user_id, RelationId id);

// Does a chain of BLOCKS lead from one issue to the other? An issue leads to itself.
Result<bool> is_blocked_through(Reader reader, UserId user_id, IssueId from, IssueId to);

// Errors: conflict (unique_violation, "issue_relations_key") when the same relation is there.
Result<void> insert_relation(Transaction& transaction, UserId user_id, const IssueRelation& relation);
Result<void> delete_relation(Transaction& transaction, UserId user_id, RelationId id);

}  // namespace dits::store
