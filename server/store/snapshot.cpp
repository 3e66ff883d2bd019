#include "server/store/snapshot.hpp"

#include "server/store/issues.hpp"
#include "server/store/relations.hpp"
#include "server/store/snapshot.sql.hpp"

namespace dits::store {

Result<std::vector<Issue>> list_portion_issues(Reader reader,
                                               UserId user_id,
                                               IssueId most,
                                               std::int64_t limit) {
  return all_of(TRY(reader.run(sql::list_portion_issues, {user_id, most.uuid, limit})),
                [](Row row) { return issue_from_row(row, false); });
}

Result<std::vector<IssueRelation>> list_portion_relations(Reader reader, UserId user_id, IssueRange range) {
  return all_of(TRY(reader.run(sql::list_portion_relations, {user_id, range.least.uuid, range.most.uuid})),
                relation_from_row);
}

Result<std::map<IssueId, GitKinds>> list_portion_git(Reader reader, UserId user_id, IssueRange range) {
  std::map<IssueId, GitKinds> kinds;
  const Rows rows = TRY(reader.run(sql::list_portion_git, {user_id, range.least.uuid, range.most.uuid}));
  for (const Row row : rows)
    kinds.emplace(row.id<IssueTag>(0), GitKinds{row.boolean(1), row.boolean(2), row.boolean(3)});
  return kinds;
}

}  // namespace dits::store
