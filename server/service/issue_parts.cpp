#include "server/service/issue_parts.hpp"

#include <utility>

#include "server/service/entities.hpp"
#include "server/service/issue_changes.hpp"

namespace dits {

Result<IssueId> resolve_issue(store::Reader reader, UserId user_id, const IssueKey& key) {
  IssueId id;
  if (key.id.is_set()) {
    if (TRY(store::find_issue(reader, user_id, key.id))) id = key.id;
  } else {
    id = TRY(store::find_issue_id_by_number(reader, user_id, key.number));
  }
  if (!id.is_set()) return no_such("issue");
  return id;
}

// The part with this id, when it hangs on this issue.
template <typename Part, typename PartId>
static Result<Part> find_part(AuditedTransaction& work, const IssueKey& key, PartId id) {
  const IssueId issue_id = TRY(resolve_issue(work.transaction(), work.user_id(), key));
  Part part = TRY(find_entity<Part>(work.transaction(), work.user_id(), id));
  if constexpr (requires { part.issue_id; }) {
    if (part.issue_id != issue_id) return no_such(EntityTraits<Part>::noun);
  } else {
    if (part.source_id != issue_id && part.target_id != issue_id) return no_such(EntityTraits<Part>::noun);
  }
  return part;
}

static Result<void> check_live_issue(AuditedTransaction& work, IssueId id, std::string_view field) {
  const std::optional<Issue> issue = TRY(store::find_issue(work.transaction(), work.user_id(), id));
  if (!issue) return invalid(std::string(field), "There is no such issue.");
  return refuse_trashed(*issue);
}

IssueRelation seen_from(IssueId issue_id, IssueRelation relation) {
  if (relation.source_id == issue_id) return relation;
  std::swap(relation.source_id, relation.target_id);
  relation.type = inverse_of(relation.type);
  return relation;
}

Result<std::vector<IssueRelation>> list_relations(ServiceContext& context,
                                                  const Viewer& viewer,
                                                  const IssueKey& key) {
  const store::Reader reader(context.database, viewer.user_id);
  const IssueId issue_id = TRY(resolve_issue(reader, viewer.user_id, key));
  std::vector<IssueRelation> relations =
      TRY(store::list_relations_of_issue(reader, viewer.user_id, issue_id));
  for (IssueRelation& relation : relations) relation = seen_from(issue_id, relation);
  return relations;
}

Result<void> refuse_cycle(AuditedTransaction& work, const IssueRelation& relation) {
  if (relation.type == RelationType::blocks &&
      TRY(store::is_blocked_through(
          work.transaction(), work.user_id(), relation.target_id, relation.source_id))) {
    return conflict("These issues would block each other in a circle.", "relation_cycle");
  }
  return {};
}

Result<IssueRelation> create_entity(AuditedTransaction& work, IssueRelation draft) {
  if (!draft.id.is_set()) draft.id = work.new_id<RelationId>();
  if (draft.source_id == draft.target_id) return invalid("targetId", "An issue has no relation to itself.");
  TRY(check_live_issue(work, draft.source_id, "id"));
  TRY(check_live_issue(work, draft.target_id, "targetId"));
  draft = canonical(draft);
  draft.created_at = work.now();
  TRY(refuse_cycle(work, draft));
  if (Result<void> done = insert_recorded(work, draft); !done) {
    if (done.error().kind == "name_taken")
      return conflict("This relation exists already.", "relation_exists");
    return std::move(done).error();
  }
  return draft;
}

Result<IssueRelation> create_relation(ServiceContext& context,
                                      const Viewer& viewer,
                                      const IssueKey& key,
                                      IssueRelation draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<IssueRelation> {
    const IssueId issue_id = TRY(resolve_issue(work.transaction(), viewer.user_id, key));
    draft.source_id = issue_id;
    const IssueRelation created = TRY(create_entity(work, draft));
    TRY(work.commit());
    return seen_from(issue_id, created);
  });
}

Result<void> trash_entity(AuditedTransaction& work, const IssueRelation& before) {
  return purge_recorded(work, before);
}

