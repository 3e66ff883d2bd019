// One visit: every change of data has its request.
#include "web/commands/request_for.hpp"

#include <algorithm>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "web/commands/file_path.hpp"

namespace dits::web {

namespace {

using Writes = std::vector<Write>;

Write write_to(const char* method, std::string path, const Uuid& entity, std::string body = {}) {
  Write write;
  write.method = method;
  write.path = std::move(path);
  write.entity_id = entity;
  write.body = std::move(body);
  return write;
}

// The whole entity without what the server alone decides.
std::string body_of(Json entity, std::initializer_list<std::string_view> left_out) {
  for (const std::string_view field : left_out) entity.erase(std::string(field));
  return dump(entity);
}

// The fields that differ, for PATCH; empty when none does.
std::string changes_between(const Json& before,
                            const Json& after,
                            std::initializer_list<std::string_view> left_out) {
  Json changed = Json::object();
  for (auto field = after.begin(); field != after.end(); ++field) {
    if (std::find(left_out.begin(), left_out.end(), field.key()) != left_out.end()) continue;
    const auto old = before.find(field.key());
    if (old == before.end() || *old != field.value()) changed[field.key()] = field.value();
  }
  return changed.empty() ? std::string{} : dump(changed);
}

struct NounPaths {
  std::string list;
  std::string one;
  std::string restore;
};

template <typename Noun>
Writes saved(const Saved<Noun>& change, const NounPaths& where, Json (*to_json)(const Noun&)) {
  const Uuid& id = change.after.id.uuid;
  if (!change.before) {
    const std::string body = body_of(to_json(change.after), {"createdAt", "updatedAt", "deletedAt"});
    return {write_to("POST", where.list, id, body)};
  }
  const bool was_deleted = change.before->deleted_at.has_value();
  const bool is_deleted = change.after.deleted_at.has_value();
  if (is_deleted && !was_deleted) return {write_to("DELETE", where.one, id)};
  if (was_deleted && !is_deleted) return {write_to("POST", where.restore, id, "{}")};
  std::string body = changes_between(
      to_json(*change.before), to_json(change.after), {"id", "createdAt", "updatedAt", "deletedAt"});
  if (body.empty()) return {};
  return {write_to("PATCH", where.one, id, std::move(body))};
}

template <typename Tag>
NounPaths noun_paths(std::string_view list,
                     std::string_view one,
                     std::string_view restore,
                     const Id<Tag>& id) {
  return {std::string(list), paths::path_with(one, id), paths::path_with(restore, id)};
}

Json workflow_body(const Workflow& workflow) {
  Json json = workflow_to_json(workflow);
  json.erase("isDefault");
  if (const auto statuses = json.find("statuses"); statuses != json.end()) {
    for (Json& status : *statuses) {
      for (const char* field : {"workflowId", "createdAt", "updatedAt", "position"}) status.erase(field);
    }
  }
  return json;
}

Writes bulk(const std::vector<IssueBulkStep>& steps) {
  Writes writes;
  for (std::size_t first = 0; first < steps.size(); first += max_bulk_steps) {
    const std::size_t last = std::min(steps.size(), first + max_bulk_steps);
    const std::vector<IssueBulkStep> part(steps.begin() + static_cast<std::ptrdiff_t>(first),
                                          steps.begin() + static_cast<std::ptrdiff_t>(last));
    Write write = write_to(
        "POST", std::string(paths::issues_bulk), part.front().id.uuid, dump(issue_bulk_to_json(part)));
    for (const IssueBulkStep& step : part) write.issues.push_back(step.id);
    writes.push_back(std::move(write));
  }
  return writes;
}

Writes bulk_action(const std::vector<IssueId>& ids, IssueAction action) {
  std::vector<IssueBulkStep> steps;
  for (const IssueId id : ids) {
    IssueBulkStep step;
    step.id = id;
    step.action = action;
    steps.push_back(std::move(step));
  }
  return bulk(steps);
}

Writes about(Write write, IssueId id) {
  write.issues = {id};
  return {std::move(write)};
}

Writes write_for(const IssueCreated& change, const State&) {
  const Json body = issue_draft_to_json(change.issue);
  return about(write_to("POST", std::string(paths::issues), change.issue.id.uuid, dump(body)),
               change.issue.id);
}

std::int64_t version_of(const State& state, IssueId id) {
  const Issue* issue = find_issue(state.entities, id);
  return issue != nullptr ? issue->version : 0;
}

// Can all edits go out as one patch, for a list of ids and one of versions?
bool is_one_patch(const std::vector<IssueEdit>& edits, const State& state) {
  const IssueEdit& first = edits.front();
  const bool has_version = version_of(state, first.id) > 0;
  return std::all_of(edits.begin(), edits.end(), [&](const IssueEdit& edit) {
    return edit.patch == first.patch && (version_of(state, edit.id) > 0) == has_version;
  });
}

Writes write_for(const IssuesPatched& change, const State& before) {
  constexpr std::size_t most_bytes = std::size_t{900} * 1024;  // the server takes 1 MB
  constexpr std::size_t step_bytes = 120;                      // of a step without its patch
  Writes writes;
  const bool is_one = change.edits.size() == 1;
  const bool is_counted = change.edits.size() > 1 && !is_one_patch(change.edits, before);
  std::size_t bytes = 0;
  for (const IssueEdit& edit : change.edits) {
    const std::size_t more = is_counted ? step_bytes + dump(issue_patch_to_json(edit.patch)).size() : 0;
    bytes += more;
    if (writes.empty() || writes.back().edits.size() == max_bulk_steps || bytes > most_bytes) {
      bytes = more;
      writes.push_back(
          write_to(is_one ? "PATCH" : "POST",
                   is_one ? paths::path_with(paths::issue, edit.id) : std::string(paths::issues_bulk),
                   edit.id.uuid));
    }
    Write& write = writes.back();
    write.issues.push_back(edit.id);
    write.edits.push_back(edit);
    write.versions.push_back(version_of(before, edit.id));
  }
  return writes;
}

Writes write_for(const IssuesTrashed& change, const State&) {
  if (change.ids.size() != 1) return bulk_action(change.ids, IssueAction::remove);
  const IssueId id = change.ids.front();
  return about(write_to("DELETE", paths::path_with(paths::issue, id), id.uuid), id);
}

Writes write_for(const IssuesRestored& change, const State&) {
  if (change.ids.size() != 1) return bulk_action(change.ids, IssueAction::restore);
  const IssueId id = change.ids.front();
  return about(write_to("POST", paths::path_with(paths::issue_restore, id), id.uuid, "{}"), id);
}

Writes write_for(const IssuePurged& change, const State&) {
  return {write_to(
      "DELETE", paths::path_with(paths::trash_entity, {"issue", to_string(change.id)}), change.id.uuid)};
}

Writes write_for(const RelationAdded& change, const State&) {
  const IssueRelation& relation = change.relation;
  Json body = Json::object();
  body["id"] = to_string(relation.id);
  body["targetId"] = to_string(relation.target_id);
  body["relationType"] = name_of(relation.type);
  const std::string path = paths::path_with(paths::issue_relations, relation.source_id);
  return about(write_to("POST", path, relation.id.uuid, dump(body)), relation.source_id);
}

Writes write_for(const RelationRemoved& change, const State&) {
  const IssueRelation& relation = change.relation;
  const std::string path =
      paths::path_with(paths::issue_relation, {to_string(relation.source_id), to_string(relation.id)});
  return about(write_to("DELETE", path, relation.id.uuid), relation.source_id);
}

Writes write_for(const GitLinkAdded& change, const State&) {
  const std::string body =
      body_of(git_integration_to_json(change.link), {"issueId", "createdAt", "updatedAt"});
  const std::string path = paths::path_with(paths::issue_git_integrations, change.link.issue_id);
  return about(write_to("POST", path, change.link.id.uuid, body), change.link.issue_id);
}

Writes write_for(const GitLinkRemoved& change, const State&) {
  const GitIntegration& link = change.link;
  const std::string path =
      paths::path_with(paths::issue_git_integration, {to_string(link.issue_id), to_string(link.id)});
  return about(write_to("DELETE", path, link.id.uuid), link.issue_id);
}

Writes write_for(const CommentSaved& change, const State&) {
  const Comment& comment = change.after;
  const std::string one =
      paths::path_with(paths::issue_comment, {to_string(comment.issue_id), to_string(comment.id)});
  const bool is_deleted = comment.deleted_at.has_value();
  if (is_deleted) return about(write_to("DELETE", one, comment.id.uuid), comment.issue_id);
  Json body = Json::object();
  body["body"] = comment.body;
  if (change.before && !change.before->deleted_at) {
    return about(write_to("PATCH", one, comment.id.uuid, dump(body)), comment.issue_id);
  }
  body["id"] = to_string(comment.id);
  const std::string list = paths::path_with(paths::issue_comments, comment.issue_id);
  return about(write_to("POST", list, comment.id.uuid, dump(body)), comment.issue_id);
}

Writes write_for(const AttachmentSaved& change, const State&) {
  const Attachment& file = change.after;
  if (file.deleted_at) return about(write_to("DELETE", file_path(file), file.id.uuid), file.issue_id);
  const std::string restore =
      paths::path_with(paths::issue_attachment_restore, {to_string(file.issue_id), to_string(file.id)});
  return about(write_to("POST", restore, file.id.uuid, "{}"), file.issue_id);
}

Writes write_for(const ProjectSaved& change, const State&) {
  return saved(change,
               noun_paths(paths::projects, paths::project, paths::project_restore, change.after.id),
               project_to_json);
}
Writes write_for(const AreaSaved& change, const State&) {
  return saved(
      change, noun_paths(paths::areas, paths::area, paths::area_restore, change.after.id), area_to_json);
}
Writes write_for(const LabelSaved& change, const State&) {
  return saved(
      change, noun_paths(paths::labels, paths::label, paths::label_restore, change.after.id), label_to_json);
}
Writes write_for(const WorkflowSaved& change, const State&) {
  return saved(change,
               noun_paths(paths::workflows, paths::workflow, paths::workflow_restore, change.after.id),
               workflow_body);
}
Writes write_for(const ViewSaved& change, const State&) {
  return saved(change,
               noun_paths(paths::views, paths::view, paths::view_restore, change.after.id),
               saved_view_to_json);
}

Writes write_for(const ProfileSaved& change, const State&) {
  UserPatch patch;
  if (change.before.name != change.after.name) patch.name = change.after.name;
  if (change.before.preferences != change.after.preferences) patch.preferences = change.after.preferences;
  if (!patch.name && !patch.preferences) return {};
  return {
      write_to("PATCH", std::string(paths::auth_me), change.after.id.uuid, dump(user_patch_to_json(patch)))};
}

template <typename T>
concept Written = requires(const T& change, const State& state) {
  write_for(change, state);
};

}  // namespace

std::vector<Write> request_for(const Change& change, const State& before) {
  return change.visit([&](const auto& one) -> Writes {
    if constexpr (Written<std::decay_t<decltype(one)>>) {
      return write_for(one, before);
    } else {
      static_assert(!is_data_kind<std::decay_t<decltype(one)>>, "say how it is sent");
      return {};
    }
  });
}

}  // namespace dits::web
