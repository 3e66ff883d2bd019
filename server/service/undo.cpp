// Undo: the inverse of an audit row, applied through the same calls as any other change.
#include <algorithm>
#include <utility>

#include "server/service/areas.hpp"
#include "server/service/attachments.hpp"
#include "server/service/entities.hpp"
#include "server/service/history.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/issue_parts.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/saved_views.hpp"
#include "server/service/workflows.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

namespace {

Error undo_conflict(std::string_view what) {
  return conflict("This cannot be undone any more: " + std::string(what) + ".", "undo_conflict");
}

// Equal whatever the order of their members: PostgreSQL keeps them in one of its own.
bool is_same_json(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (auto member = a.begin(); member != a.end(); ++member) {
      const auto other = b.find(member.key());
      if (other == b.end() || !is_same_json(member.value(), *other)) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) return std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same_json);
  return a == b;
}

// Fields that follow from others and from the moment.
bool is_derived(const std::string& field) {
  return field == "updatedAt" || field == "version" || field == "createdAt";
}

// Is the entity still as the change left it, in the fields that the change touched?
Result<void> check_untouched(const Json& current, const Json& new_values) {
  for (auto field = new_values.begin(); field != new_values.end(); ++field) {
    if (is_derived(field.key())) continue;
    const auto value = current.find(field.key());
    const Json found = value != current.end() ? *value : Json(nullptr);
    if (!is_same_json(found, field.value())) return undo_conflict(field.key() + " was changed since");
  }
  return {};
}

Json without_derived(const Json& values) {
  Json out = Json::object();
  for (auto field = values.begin(); field != values.end(); ++field) {
    if (!is_derived(field.key())) out[field.key()] = field.value();
  }
  return out;
}

// What was there before undo began may be gone by now: then the change cannot be undone any more.
Error explain(Error error) {
  if (error.code == ErrorCode::not_found) return undo_conflict("what it speaks of is gone");
  if (error.code == ErrorCode::invalid && error.kind != "quota_exceeded") return undo_conflict(error.message);
  return error;
}

// The log may have come with an import: what it says of an entity is looked at as a request is.
template <typename Entity>
Result<void> recreate(AuditedTransaction& work, const Json& values) {
  Entity entity;
  if constexpr (requires { EntityTraits<Entity>::apply_values(values, entity); }) {
    TRY(EntityTraits<Entity>::apply_values(values, entity));
  } else {
    entity = TRY(relation_from_json(values));
  }
  bool was_in_trash = false;
  if constexpr (requires { entity.deleted_at; }) {
    was_in_trash = entity.deleted_at.has_value();
    entity.deleted_at.reset();
  }
  if constexpr (requires { validate(entity); }) TRY(validate(entity));
  // What was written since may forbid it.
  if constexpr (std::is_same_v<Entity, IssueRelation>) TRY(refuse_cycle(work, entity));
  TRY(insert_recorded(work, entity));
  if constexpr (requires { entity.deleted_at; }) {
    if (was_in_trash) TRY(trash_recorded(work, entity));
  }
  return {};
}

template <typename Entity>
Result<void> put_back(AuditedTransaction& work,
                      const Entity& current,
                      const Json& old_values,
                      const Json& new_values) {
  if constexpr (requires(Entity after) { change_entity(work, current, after); }) {
    TRY(check_untouched(EntityTraits<Entity>::to_json(current), new_values));
    Entity after = current;
    TRY(EntityTraits<Entity>::apply_values(without_derived(old_values), after));
    TRY(change_entity(work, current, std::move(after)));
    return {};
  } else {
    return undo_conflict("it never changes");
  }
}

// `EntityId` is the id's type.
template <typename Entity>
Result<void> undo_entity(AuditedTransaction& work, const AuditEntry& entry) {
  const Json old_values = json_from_stored(entry.old_values);
  const Json new_values = json_from_stored(entry.new_values);
  if (entry.action == AuditAction::remove && entry.new_values.empty())
    return recreate<Entity>(work, old_values);
  const Entity current =
      TRY(find_entity<Entity>(work.transaction(), work.user_id(), decltype(Entity::id){entry.entity_id}));
  bool is_deleted = false;
  if constexpr (requires { current.deleted_at; }) is_deleted = current.deleted_at.has_value();
  if (is_deleted != (entry.action == AuditAction::remove)) {
    return undo_conflict(is_deleted ? "it was deleted since" : "it was restored since");
  }
  switch (entry.action) {
    case AuditAction::create:
    case AuditAction::restore:
      return trash_entity(work, current);
    case AuditAction::remove:
      if constexpr (requires { current.deleted_at; }) TRY(restore_recorded(work, current));
      return {};
    case AuditAction::update:
    case AuditAction::archive:
      break;
  }
  return put_back(work, current, old_values, new_values);
}

