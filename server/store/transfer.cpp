#include "server/store/transfer.hpp"

#include "server/db/array_text.hpp"
#include "server/store/attachments.hpp"
#include "server/store/audit_logs.hpp"
#include "server/store/comments.hpp"
#include "server/store/git_integrations.hpp"
#include "server/store/issues.hpp"
#include "server/store/relations.hpp"
#include "server/store/transfer.sql.hpp"

namespace dits::store {

Result<std::vector<Issue>> export_issues(Reader reader, UserId user_id, Uuid after, std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_issues, {user_id, after, limit})),
                [](Row row) { return issue_from_row(row); });
}

Result<std::vector<IssueRelation>> export_relations(Reader reader,
                                                    UserId user_id,
                                                    Uuid after,
                                                    std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_relations, {user_id, after, limit})), relation_from_row);
}

Result<std::vector<GitIntegration>> export_git_integrations(Reader reader,
                                                            UserId user_id,
                                                            Uuid after,
                                                            std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_git_integrations, {user_id, after, limit})),
                git_integration_from_row);
}

Result<std::vector<Comment>> export_comments(Reader reader, UserId user_id, Uuid after, std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_comments, {user_id, after, limit})), comment_from_row);
}

Result<std::vector<Attachment>> export_attachments(Reader reader,
                                                   UserId user_id,
                                                   Uuid after,
                                                   std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_attachments, {user_id, after, limit})), attachment_from_row);
}

Result<std::vector<AuditEntry>> export_changes(Reader reader,
                                               UserId user_id,
                                               std::int64_t after,
                                               std::int64_t limit) {
  return all_of(TRY(reader.run(sql::export_changes, {user_id, after, limit})), entry_from_row);
}

Result<std::map<IssueId, std::int64_t>> list_issue_numbers(Reader reader, UserId user_id) {
  std::map<IssueId, std::int64_t> numbers;
  const Rows rows = TRY(reader.run(sql::list_issue_numbers, {user_id}));
  for (Row row : rows) numbers.emplace(row.id<IssueTag>(0), row.int64(1));
  return numbers;
}

Result<std::int64_t> count_export_rows(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::count_export_rows, {user_id}));
  return rows[0].int64(0);
}

Result<bool> is_account_untouched(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::is_account_untouched, {user_id}));
  return rows[0].boolean(0);
}

Result<void> empty_account(Transaction& transaction, UserId user_id) {
  TRY(transaction.run(sql::begin_log_anew));
  TRY(transaction.run(sql::delete_default_workflows, {user_id}));
  return {};
}

Result<void> set_account_counters(Transaction& transaction,
                                  UserId user_id,
                                  std::int64_t last_change_id,
                                  std::int64_t last_issue_number) {
  TRY(transaction.run(sql::set_account_counters, {user_id, last_change_id, last_issue_number}));
  return {};
}

Result<void> import_user(Transaction& transaction, UserId user_id, const User& user) {
  TRY(transaction.run(sql::import_user,
                      {user_id, user.name, user.avatar, user.preferences, user.created_at, user.updated_at}));
  return {};
}

static const Statement& statement_for(ImportTable table) {
  switch (table) {
    case ImportTable::projects:
      return sql::import_projects;
    case ImportTable::areas:
      return sql::import_areas;
    case ImportTable::labels:
      return sql::import_labels;
    case ImportTable::workflows:
      return sql::import_workflows;
    case ImportTable::issues:
      return sql::import_issues;
    case ImportTable::relations:
      return sql::import_relations;
    case ImportTable::git_integrations:
      return sql::import_git_integrations;
    case ImportTable::comments:
      return sql::import_comments;
    case ImportTable::attachments:
      return sql::import_attachments;
    case ImportTable::saved_views:
      return sql::import_saved_views;
    case ImportTable::changes:
      break;
  }
  return sql::import_changes;
}

Result<void> import_rows(Transaction& transaction,
                         UserId user_id,
                         ImportTable table,
                         const std::string& rows) {
  TRY(transaction.run(statement_for(table), {user_id, rows}));
  if (table == ImportTable::workflows) TRY(transaction.run(sql::import_statuses, {user_id, rows}));
  if (table == ImportTable::issues) TRY(transaction.run(sql::import_issue_labels, {user_id, rows}));
  return {};
}

Result<void> import_issue_parents(Transaction& transaction,
                                  UserId user_id,
                                  const std::vector<std::pair<IssueId, IssueId>>& child_and_parent) {
  ArrayText children;
  ArrayText parents;
  for (const auto& [child, parent] : child_and_parent) {
    children.add(child);
    parents.add(parent);
  }
  TRY(transaction.run(sql::import_issue_parents, {user_id, children.take(), parents.take()}));
  return {};
}

Result<std::vector<std::string>> titles_before(Transaction& transaction,
                                               UserId user_id,
                                               const std::vector<std::string>& titles,
                                               std::int64_t number) {
  ArrayText wanted;
  for (const std::string& title : titles) wanted.add(title);
  const Rows rows = TRY(transaction.run(sql::titles_before, {user_id, wanted.take(), number}));
  std::vector<std::string> found;
  for (const Row& row : rows) found.emplace_back(row.text(0));
  return found;
}

Result<ImportCheck> check_import(Reader reader, UserId user_id) {
  const Rows rows = TRY(reader.run(sql::check_import, {user_id}));
  return ImportCheck{rows[0].int64(0), rows[0].int64(1), rows[0].int64(2), rows[0].int64(3)};
}

Result<void> analyze_after_import(Transaction& transaction) {
  TRY(transaction.run(sql::analyze_after_import));
  return {};
}

}  // namespace dits::store
