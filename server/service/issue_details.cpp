#include "server/service/issue_details.hpp"

#include "server/service/entities.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_parts.hpp"
#include "server/store/audit_logs.hpp"
#include "server/store/issues.hpp"

namespace dits {

constexpr std::int64_t shown_changes = 50;

Result<IssueDetails> issue_details(ServiceContext& context, const Viewer& viewer, const IssueKey& key) {
  const UserId user_id = viewer.user_id;
  Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::read));
  std::optional<Issue> issue = key.id.is_set()
                                   ? TRY(store::find_issue(transaction, user_id, key.id))
                                   : TRY(store::find_issue_by_number(transaction, user_id, key.number));
  if (!issue) return no_such("issue");
  IssueDetails details;
  details.issue = std::move(*issue);
  const IssueId id = details.issue.id;
  details.relations = TRY(store::list_relations_of_issue(transaction, user_id, id));
  for (IssueRelation& relation : details.relations) relation = seen_from(id, relation);
  details.comments = TRY(store::list_comments(transaction, user_id, id));
  details.attachments = TRY(store::list_attachments(transaction, user_id, id));
  details.git_integrations = TRY(store::list_git_integrations(transaction, user_id, id));
  details.activity =
      TRY(store::list_changes_of_issue(transaction, user_id, id, newest_change, shown_changes));
  TRY(transaction.commit());
  return details;
}

}  // namespace dits