Result<void> undo_issue(IssueChanges& issues, const AuditEntry& entry) {
  const Json old_values = json_from_stored(entry.old_values);
  if (entry.action == AuditAction::remove && entry.new_values.empty()) {
    Issue issue = TRY(issue_from_json(old_values));
    issue.version += 1;
    return issues.bring_back(std::move(issue));
  }
  const Issue current = TRY(issues.find(IssueId{entry.entity_id}));
  if (current.deleted_at.has_value() != (entry.action == AuditAction::remove)) {
    return undo_conflict(current.deleted_at ? "the issue was deleted since" : "the issue was restored since");
  }
  switch (entry.action) {
    case AuditAction::create:
    case AuditAction::restore:
      TRY(issues.trash(current));
      return {};
    case AuditAction::remove:
      TRY(issues.restore(current));
      return {};
    case AuditAction::update:
    case AuditAction::archive:
      break;
  }
  TRY(check_untouched(issue_to_json(current), json_from_stored(entry.new_values)));
  Issue after = current;
  TRY(apply_issue_values(without_derived(old_values), after));
  TRY(issues.change(current, std::move(after), Moves::put_back));
  return {};
}

// What was deleted for ever is redacted; an import may say of a removal what it likes. So a row comes back
// only while its file is there and was this user's.
Result<void> undo_attachment(AuditedTransaction& work, const AuditEntry& entry) {
  if (entry.action == AuditAction::remove && entry.new_values.empty()) {
    const Result<void> done =
        recreate_attachment(work, TRY(attachment_from_json(json_from_stored(entry.old_values))));
    if (!done && done.error().code == ErrorCode::not_found) return undo_conflict("the file is gone");
    return done;
  }
  return undo_entity<Attachment>(work, entry);
}

bool is_redacted(const AuditEntry& entry) {
  const Json metadata = json_from_stored(entry.metadata);
  return metadata.is_object() && metadata.contains("redacted");
}

Result<void> undo_one(AuditedTransaction& work, IssueChanges& issues, const AuditEntry& entry) {
  if (is_redacted(entry)) return undo_conflict("what it speaks of was deleted for ever");
  switch (entry.entity_type) {
    case EntityType::issue:
      return undo_issue(issues, entry);
    case EntityType::project:
      return undo_entity<Project>(work, entry);
    case EntityType::area:
      return undo_entity<Area>(work, entry);
    case EntityType::label:
      return undo_entity<Label>(work, entry);
    case EntityType::workflow:
      return undo_entity<Workflow>(work, entry);
    case EntityType::issue_relation:
      return undo_entity<IssueRelation>(work, entry);
    case EntityType::git_integration:
      return undo_entity<GitIntegration>(work, entry);
    case EntityType::comment:
      return undo_entity<Comment>(work, entry);
    case EntityType::saved_view:
      return undo_entity<SavedView>(work, entry);
    case EntityType::attachment:
      return undo_attachment(work, entry);
    case EntityType::user:
    case EntityType::api_token:
    case EntityType::session:
    case EntityType::studio:
      break;
  }
  return conflict("Changes of accounts, tokens and sessions are not undone.", "not_undoable");
}

// The change alone, or all changes of its group, last first.
Result<std::vector<AuditEntry>> entries_to_undo(Transaction& transaction,
                                                UserId user_id,
                                                std::int64_t change_id) {
  std::optional<AuditEntry> entry = TRY(store::find_change(transaction, user_id, change_id));
  if (!entry) return no_such("change");
  const Json metadata = json_from_stored(entry->metadata);
  const auto group = metadata.is_object() ? metadata.find("group") : metadata.end();
  if (!metadata.is_object() || group == metadata.end() || !group->is_string()) {
    return std::vector<AuditEntry>{std::move(*entry)};
  }
  std::vector<AuditEntry> entries =
      TRY(store::list_changes_of_group(transaction, user_id, *group->get_ptr<const std::string*>()));
  std::reverse(entries.begin(), entries.end());
  return entries;
}

}  // namespace

Result<void> bring_back_company(AuditedTransaction& work, EntityType type, const Uuid& id) {
  store::AuditFilter filter;
  filter.entity_type = type;
  filter.entity_id = id;
  filter.action = AuditAction::remove;
  const std::vector<AuditEntry> deletions =
      TRY(store::list_audit_logs(work.transaction(), work.user_id(), filter, newest_change, 1));
  if (deletions.empty()) return {};
  IssueChanges issues(work);
  for (const AuditEntry& entry :
       TRY(entries_to_undo(work.transaction(), work.user_id(), deletions.front().change_id))) {
    if (entry.entity_id == id) continue;
    const Result<void> done = undo_one(work, issues, entry);
    if (!done && done.error().kind != "undo_conflict" && done.error().code != ErrorCode::not_found)
      return done;
  }
  return {};
}

Result<SyncChanges> undo_change(ServiceContext& context, const Viewer& viewer, std::int64_t change_id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const std::int64_t head = work.head();
  const std::vector<AuditEntry> entries = TRY(entries_to_undo(work.transaction(), viewer.user_id, change_id));
  work.set_undone(change_id);
  IssueChanges issues(work);
  for (const AuditEntry& entry : entries) {
    if (Result<void> done = undo_one(work, issues, entry); !done) return explain(std::move(done).error());
  }
  TRY(work.flush());
  SyncChanges made;
  made.changes = TRY(store::list_changes_after(work.transaction(), viewer.user_id, head, newest_change));
  made.change_id = TRY(work.commit());
  return made;
}

}  // namespace dits
