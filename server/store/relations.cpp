#include "server/store/relations.hpp"

#include "server/store/enums.hpp"
#include "server/store/relations.sql.hpp"

namespace dits::store {

IssueRelation relation_from_row(Row row) {
  return {row.id<RelationTag>(0),
          row.id<IssueTag>(1),
          row.id<IssueTag>(2),
          enum_from_row(row.text(3), relation_type_from_name),
          row.timestamp(4)};
}

Result<std::vector<IssueRelation>> list_all_relations(Reader reader, UserId user_id) {
  return all_of(TRY(reader.run(sql::list_all_relations, {user_id})), relation_from_row);
}

Result<std::vector<IssueRelation>> list_relations_of_issue(Reader reader, UserId user_id, IssueId issue_id) {
  return all_of(TRY(reader.run(sql::list_relations_of_issue, {user_id, issue_id})), relation_from_row);
}

Result<std::optional<IssueRelation>> find_relation(Reader reader, UserId user_id, RelationId id) {
  return first_of(TRY(reader.run(sql::find_relation, {user_id, id})), relation_from_row);
}

Result<bool> is_blocked_through(Reader reader, UserId user_id, IssueId from, IssueId to) {
  const Rows rows = TRY(reader.run(sql::is_blocked_through, {user_id, from, to}));
  return rows[0].boolean(0);
}

Result<void> insert_relation(Transaction& transaction, UserId user_id, const IssueRelation& relation) {
  TRY(transaction.run(sql::insert_relation,
                      {user_id,
                       relation.id,
                       relation.source_id,
                       relation.target_id,
                       name_of(relation.type),
                       relation.created_at}));
  return {};
}

Result<void> delete_relation(Transaction& transaction, UserId user_id, RelationId id) {
  TRY(transaction.run(sql::delete_relation, {user_id, id}));
  return {};
}

}  // namespace dits::store
