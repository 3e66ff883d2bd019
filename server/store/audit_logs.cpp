#include "server/store/audit_logs.hpp"

#include "server/store/audit_logs.sql.hpp"
#include "server/store/enums.hpp"

namespace dits::store {

AuditEntry lean_entry_from_row(Row row) {
  AuditEntry entry;
  entry.change_id = row.int64(0);
  entry.action = enum_from_row(row.text(1), audit_action_from_name);
  entry.entity_type = enum_from_row(row.text(2), entity_type_from_name);
  entry.entity_id = row.uuid(3);
  entry.old_values = row.text(4);
  entry.new_values = row.text(5);
  entry.metadata = row.text(6);
  entry.created_at = row.timestamp(7);
  return entry;
}

AuditEntry entry_from_row(Row row) {
  AuditEntry entry = lean_entry_from_row(row);
  entry.ip_address = row.text(8);
  entry.user_agent = row.text(9);
  return entry;
}

// JSON null is an empty text in AuditEntry and NULL in the table.
static Param json_or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

Result<void> insert_user_counters(Transaction& transaction, UserId user_id) {
  TRY(transaction.run(sql::insert_user_counters, {user_id}));
  return {};
}

Result<UserCounters> lock_user_counters(Transaction& transaction, UserId user_id) {
  const Rows rows = TRY(transaction.run(sql::lock_user_counters, {user_id}));
  if (rows.empty()) return not_found("This account does not exist any more.");
  return UserCounters{rows[0].int64(0), rows[0].int64(1)};
}

Result<LockedLog> lock_user_log(Transaction& transaction, UserId user_id) {
  const Rows rows = TRY(transaction.run(sql::lock_user_log, {user_id}));
  if (rows.empty()) return not_found("This account does not exist any more.");
  return LockedLog{{rows[0].int64(0), rows[0].int64(1)}, std::string(rows[0].text(2))};
}

Result<std::optional<UserCounters>> try_to_lock_user_counters(Transaction& transaction, UserId user_id) {
  return first_of(TRY(transaction.run(sql::try_to_lock_user_counters, {user_id})), [](Row row) {
    return UserCounters{row.int64(0), row.int64(1)};
  });
}

Result<void> insert_waiting_change(Transaction& transaction,
                                   UserId user_id,
                                   const Uuid& id,
                                   const AuditEntry& entry) {
  TRY(transaction.run(sql::insert_waiting_change,
                      {user_id,
                       id,
                       name_of(entry.action),
                       name_of(entry.entity_type),
                       entry.entity_id,
                       json_or_null(entry.old_values),
                       json_or_null(entry.new_values),
                       entry.ip_address,
                       entry.user_agent,
                       entry.metadata,
                       entry.created_at}));
  return {};
}

Result<std::vector<UserId>> list_users_with_waiting_changes(Transaction& transaction) {
  return all_of(TRY(transaction.run(sql::list_users_with_waiting_changes)),
                [](Row row) { return row.id<UserTag>(0); });
}

Result<std::int64_t> number_waiting_changes(Transaction& transaction,
                                            UserId user_id,
                                            std::int64_t last_change_id) {
  return TRY(transaction.run(sql::number_waiting_changes, {user_id, last_change_id}))[0].int64(0);
}

Result<UserCounters> find_user_counters(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::find_user_counters, {user_id}));
  if (rows.empty()) return not_found("This account does not exist any more.");
  return UserCounters{rows[0].int64(0), rows[0].int64(1)};
}

Result<std::int64_t> find_last_change_id(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::find_last_change_id, {user_id}));
  return rows.empty() ? std::int64_t{0} : rows[0].int64(0);
}

Result<std::string> find_log_name(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::find_log_name, {user_id}));
  return std::string(rows[0].text(0));
}

Result<std::int64_t> append_change(Transaction& transaction, UserId user_id, const AuditEntry& entry) {
  const Rows rows = TRY(transaction.run(sql::append_change,
                                        {user_id,
                                         name_of(entry.action),
                                         name_of(entry.entity_type),
                                         entry.entity_id,
                                         json_or_null(entry.old_values),
                                         json_or_null(entry.new_values),
                                         entry.ip_address,
                                         entry.user_agent,
                                         entry.metadata,
                                         entry.created_at}));
  if (rows.empty()) return not_found("This account does not exist any more.");
  return rows[0].int64(0);
}

Result<void> append_locked_changes(Transaction& transaction,
                                   const std::vector<AuditEntry>& entries,
                                   std::int64_t last_issue_number) {
  if (entries.empty()) return {};
  RowsToWrite rows{std::vector<ArrayText>(11)};
  for (const AuditEntry& entry : entries) {
    rows.add_row({entry.change_id,
                  name_of(entry.action),
                  name_of(entry.entity_type),
                  entry.entity_id,
                  json_or_null(entry.old_values),
                  json_or_null(entry.new_values),
                  entry.ip_address,
                  entry.user_agent,
                  entry.metadata,
                  entry.created_at});
  }
  rows.columns.back().add(last_issue_number);
  return transaction.write(sql::append_locked_changes, std::move(rows));
}

Result<void> redact_changes(Transaction& transaction, UserId user_id, const Uuid& gone) {
  TRY(transaction.run(sql::redact_changes, {gone}));
  TRY(transaction.run(sql::forget_answers_about, {user_id, to_string(gone)}));
  return {};
}

Result<std::optional<AuditEntry>> find_change(Reader reader, UserId user_id, std::int64_t change_id) {
  return first_of(TRY(reader.run(sql::find_change, {user_id, change_id})), entry_from_row);
}

Result<ChangeRange> find_ends_of_group(Reader reader, UserId user_id, const std::string& group) {
  const Rows rows = TRY(reader.run(sql::find_ends_of_group, {user_id, group}));
  if (rows[0].is_null(0)) return ChangeRange{};
  return ChangeRange{rows[0].int64(0), rows[0].int64(1)};
}

Result<std::vector<AuditEntry>> list_changes_of_issue(
    Reader reader, UserId user_id, IssueId issue_id, std::int64_t before, std::int64_t limit) {
  return all_of(TRY(reader.run(sql::list_changes_of_issue, {user_id, issue_id, before, limit})),
                entry_from_row);
}

Result<std::vector<AuditEntry>> list_audit_logs(
    Reader reader, UserId user_id, const AuditFilter& filter, std::int64_t before, std::int64_t limit) {
  Param type = std::nullopt;
  if (filter.entity_type) type = name_of(*filter.entity_type);
  Param action = std::nullopt;
  if (filter.action) action = name_of(*filter.action);
  return all_of(
      TRY(reader.run(sql::list_audit_logs,
                     {user_id, before, type, filter.entity_id, action, filter.since, filter.until, limit})),
      entry_from_row);
}

}  // namespace dits::store
