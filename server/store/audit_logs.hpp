// The audit log in the database, and the heads of a user's two sequences: changes and issue numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/audit.hpp"

namespace dits::store {

// The columns change_id, action, entity_type, entity_id, old_values, new_values, metadata, created_at,
// ip_address, user_agent.
AuditEntry entry_from_row(Row row);
// The same without the last two.
AuditEntry lean_entry_from_row(Row row);

struct UserCounters {
  std::int64_t last_change_id = 0;
  std::int64_t last_issue_number = 0;
};

Result<void> insert_user_counters(Transaction& transaction, UserId user_id);
// Holds them until the transaction ends, so that a user's writes follow one another. Errors: not_found.
Result<UserCounters> lock_user_counters(Transaction& transaction, UserId user_id);
// The same, and which log it is (see find_log_name).
struct LockedLog {
  UserCounters heads;
  std::string name;
};
Result<LockedLog> lock_user_log(Transaction& transaction, UserId user_id);
// Nothing, when somebody else holds them.
Result<std::optional<UserCounters>> try_to_lock_user_counters(Transaction& transaction, UserId user_id);
Result<UserCounters> find_user_counters(Reader reader, UserId user_id);
// 0 for a user without any change.
Result<std::int64_t> find_last_change_id(Reader reader, UserId user_id);
// Which log the numbers of changes belong to: a restore or an import puts another one in its place.
Result<std::string> find_log_name(Reader reader, UserId user_id);

// Gives the entry the next change_id, which is returned.
Result<std::int64_t> append_change(Transaction& transaction, UserId user_id, const AuditEntry& entry);
// For a transaction that holds its user's counters: the entries, whose ids the caller numbered without a gap,
// and the new heads.
Result<void> append_locked_changes(Transaction& transaction,
                                   const std::vector<AuditEntry>& entries,
                                   std::int64_t last_issue_number);

// An entry without a number yet, which keeps its place until number_waiting_changes().
Result<void> insert_waiting_change(Transaction& transaction,
                                   UserId user_id,
                                   const Uuid& id,
                                   const AuditEntry& entry);
// As Actor::of_system.
Result<std::vector<UserId>> list_users_with_waiting_changes(Transaction& transaction);
// For a transaction that holds the counters, whose head is `last_change_id`: how many entries came into the
// log.
Result<std::int64_t> number_waiting_changes(Transaction& transaction,
                                            UserId user_id,
                                            std::int64_t last_change_id);
// Takes the values out of all changes of one thing of the acting user's that is gone for good, and of its
// parts, and marks them "redacted"; answers that idempotency keys keep and that speak of it go as well.
Result<void> redact_changes(Transaction& transaction, UserId user_id, const Uuid& gone);

Result<std::optional<AuditEntry>> find_change(Reader reader, UserId user_id, std::int64_t change_id);
// Change ids, both ends included.
struct ChangeRange {
  std::int64_t first = 1;
  std::int64_t last = 0;
};
// Of the first and the last change of a group; empty when there is none.
Result<ChangeRange> find_ends_of_group(Reader reader, UserId user_id, const std::string& group);
// Newest first, those with ids below `before`.
Result<std::vector<AuditEntry>> list_changes_of_issue(
    Reader reader, UserId user_id, IssueId issue_id, std::int64_t before, std::int64_t limit);

struct AuditFilter {
  std::optional<EntityType> entity_type;
  std::optional<Uuid> entity_id;
  std::optional<AuditAction> action;
  std::optional<Timestamp> since;  // included
  std::optional<Timestamp> until;  // not included
};
// Newest first, those with ids below `before`.
Result<std::vector<AuditEntry>> list_audit_logs(
    Reader reader, UserId user_id, const AuditFilter& filter, std::int64_t before, std::int64_t limit);

}  // namespace dits::store
