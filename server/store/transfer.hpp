// Whole accounts out of the database and into it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/attachment.hpp"
#include "shared/model/audit.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"
#include "shared/model/relation.hpp"
#include "shared/model/user.hpp"

namespace dits::store {

// Pages in the order of the ids, beginning after `after`; what lies in the trash is among them.
Result<std::vector<Issue>> export_issues(Reader reader, UserId user_id, Uuid after, std::int64_t limit);
Result<std::vector<IssueRelation>> export_relations(Reader reader,
                                                    UserId user_id,
                                                    Uuid after,
                                                    std::int64_t limit);
Result<std::vector<GitIntegration>> export_git_integrations(Reader reader,
                                                            UserId user_id,
                                                            Uuid after,
                                                            std::int64_t limit);
Result<std::vector<Comment>> export_comments(Reader reader, UserId user_id, Uuid after, std::int64_t limit);
Result<std::vector<Attachment>> export_attachments(Reader reader,
                                                   UserId user_id,
                                                   Uuid after,
                                                   std::int64_t limit);
Result<std::vector<AuditEntry>> export_changes(Reader reader,
                                               UserId user_id,
                                               std::int64_t after,
                                               std::int64_t limit);
// Of all issues, those in the trash too.
Result<std::map<IssueId, std::int64_t>> list_issue_numbers(Reader reader, UserId user_id);
// About how many records an export has.
Result<std::int64_t> count_export_rows(Reader reader, UserId user_id);

// Has nothing happened in it but what comes with a new account: its workflow, sessions, tokens, the profile?
Result<bool> is_account_untouched(Reader reader, UserId user_id);
// Takes away what comes with a new account, its log too; PostgreSQL refuses it where something was made.
Result<void> empty_account(Transaction& transaction, UserId user_id);
Result<void> set_account_counters(Transaction& transaction,
                                  UserId user_id,
                                  std::int64_t last_change_id,
                                  std::int64_t last_issue_number);
// Name, avatar, preferences and times; who it is and how it signs in stay.
Result<void> import_user(Transaction& transaction, UserId user_id, const User& user);

enum class ImportTable {
  projects,
  areas,
  labels,
  workflows,  // with their statuses
  issues,     // with their labels, without parents
  relations,
  git_integrations,
  comments,
  attachments,
  saved_views,
  changes
};
// `rows` is a JSON array of entities as shared/json writes them.
Result<void> import_rows(Transaction& transaction,
                         UserId user_id,
                         ImportTable table,
                         const std::string& rows);
// For issues that are there: first all of them come in, then who stands above whom.
Result<void> import_issue_parents(Transaction& transaction,
                                  UserId user_id,
                                  const std::vector<std::pair<IssueId, IssueId>>& child_and_parent);

// Of these titles, those of issues with a smaller number that are not in the trash.
Result<std::vector<std::string>> titles_before(Transaction& transaction,
                                               UserId user_id,
                                               const std::vector<std::string>& titles,
                                               std::int64_t number);

// What no constraint says of the account as it now is: for the caller to compare with the file.
struct ImportCheck {
  std::int64_t last_issue_number = 0;
  std::int64_t change_count = 0;
  std::int64_t last_change_id = 0;
  std::int64_t default_workflows = 0;
};
Result<ImportCheck> check_import(Reader reader, UserId user_id);
// New statistics for the planner, within the transaction that brought the rows.
Result<void> analyze_after_import(Transaction& transaction);

}  // namespace dits::store
