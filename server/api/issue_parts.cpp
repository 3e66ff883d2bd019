// The resources below /issues/{id}: labels, relations, comments, git links.
#include "server/service/issue_parts.hpp"

#include <algorithm>

#include "server/api/handlers.hpp"
#include "server/api/issues.hpp"
#include "server/service/labels.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/relation_json.hpp"

namespace dits {

static Result<IssueKey> key_param(const http::Request& request) {
  return parse_issue_key(request.param("id"));
}

static std::string part_path(std::string_view pattern, const http::Request& request, const Uuid& id) {
  return paths::path_with(pattern, {request.param("id"), to_string(id)});
}

static Result<http::Response> get_labels(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const Issue issue = TRY(get_issue(context, request.viewer, key));
  std::vector<Label> labels = TRY(list_labels(context, request.viewer));
  std::erase_if(labels, [&](const Label& label) {
    return std::find(issue.label_ids.begin(), issue.label_ids.end(), label.id) == issue.label_ids.end();
  });
  return list_response(labels, label_to_json);
}

static Result<http::Response> update_labels(ServiceContext& context,
                                            const http::Request& request,
                                            const IssueUpdate& update) {
  const IssueKey key = TRY(key_param(request));
  const IssueAnswer answer = TRY(update_issue(context, request.viewer, key, update, std::nullopt));
  return http::Response::ok(dump(issue_to_json(answer.issue)));
}

static Result<http::Response> post_label(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  FieldReader reader(body);
  LabelId label_id;
  reader.require("labelId", label_id);
  TRY(reader.finish());
  IssueUpdate update;
  update.add_label_ids = {label_id};
  return update_labels(context, request, update);
}

static Result<http::Response> remove_one_label(ServiceContext& context, const http::Request& request) {
  IssueUpdate update;
  update.remove_label_ids = {TRY(id_param<LabelId>(request, "labelId"))};
  return update_labels(context, request, update);
}

static Result<http::Response> get_relations(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  return list_response(TRY(list_relations(context, request.viewer, key)), relation_to_json);
}

static Result<http::Response> post_relation(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const Json body = TRY(body_of(request));
  const IssueRelation draft = TRY(relation_draft_from_json(body));
  const IssueRelation created = TRY(create_relation(context, request.viewer, key, draft));
  return http::Response::created(dump(relation_to_json(created)),
                                 part_path(paths::issue_relation, request, created.id.uuid));
}

static Result<http::Response> delete_relation(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const RelationId id = TRY(id_param<RelationId>(request, "relationId"));
  TRY(remove_relation(context, request.viewer, key, id));
  return http::Response::no_content();
}

static Result<http::Response> get_comments(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  return list_response(TRY(list_comments(context, request.viewer, key)), comment_to_json);
}

static Result<http::Response> post_comment(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const Json body = TRY(body_of(request));
  Comment draft = TRY(comment_draft_from_json(body));
  const Comment created = TRY(create_comment(context, request.viewer, key, std::move(draft)));
  return http::Response::created(dump(comment_to_json(created)),
                                 part_path(paths::issue_comment, request, created.id.uuid));
}

static Result<http::Response> patch_comment(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const CommentId id = TRY(id_param<CommentId>(request, "commentId"));
  const Json body = TRY(body_of(request));
  const std::string text = TRY(comment_patch_from_json(body));
  return http::Response::ok(
      dump(comment_to_json(TRY(update_comment(context, request.viewer, key, id, text)))));
}

static Result<http::Response> delete_comment(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const CommentId id = TRY(id_param<CommentId>(request, "commentId"));
  TRY(remove_comment(context, request.viewer, key, id));
  return http::Response::no_content();
}

static Result<http::Response> get_links(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  return list_response(TRY(list_git_integrations(context, request.viewer, key)), git_integration_to_json);
}

static Result<http::Response> post_link(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const Json body = TRY(body_of(request));
  GitIntegration draft = TRY(git_integration_draft_from_json(body));
  const GitIntegration created = TRY(create_git_integration(context, request.viewer, key, std::move(draft)));
  return http::Response::created(dump(git_integration_to_json(created)),
                                 part_path(paths::issue_git_integration, request, created.id.uuid));
}

static Result<http::Response> patch_link(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const GitIntegrationId id = TRY(id_param<GitIntegrationId>(request, "gitIntegrationId"));
  const Json body = TRY(body_of(request));
  const GitIntegration changed = TRY(update_git_integration(context, request.viewer, key, id, body));
  return http::Response::ok(dump(git_integration_to_json(changed)));
}

static Result<http::Response> delete_link(ServiceContext& context, const http::Request& request) {
  const IssueKey key = TRY(key_param(request));
  const GitIntegrationId id = TRY(id_param<GitIntegrationId>(request, "gitIntegrationId"));
  TRY(remove_git_integration(context, request.viewer, key, id));
  return http::Response::no_content();
}

std::vector<http::Route> issue_part_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::issue_labels,
       Who::user,
       Scope::read,
       bound(context, get_labels),
       {"Lists the labels of an issue", {}, "LabelPage"}},
      {Method::post,
       paths::issue_labels,
       Who::user,
       Scope::write,
       bound(context, post_label),
       {"Puts a label on an issue", "IssueLabel", "Issue"}},
      {Method::del,
       paths::issue_label,
       Who::user,
       Scope::write,
       bound(context, remove_one_label),
       {"Takes a label off an issue", {}, "Issue"}},
      {Method::get,
       paths::issue_relations,
       Who::user,
       Scope::read,
       bound(context, get_relations),
       {"Lists the relations of an issue, seen from it", {}, "IssueRelationPage"}},
      {Method::post,
       paths::issue_relations,
       Who::user,
       Scope::write,
       bound(context, post_relation),
       {"Relates an issue to another", "IssueRelationCreate", "IssueRelation"}},
      {Method::del,
       paths::issue_relation,
       Who::user,
       Scope::write,
       bound(context, delete_relation),
       {"Removes a relation"}},
      {Method::get,
       paths::issue_comments,
       Who::user,
       Scope::read,
       bound(context, get_comments),
       {"Lists the comments on an issue", {}, "CommentPage"}},
      {Method::post,
       paths::issue_comments,
       Who::user,
       Scope::write,
       bound(context, post_comment),
       {"Comments on an issue", "CommentCreate", "Comment"}},
      {Method::patch,
       paths::issue_comment,
       Who::user,
       Scope::write,
       bound(context, patch_comment),
       {"Changes a comment", "CommentChange", "Comment"}},
      {Method::del,
       paths::issue_comment,
       Who::user,
       Scope::write,
       bound(context, delete_comment),
       {"Deletes a comment"}},
      {Method::get,
       paths::issue_git_integrations,
       Who::user,
       Scope::read,
       bound(context, get_links),
       {"Lists the git links of an issue", {}, "GitIntegrationPage"}},
      {Method::post,
       paths::issue_git_integrations,
       Who::user,
       Scope::write,
       bound(context, post_link),
       {"Links an issue to a branch, pull request or commit", "GitIntegrationCreate", "GitIntegration"}},
      {Method::patch,
       paths::issue_git_integration,
       Who::user,
       Scope::write,
       bound(context, patch_link),
       {"Changes a git link", "GitIntegrationChange", "GitIntegration"}},
      {Method::del,
       paths::issue_git_integration,
       Who::user,
       Scope::write,
       bound(context, delete_link),
       {"Removes a git link"}},
  };
}

}  // namespace dits
