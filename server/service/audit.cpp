#include "server/service/audit.hpp"

#include <utility>

#include "server/base/log.hpp"
#include "server/db/commit_hook.hpp"
#include "shared/json/audit_json.hpp"

namespace dits {

AuditedTransaction::AuditedTransaction(ServiceContext& context, const Viewer& viewer)
    : context_(&context), viewer_(viewer), now_(context.clock.now()) {}

Result<AuditedTransaction> AuditedTransaction::begin(ServiceContext& context,
                                                     const Viewer& viewer,
                                                     Access access) {
  AuditedTransaction work(context, viewer);
  work.own_.emplace(TRY(context.database.begin(Actor::of_user(viewer.user_id), access)));
  work.heads_ = TRY(store::lock_user_counters(*work.own_, viewer.user_id));
  return work;
}

Result<AuditedTransaction> AuditedTransaction::join(ServiceContext& context,
                                                    const Viewer& viewer,
                                                    Turn how,
                                                    const IssueKey& wanted) {
  SharedWrite turn = TRY(context.write_groups->join(context, viewer.user_id, how, wanted));
  AuditedTransaction work(context, viewer);
  work.heads_ = turn.heads();
  work.shared_.emplace(std::move(turn));
  return work;
}

static bool is_named_in_queries(EntityType type) {
  return type == EntityType::project || type == EntityType::area || type == EntityType::label ||
         type == EntityType::workflow;
}

void AuditedTransaction::record(Change change) {
  touches_names_ = touches_names_ || is_named_in_queries(change.entity_type);
  AuditEntry entry;
  entry.action = change.action;
  entry.entity_type = change.entity_type;
  entry.entity_id = change.entity_id;
  switch (change.action) {
    case AuditAction::create:
    case AuditAction::restore:
      entry.new_values = dump(change.after);
      break;
    case AuditAction::update:
    case AuditAction::archive: {
      const ChangedFields changed = changed_fields(change.before, change.after);
      if (changed.empty()) return;
      entry.old_values = dump(changed.old_values);
      entry.new_values = dump(changed.new_values);
      break;
    }
    case AuditAction::remove:
      entry.old_values = dump(change.before);
      if (!change.after.is_null()) {
        entry.new_values = dump(changed_fields(change.before, change.after).new_values);
      }
      break;
  }
  entry.ip_address = viewer_.ip_address;
  entry.user_agent = viewer_.user_agent;
  entry.created_at = now_;
  entries_.push_back(std::move(entry));
  notes_.push_back(std::move(change.notes));
}

std::string AuditedTransaction::metadata_of(const Json& notes) const {
  Json metadata = notes;
  if (!group_.empty()) metadata["group"] = group_;
  if (undone_change_id_ != 0) metadata["undoes"] = undone_change_id_;
  return dump(metadata);
}

void AuditedTransaction::begin_group() {
  if (group_.empty()) group_ = to_string(new_id<IssueId>());
}

Result<void> AuditedTransaction::flush() {
  if (entries_.empty()) return {};
  if (entries_.size() > 1) begin_group();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    entries_[i].change_id = ++heads_.last_change_id;
    entries_[i].metadata = metadata_of(notes_[i]);
  }
  TRY(store::append_locked_changes(transaction(), entries_, heads_.last_issue_number));
  written_ += static_cast<std::int64_t>(entries_.size());
  entries_.clear();
  notes_.clear();
  return {};
}

Result<void> AuditedTransaction::redact(const Uuid& gone) {
  TRY(flush());
  return store::redact_changes(transaction(), viewer_.user_id, gone);
}

Result<std::int64_t> AuditedTransaction::commit() {
  TRY(flush());
  TRY(run_commit_hook(transaction(), viewer_.user_id, written_ == 1 ? heads_.last_change_id : 0));
  if (shared_) {
    TRY(shared_->finish({heads_, touches_names_, std::move(left_issues_)}));
  } else {
    TRY(own_->commit());
    tell_commit(*context_, viewer_.user_id, heads_.last_change_id);
  }
  if (touches_names_ && context_->names != nullptr) context_->names->forget(viewer_.user_id);
  return heads_.last_change_id;
}

Result<void> record_waiting_change(Transaction& transaction,
                                   const Viewer& viewer,
                                   Clock& clock,
                                   AuditEntry entry) {
  entry.ip_address = viewer.ip_address;
  entry.user_agent = viewer.user_agent;
  return store::insert_waiting_change(transaction, viewer.user_id, clock.new_id<IssueId>().uuid, entry);
}

static Result<void> settle(ServiceContext& context, UserId user_id) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(user_id), Access::write));
  const std::optional<store::UserCounters> heads =
      TRY(store::try_to_lock_user_counters(transaction, user_id));
  if (!heads) return {};
  const std::int64_t count = TRY(store::number_waiting_changes(transaction, user_id, heads->last_change_id));
  if (count == 0) return {};
  TRY(transaction.commit());
  context.event_bus.publish(user_id, heads->last_change_id + count);
  return {};
}

void settle_waiting_changes(ServiceContext& context, UserId user_id) {
  if (const Result<void> done = settle(context, user_id); !done)
    log::warn("an entry of the log waits", {{"reason", done.error().message}});
}

Result<void> settle_all_waiting_changes(ServiceContext& context) {
  std::vector<UserId> users;
  {
    Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::read));
    users = TRY(store::list_users_with_waiting_changes(transaction));
  }
  for (const UserId user_id : users) TRY(settle(context, user_id));
  return {};
}

Result<std::int64_t> record_change(Transaction& transaction, const Viewer& viewer, AuditEntry entry) {
  entry.ip_address = viewer.ip_address;
  entry.user_agent = viewer.user_agent;
  return store::append_change(transaction, viewer.user_id, entry);
}

}  // namespace dits
