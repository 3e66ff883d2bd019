// One entry of the log tells the fields that changed; the state knows the others.
#include "web/api/entry_changes.hpp"

#include <algorithm>
#include <utility>

#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits::web {

namespace {

// The noun after the entry: the one known here with the new values over it, or a whole new one.
template <typename Noun, typename Apply>
std::vector<Change> changed_noun(const AuditEntry& entry, const Noun* known, Apply apply_values) {
  if (entry.new_values.empty()) return {NounGone{entry.entity_type, entry.entity_id}};
  const Json values = json_from_stored(entry.new_values);
  const bool is_whole = entry.action == AuditAction::create || entry.action == AuditAction::restore;
  if (!values.is_object() || (known == nullptr && !is_whole)) return {};
  Noun noun = known != nullptr ? *known : Noun{};
  noun.id.uuid = entry.entity_id;
  if (entry.action == AuditAction::restore) noun.deleted_at.reset();
  if (!apply_values(values, noun)) return {};
  return {Arrived<Noun>{std::move(noun)}};
}

const Comment* find_comment(const State& state, CommentId id) {
  for (const auto& [issue, comments] : state.entities.comments) {
    for (const Comment& comment : comments) {
      if (comment.id == id) return &comment;
    }
  }
  return nullptr;
}

const Attachment* find_attachment(const State& state, AttachmentId id) {
  for (const auto& [issue, files] : state.entities.attachments) {
    for (const Attachment& file : files) {
      if (file.id == id) return &file;
    }
  }
  return nullptr;
}

const GitIntegration* find_link(const State& state, GitIntegrationId id) {
  for (const auto& [issue, links] : state.entities.git_links) {
    for (const GitIntegration& link : links) {
      if (link.id == id) return &link;
    }
  }
  return nullptr;
}

}  // namespace

void EntryChanges::add_issue(const AuditEntry& entry) {
  const IssueId id{entry.entity_id};
  if (entry.new_values.empty()) {
    gone_.push_back(id);
    issues_.erase(id);
    return;
  }
  const Json values = json_from_stored(entry.new_values);
  if (!values.is_object()) return;
  auto found = issues_.find(id);
  if (found == issues_.end()) {
    Issue issue;
    if (const Issue* known = find_issue(state_.entities, id)) {
      issue = *known;
    } else if (entry.action == AuditAction::update) {
      return;  // something that is in the trash; it comes whole when it is restored
    } else if (entry.action == AuditAction::remove) {
      const Json before = json_from_stored(entry.old_values);
      if (!before.is_object() || !apply_issue_values(before, issue)) return;
    }
    issue.id = id;
    found = issues_.emplace(id, std::move(issue)).first;
    order_.push_back(id);
  }
  Issue& issue = found->second;
  const bool knows_text = issue.has_description;
  if (entry.action == AuditAction::restore) issue.deleted_at.reset();
  (void)apply_issue_values(values, issue);
  issue.has_description = values.contains("description") || knows_text;
  if (entry.action == AuditAction::remove && !issue.deleted_at) issue.deleted_at = entry.created_at;
}

std::vector<Change> EntryChanges::take() {
  std::vector<Change> changes;
  IssuesArrived arrived;
  for (const IssueId id : order_) {
    const auto found = issues_.find(id);
    if (found == issues_.end()) continue;
    arrived.issues.push_back(std::move(found->second));
  }
  if (!arrived.issues.empty()) changes.emplace_back(std::move(arrived));
  for (const IssueId id : gone_) changes.emplace_back(NounGone{EntityType::issue, id.uuid});
  order_.clear();
  issues_.clear();
  gone_.clear();
  return changes;
}

std::vector<Change> EntryChanges::noun_changes(const AuditEntry& entry) const {
  const Entities& entities = state_.entities;
  const Uuid& id = entry.entity_id;
  switch (entry.entity_type) {
    case EntityType::project:
      return changed_noun(
          entry, find_project(entities, ProjectId{id}), [](const Json& values, Project& noun) {
            return apply_project_values(values, noun).has_value();
          });
    case EntityType::area:
      return changed_noun(entry, find_area(entities, AreaId{id}), [](const Json& values, Area& noun) {
        return apply_area_values(values, noun).has_value();
      });
    case EntityType::label:
      return changed_noun(entry, find_label(entities, LabelId{id}), [](const Json& values, Label& noun) {
        return apply_label_values(values, noun).has_value();
      });
    case EntityType::workflow:
      return changed_noun(
          entry, find_workflow(entities, WorkflowId{id}), [](const Json& values, Workflow& noun) {
            return apply_workflow_values(values, noun).has_value();
          });
    case EntityType::saved_view:
      return changed_noun(
          entry, find_view(entities, SavedViewId{id}), [](const Json& values, SavedView& noun) {
            return apply_saved_view_values(values, noun).has_value();
          });
    case EntityType::comment:
      return changed_noun(entry, find_comment(state_, CommentId{id}), [](const Json& values, Comment& noun) {
        return apply_comment_values(values, noun).has_value();
      });
    case EntityType::issue_relation: {
      if (entry.new_values.empty() || entry.action == AuditAction::remove)
        return {NounGone{entry.entity_type, id}};
      const Result<IssueRelation> relation = relation_from_json(json_from_stored(entry.new_values));
      if (!relation) return {};
      return {RelationArrived{*relation}};
    }
    case EntityType::git_integration: {
      if (entry.new_values.empty() || entry.action == AuditAction::remove)
        return {NounGone{entry.entity_type, id}};
      const GitIntegration* known = find_link(state_, GitIntegrationId{id});
      if (known == nullptr && entry.action == AuditAction::update) return {};
      GitIntegration link = known != nullptr ? *known : GitIntegration{};
      link.id = GitIntegrationId{id};
      if (!apply_git_integration_values(json_from_stored(entry.new_values), link)) return {};
      return {GitLinkArrived{std::move(link)}};
    }
    case EntityType::user: {
      if (id != state_.session.me.id.uuid || entry.new_values.empty()) return {};
      ProfileSaved saved{state_.session.me, state_.session.me};
      if (!apply_user_values(json_from_stored(entry.new_values), saved.after)) return {};
      return {std::move(saved)};
    }
    case EntityType::attachment:
      return changed_noun(
          entry, find_attachment(state_, AttachmentId{id}), [](const Json& values, Attachment& noun) {
            return apply_attachment_values(values, noun).has_value();
          });
    case EntityType::issue:
    case EntityType::api_token:
    case EntityType::session:
    case EntityType::studio:
      break;
  }
  return {};
}

}  // namespace dits::web