template <typename Part, typename PartId>
static Result<void> remove_part(ServiceContext& context,
                                const Viewer& viewer,
                                const IssueKey& key,
                                PartId id) {
  return free_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<void> {
    const Part part = TRY(find_part<Part>(work, key, id));
    TRY(trash_entity(work, part));
    TRY(work.commit());
    return {};
  });
}

Result<void> remove_relation(ServiceContext& context,
                             const Viewer& viewer,
                             const IssueKey& key,
                             RelationId id) {
  return remove_part<IssueRelation>(context, viewer, key, id);
}

Result<std::vector<Comment>> list_comments(ServiceContext& context,
                                           const Viewer& viewer,
                                           const IssueKey& key) {
  const store::Reader reader(context.database, viewer.user_id);
  const IssueId issue_id = TRY(resolve_issue(reader, viewer.user_id, key));
  return store::list_comments(reader, viewer.user_id, issue_id);
}

Result<Comment> create_entity(AuditedTransaction& work, Comment draft) {
  TRY(validate(draft));
  TRY(check_live_issue(work, draft.issue_id, "issueId"));
  return create_recorded(work, std::move(draft));
}

Result<Comment> change_entity(AuditedTransaction& work, const Comment& before, Comment after) {
  TRY(validate(after));
  return save_recorded(work, AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const Comment& before) {
  TRY(trash_recorded(work, before));
  return {};
}

Result<Comment> create_comment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               Comment draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Comment> {
    draft.issue_id = TRY(resolve_issue(work.transaction(), viewer.user_id, key));
    Comment created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<Comment> update_comment(ServiceContext& context,
                               const Viewer& viewer,
                               const IssueKey& key,
                               CommentId id,
                               const std::string& body) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<Comment> {
    const Comment before = TRY(find_part<Comment>(work, key, id));
    if (before.deleted_at) return no_such("comment");
    Comment after = before;
    after.body = body;
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_comment(ServiceContext& context,
                            const Viewer& viewer,
                            const IssueKey& key,
                            CommentId id) {
  return remove_part<Comment>(context, viewer, key, id);
}

Result<std::vector<GitIntegration>> list_git_integrations(ServiceContext& context,
                                                          const Viewer& viewer,
                                                          const IssueKey& key) {
  const store::Reader reader(context.database, viewer.user_id);
  const IssueId issue_id = TRY(resolve_issue(reader, viewer.user_id, key));
  return store::list_git_integrations(reader, viewer.user_id, issue_id);
}

Result<GitIntegration> create_entity(AuditedTransaction& work, GitIntegration draft) {
  TRY(validate(draft));
  TRY(check_live_issue(work, draft.issue_id, "issueId"));
  return create_recorded(work, std::move(draft));
}

Result<GitIntegration> change_entity(AuditedTransaction& work,
                                     const GitIntegration& before,
                                     GitIntegration after) {
  TRY(validate(after));
  return save_recorded(work, AuditAction::update, before, std::move(after));
}

Result<void> trash_entity(AuditedTransaction& work, const GitIntegration& before) {
  return purge_recorded(work, before);
}

Result<GitIntegration> create_git_integration(ServiceContext& context,
                                              const Viewer& viewer,
                                              const IssueKey& key,
                                              GitIntegration draft) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<GitIntegration> {
    draft.issue_id = TRY(resolve_issue(work.transaction(), viewer.user_id, key));
    GitIntegration created = TRY(create_entity(work, std::move(draft)));
    TRY(work.commit());
    return created;
  });
}

Result<GitIntegration> update_git_integration(ServiceContext& context,
                                              const Viewer& viewer,
                                              const IssueKey& key,
                                              GitIntegrationId id,
                                              const Json& body) {
  return write_in_turn(context, viewer, [&](AuditedTransaction& work) -> Result<GitIntegration> {
    const GitIntegration before = TRY(find_part<GitIntegration>(work, key, id));
    GitIntegration after = TRY(git_integration_changed_by_json(body, before));
    after = TRY(change_entity(work, before, std::move(after)));
    TRY(work.commit());
    return after;
  });
}

Result<void> remove_git_integration(ServiceContext& context,
                                    const Viewer& viewer,
                                    const IssueKey& key,
                                    GitIntegrationId id) {
  return remove_part<GitIntegration>(context, viewer, key, id);
}

}  // namespace dits
