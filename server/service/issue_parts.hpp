// What hangs on an issue: its relations, comments and links to version control. Each call names the issue
// too, and finds nothing when the part belongs to another one.
#pragma once

#include <vector>

#include "server/service/audit.hpp"
#include "server/service/issues.hpp"
#include "shared/json/value.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/relation.hpp"

namespace dits {

// The id of the issue in a path, those in the trash too. Errors: not_found.
Result<IssueId> resolve_issue(store::Reader reader, UserId user_id, const IssueKey& key);

// The relation with this issue as its source, which it may be stored as the target of.
IssueRelation seen_from(IssueId issue_id, IssueRelation relation);
// Seen from the issue: it is always the source.
Result<std::vector<IssueRelation>> list_relations(ServiceContext& context,
                                                  const Viewer& viewer,
                                                  const IssueKey& key);
// Errors: invalid, conflict ("relation_exists", "relation_cycle": BLOCKS must not lead back to where it
// began).
Result<IssueRelation> create_relation(ServiceContext& context,
                                      const Viewer& viewer,
                                      const IssueKey& key,
                                      IssueRelation draft);
Result<void> remove_relation(ServiceContext& context,
                             const Viewer& viewer,
                             const IssueKey& key,
                             RelationId id);

Result<std::vector<Comment>> list_comments(ServiceContext& context,
                                           const Viewer& viewer,
                                           const IssueKey& key);
Result<Comment> create_comment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               Comment draft);
Result<Comment> update_comment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               CommentId id,
                               const std::string& body);
Result<void> remove_comment(ServiceContext& context, const Viewer& viewer, const IssueKey& key, CommentId id);

Result<std::vector<GitIntegration>> list_git_integrations(ServiceContext& context,
                                                          const Viewer& viewer,
                                                          const IssueKey& key);
Result<GitIntegration> create_git_integration(ServiceContext& context,
                                              const Viewer& viewer,
                                              const IssueKey& key,
                                              GitIntegration draft);
// `body` is that of PATCH: the fields that change.
Result<GitIntegration> update_git_integration(ServiceContext& context,
                                              const Viewer& viewer,
                                              const IssueKey& key,
                                              GitIntegrationId id,
                                              const Json& body);
Result<void> remove_git_integration(ServiceContext& context,
                                    const Viewer& viewer,
                                    const IssueKey& key,
                                    GitIntegrationId id);

// Within a transaction.
// Errors: conflict ("relation_cycle") when the two would block each other in a circle. The relation is
// canonical.
Result<void> refuse_cycle(AuditedTransaction& work, const IssueRelation& relation);
Result<IssueRelation> create_entity(AuditedTransaction& work, IssueRelation draft);
Result<Comment> create_entity(AuditedTransaction& work, Comment draft);
Result<GitIntegration> create_entity(AuditedTransaction& work, GitIntegration draft);
Result<Comment> change_entity(AuditedTransaction& work, const Comment& before, Comment after);
Result<GitIntegration> change_entity(AuditedTransaction& work,
                                     const GitIntegration& before,
                                     GitIntegration after);
Result<void> trash_entity(AuditedTransaction& work, const Comment& before);
// These two have no trash: they go for good, and undo makes them anew.
Result<void> trash_entity(AuditedTransaction& work, const IssueRelation& before);
Result<void> trash_entity(AuditedTransaction& work, const GitIntegration& before);

}  // namespace dits
