// What is the same for every kind of entity: finding it or saying that there is none, and writing it together
// with its audit row. Each kind says in an EntityTraits how; the rules of a noun are in its own file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "server/service/audit.hpp"
#include "server/store/areas.hpp"
#include "server/store/attachments.hpp"
#include "server/store/comments.hpp"
#include "server/store/git_integrations.hpp"
#include "server/store/labels.hpp"
#include "server/store/projects.hpp"
#include "server/store/relations.hpp"
#include "server/store/saved_views.hpp"
#include "server/store/workflows.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

template <typename Entity>
struct EntityTraits;

template <>
struct EntityTraits<Label> {
  static constexpr EntityType type = EntityType::label;
  static constexpr std::string_view noun = "label";
  static constexpr auto find = store::find_label;
  static constexpr auto insert = store::insert_label;
  static constexpr auto purge = store::purge_label;
  static constexpr auto to_json = label_to_json;
  static constexpr auto apply_values = apply_label_values;
  static Json notes(const Label&) { return Json::object(); }
  static Result<void> update(Transaction& transaction, UserId user_id, const Label&, const Label& after) {
    return store::update_label(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<Area> {
  static constexpr EntityType type = EntityType::area;
  static constexpr std::string_view noun = "area";
  static constexpr auto find = store::find_area;
  static constexpr auto insert = store::insert_area;
  static constexpr auto purge = store::purge_area;
  static constexpr auto to_json = area_to_json;
  static constexpr auto apply_values = apply_area_values;
  static Json notes(const Area&) { return Json::object(); }
  static Result<void> update(Transaction& transaction, UserId user_id, const Area&, const Area& after) {
    return store::update_area(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<Project> {
  static constexpr EntityType type = EntityType::project;
  static constexpr std::string_view noun = "project";
  static constexpr auto find = store::find_project;
  static constexpr auto insert = store::insert_project;
  static constexpr auto purge = store::purge_project;
  static constexpr auto to_json = project_to_json;
  static constexpr auto apply_values = apply_project_values;
  static Json notes(const Project&) { return Json::object(); }
  static Result<void> update(Transaction& transaction, UserId user_id, const Project&, const Project& after) {
    return store::update_project(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<SavedView> {
  static constexpr EntityType type = EntityType::saved_view;
  static constexpr std::string_view noun = "view";
  static constexpr auto find = store::find_saved_view;
  static constexpr auto insert = store::insert_saved_view;
  static constexpr auto purge = store::purge_saved_view;
  static constexpr auto to_json = saved_view_to_json;
  static constexpr auto apply_values = apply_saved_view_values;
  static Json notes(const SavedView&) { return Json::object(); }
  static Result<void> update(Transaction& transaction,
                             UserId user_id,
                             const SavedView&,
                             const SavedView& after) {
    return store::update_saved_view(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<Workflow> {
  static constexpr EntityType type = EntityType::workflow;
  static constexpr std::string_view noun = "workflow";
  static constexpr auto find = store::find_workflow;
  static constexpr auto insert = store::insert_workflow;
  static constexpr auto update = store::update_workflow;
  static constexpr auto purge = store::purge_workflow;
  static constexpr auto to_json = workflow_to_json;
  static constexpr auto apply_values = apply_workflow_values;
  static Json notes(const Workflow&) { return Json::object(); }
};

template <>
struct EntityTraits<Comment> {
  static constexpr EntityType type = EntityType::comment;
  static constexpr std::string_view noun = "comment";
  static constexpr auto find = store::find_comment;
  static constexpr auto insert = store::insert_comment;
  static constexpr auto purge = store::purge_comment;
  static constexpr auto to_json = comment_to_json;
  static constexpr auto apply_values = apply_comment_values;
  static Json notes(const Comment& comment) { return {{"issueId", to_string(comment.issue_id)}}; }
  static Result<void> update(Transaction& transaction, UserId user_id, const Comment&, const Comment& after) {
    return store::update_comment(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<Attachment> {
  static constexpr EntityType type = EntityType::attachment;
  static constexpr std::string_view noun = "attachment";
  static constexpr auto find = store::find_attachment;
  static constexpr auto insert = store::insert_attachment;
  static constexpr auto purge = store::purge_attachment;
  static constexpr auto to_json = attachment_to_json;
  static constexpr auto apply_values = apply_attachment_values;
  static Json notes(const Attachment& attachment) { return {{"issueId", to_string(attachment.issue_id)}}; }
  static Result<void> update(Transaction& transaction,
                             UserId user_id,
                             const Attachment&,
                             const Attachment& after) {
    return store::update_attachment(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<GitIntegration> {
  static constexpr EntityType type = EntityType::git_integration;
  static constexpr std::string_view noun = "git link";
  static constexpr auto find = store::find_git_integration;
  static constexpr auto insert = store::insert_git_integration;
  static constexpr auto purge = store::delete_git_integration;
  static constexpr auto to_json = git_integration_to_json;
  static constexpr auto apply_values = apply_git_integration_values;
  static Json notes(const GitIntegration& link) { return {{"issueId", to_string(link.issue_id)}}; }
  static Result<void> update(Transaction& transaction,
                             UserId user_id,
                             const GitIntegration&,
                             const GitIntegration& after) {
    return store::update_git_integration(transaction, user_id, after);
  }
};

template <>
struct EntityTraits<IssueRelation> {
  static constexpr EntityType type = EntityType::issue_relation;
  static constexpr std::string_view noun = "relation";
  static constexpr auto find = store::find_relation;
  static constexpr auto insert = store::insert_relation;
  static constexpr auto purge = store::delete_relation;
  static constexpr auto to_json = relation_to_json;
  static Json notes(const IssueRelation& relation) {
    return {{"issueId", to_string(relation.source_id)}, {"targetIssueId", to_string(relation.target_id)}};
  }
};

// "There is no such label.": the same for what never was and for what is someone else's.
Error no_such(std::string_view noun);

// A clash of keys as a person understands it: a name that is taken (`name_field` says which field holds it),
// or an id.
Error explain_clash(Error error, std::string_view noun, std::string_view name_field = "name");

// Only what lies in the trash is removed for good. Errors: conflict.
template <typename Entity>
Result<void> refuse_live(const Entity& entity, std::string_view noun) {
  if (entity.deleted_at) return {};
  return conflict("Delete this " + std::string(noun) + " first: only what is in the trash can be purged.");
}

template <typename Entity, typename EntityId>
Result<Entity> find_entity(store::Reader reader, UserId user_id, EntityId id) {
  std::optional<Entity> found = TRY(EntityTraits<Entity>::find(reader, user_id, id));
  if (!found) return no_such(EntityTraits<Entity>::noun);
  return std::move(*found);
}

// Inserts the entity as it is and remembers the change. Errors: conflict when the id or the name is taken.
template <typename Entity>
Result<void> insert_recorded(AuditedTransaction& work, const Entity& entity) {
  using Traits = EntityTraits<Entity>;
  if (Result<void> done = Traits::insert(work.transaction(), work.user_id(), entity); !done) {
    return explain_clash(std::move(done).error(), Traits::noun);
  }
  work.record({AuditAction::create,
               Traits::type,
               entity.id.uuid,
               nullptr,
               Traits::to_json(entity),
               Traits::notes(entity)});
  return {};
}

// A new entity: with an id, unless the client chose one, and the times of this transaction.
template <typename Entity>
Result<Entity> create_recorded(AuditedTransaction& work, Entity draft) {
  if (!draft.id.is_set()) draft.id = work.new_id<decltype(draft.id)>();
  draft.created_at = work.now();
  draft.updated_at = work.now();
  TRY(insert_recorded(work, draft));
  return draft;
}

// Brings the row from one state to another and remembers the change; nothing when they are equal.
template <typename Entity>
Result<Entity> save_recorded(AuditedTransaction& work,
                             AuditAction action,
                             const Entity& before,
                             Entity after) {
  using Traits = EntityTraits<Entity>;
  const Json before_json = Traits::to_json(before);
  if (before_json == Traits::to_json(after)) return before;
  after.updated_at = work.now();
  if (Result<void> done = Traits::update(work.transaction(), work.user_id(), before, after); !done) {
    return explain_clash(std::move(done).error(), Traits::noun);
  }
  work.record(
      {action, Traits::type, after.id.uuid, before_json, Traits::to_json(after), Traits::notes(after)});
  return after;
}

// Removes the row for good.
template <typename Entity>
Result<void> purge_recorded(AuditedTransaction& work, const Entity& entity) {
  using Traits = EntityTraits<Entity>;
  TRY(Traits::purge(work.transaction(), work.user_id(), entity.id));
  work.record({AuditAction::remove,
               Traits::type,
               entity.id.uuid,
               Traits::to_json(entity),
               nullptr,
               Traits::notes(entity)});
  return {};
}

// Into the trash and out of it. Doing it twice does nothing.
template <typename Entity>
Result<Entity> trash_recorded(AuditedTransaction& work, const Entity& before) {
  if (before.deleted_at) return before;
  Entity after = before;
  after.deleted_at = work.now();
  return save_recorded(work, AuditAction::remove, before, std::move(after));
}

template <typename Entity>
Result<Entity> restore_recorded(AuditedTransaction& work, const Entity& before) {
  if (!before.deleted_at) return before;
  Entity after = before;
  after.deleted_at.reset();
  return save_recorded(work, AuditAction::restore, before, std::move(after));
}

}  // namespace dits
