// Undo: the inverse of an audit row, applied through the same calls as any other change.
#include <algorithm>
#include <map>
#include <set>
#include <span>
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
#include "server/service/sync.hpp"
#include "server/service/workflows.hpp"
#include "server/store/portions.hpp"
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

// Is the entity still as the change left it, in the fields that the change touched? When it was completed
// follows from its status being a closed one: a workflow that is put back in the same step may have put that
// back already.
Result<void> check_untouched(const Json& current, const Json& old_values, const Json& new_values) {
  for (auto field = new_values.begin(); field != new_values.end(); ++field) {
    if (is_derived(field.key())) continue;
    const auto value = current.find(field.key());
    const Json found = value != current.end() ? *value : Json(nullptr);
    const bool is_back = field.key() == "completedAt" && old_values.is_object() &&
                         found == old_values.value("completedAt", Json(nullptr));
    if (is_back) continue;
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
    TRY(check_untouched(EntityTraits<Entity>::to_json(current), old_values, new_values));
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

bool is_redacted(const AuditEntry& entry) {
  const Json metadata = json_from_stored(entry.metadata);
  return metadata.is_object() && metadata.contains("redacted");
}

// The issue is gone with its row, and comes back as the log has it.
bool is_purge(const AuditEntry& entry) {
  return entry.action == AuditAction::remove && entry.new_values.empty();
}

Result<void> bring_back_issue(IssueChanges& issues, const AuditEntry& entry) {
  Issue issue = TRY(issue_from_json(json_from_stored(entry.old_values)));
  issue.version += 1;
  return issues.bring_back(std::move(issue));
}

Result<IssueChanges::Step> step_back(AuditedTransaction& work, const AuditEntry& entry, Issue current) {
  if (current.deleted_at.has_value() != (entry.action == AuditAction::remove)) {
    return undo_conflict(current.deleted_at ? "the issue was deleted since" : "the issue was restored since");
  }
  IssueChanges::Step step{std::move(current), {}, AuditAction::update, Moves::put_back};
  step.after = step.before;
  switch (entry.action) {
    case AuditAction::create:
    case AuditAction::restore:
      step.action = AuditAction::remove;
      step.after.deleted_at = work.now();
      break;
    case AuditAction::remove:
      step.action = AuditAction::restore;
      step.after.deleted_at.reset();
      break;
    case AuditAction::update:
    case AuditAction::archive:
      TRY(check_untouched(issue_to_json(step.before),
                          json_from_stored(entry.old_values),
                          json_from_stored(entry.new_values)));
      TRY(apply_issue_values(without_derived(json_from_stored(entry.old_values)), step.after));
      break;
  }
  return step;
}

// Changes of issues that are put back together, all of them or none: each of another issue, and none below
// another one, which is looked at when the changes before it are written.
class StepsBack {
 public:
  StepsBack(AuditedTransaction& work, IssueChanges& issues) : work_(work), issues_(issues) {}

  static bool takes(const AuditEntry& entry) {
    if (entry.entity_type != EntityType::issue || is_purge(entry) || is_redacted(entry)) return false;
    const Json old_values = json_from_stored(entry.old_values);
    const auto parent = old_values.is_object() ? old_values.find("parentIssueId") : old_values.end();
    return !old_values.is_object() || parent == old_values.end() || parent->is_null() ||
           entry.action != AuditAction::update;
  }
  bool has(const AuditEntry& entry) const { return ids_.contains(IssueId{entry.entity_id}); }
  void add(const AuditEntry& entry) {
    ids_.insert(IssueId{entry.entity_id});
    entries_.push_back(&entry);
  }

  // Nothing waits after it.
  Result<void> write() {
    if (entries_.empty()) return {};
    std::vector<IssueId> ids;
    for (const AuditEntry* entry : entries_) ids.push_back(IssueId{entry->entity_id});
    std::size_t done = 0;
    const auto write_some = [&](std::span<const IssueId> some, std::vector<Issue> issues) {
      const std::span<const AuditEntry*> entries = std::span(entries_).subspan(done, some.size());
      done += some.size();
      return write_portion(entries, std::move(issues));
    };
    TRY(store::for_issue_portions(work_.transaction(), work_.user_id(), ids, write_some));
    entries_.clear();
    ids_.clear();
    return {};
  }

 private:
  Result<void> write_portion(std::span<const AuditEntry* const> entries, std::vector<Issue> issues) {
    std::map<IssueId, Issue> found;
    for (Issue& issue : issues) found.emplace(issue.id, std::move(issue));
    std::vector<IssueChanges::Step> steps;
    for (const AuditEntry* entry : entries) {
      const auto issue = found.find(IssueId{entry->entity_id});
      if (issue == found.end()) return no_such("issue");
      steps.push_back(TRY(step_back(work_, *entry, std::move(issue->second))));
    }
    TRY(issues_.change_many(std::move(steps)));
    return work_.flush();
  }

  AuditedTransaction& work_;
  IssueChanges& issues_;
  std::vector<const AuditEntry*> entries_;
  std::set<IssueId> ids_;
};

Result<void> undo_issue(AuditedTransaction& work, IssueChanges& issues, const AuditEntry& entry) {
  if (is_purge(entry)) return bring_back_issue(issues, entry);
  Issue current = TRY(issues.find(IssueId{entry.entity_id}));
  IssueChanges::Step step = TRY(step_back(work, entry, std::move(current)));
  TRY(issues.change_many({std::move(step)}));
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

Result<void> undo_one(AuditedTransaction& work, IssueChanges& issues, const AuditEntry& entry) {
  if (is_redacted(entry)) return undo_conflict("what it speaks of was deleted for ever");
  switch (entry.entity_type) {
    case EntityType::issue:
      return undo_issue(work, issues, entry);
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

// Of the log: those within so many of its numbers are looked through together.
constexpr std::int64_t numbers_at_once = store::portion_rows;
// Visits the change alone, or all changes of its group, last first and some at a time.
template <typename Visit>
Result<void> for_entries_to_undo(AuditedTransaction& work, std::int64_t change_id, const Visit& visit) {
  Transaction& transaction = work.transaction();
  std::optional<AuditEntry> entry = TRY(store::find_change(transaction, work.user_id(), change_id));
  if (!entry) return no_such("change");
  const Json metadata = json_from_stored(entry->metadata);
  const auto named = metadata.is_object() ? metadata.find("group") : metadata.end();
  if (!metadata.is_object() || named == metadata.end() || !named->is_string()) {
    return visit(std::vector<AuditEntry>{std::move(*entry)});
  }
  const std::string& group = *named->get_ptr<const std::string*>();
  const store::ChangeRange all = TRY(store::find_ends_of_group(transaction, work.user_id(), group));
  if (all.last > all.first) work.begin_group();
  for (std::int64_t last = all.last; last >= all.first;) {
    const store::ChangeRange some{std::max(all.first, last - numbers_at_once + 1), last};
    const std::vector<AuditEntry> entries =
        TRY(store::list_group_portion(transaction, work.user_id(), group, some));
    last = entries.empty() ? some.first - 1 : entries.back().change_id - 1;
    TRY(visit(entries));
  }
  return {};
}

Result<void> undo_entries(AuditedTransaction& work,
                          IssueChanges& issues,
                          const std::vector<AuditEntry>& entries) {
  StepsBack steps(work, issues);
  for (const AuditEntry& entry : entries) {
    const bool is_step = StepsBack::takes(entry);
    if (!is_step || steps.has(entry)) TRY(steps.write());
    if (is_step) {
      steps.add(entry);
    } else {
      TRY(undo_one(work, issues, entry));
    }
  }
  TRY(steps.write());
  return work.flush();
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
  const auto bring_back = [&](const std::vector<AuditEntry>& entries) -> Result<void> {
    for (const AuditEntry& entry : entries) {
      if (entry.entity_id == id) continue;
      const Result<void> done = undo_one(work, issues, entry);
      if (!done && done.error().kind != "undo_conflict" && done.error().code != ErrorCode::not_found)
        return done;
    }
    return work.flush();
  };
  return for_entries_to_undo(work, deletions.front().change_id, bring_back);
}

// What this transaction has written after `head`, as a client that asks for changes gets it.
static Result<SyncChanges> made_since(AuditedTransaction& work, std::int64_t head) {
  SyncChanges made;
  std::size_t bytes = 0;
  do {
    store::ChangePortion portion = TRY(store::list_change_portion(work.transaction(), work.user_id(), head));
    for (AuditEntry& entry : portion.changes) {
      head = entry.change_id;
      bytes += entry.old_values.size() + entry.new_values.size() + entry.metadata.size();
      made.changes.push_back(std::move(entry));
    }
    made.has_more = portion.has_more;
  } while (made.has_more && bytes <= most_change_bytes);
  return made;
}

Result<SyncChanges> undo_change(ServiceContext& context, const Viewer& viewer, std::int64_t change_id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const std::int64_t head = work.head();
  work.set_undone(change_id);
  IssueChanges issues(work);
  TRY(for_entries_to_undo(work, change_id, [&](const std::vector<AuditEntry>& entries) -> Result<void> {
    if (Result<void> done = undo_entries(work, issues, entries); !done)
      return explain(std::move(done).error());
    return {};
  }));
  TRY(work.flush());
  SyncChanges made = TRY(made_since(work, head));
  const std::int64_t newest = TRY(work.commit());
  made.change_id = made.has_more ? made.changes.back().change_id : newest;
  return made;
}

}  // namespace dits
