// Issues in the database: one at a time, by the hundred, and as the snapshot that a client starts from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/issue.hpp"

namespace dits::store {

// An issue from a row whose columns stand in the order of find_issue in issues.sql.
Issue issue_from_row(Row row, bool has_description = true);

// Those in the trash are found too.
Result<std::optional<Issue>> find_issue(Reader reader, UserId user_id, IssueId id);
Result<std::optional<Issue>> find_issue_by_number(Reader reader, UserId user_id, std::int64_t number);
// In no particular order; ids that do not exist are left out.
Result<std::vector<Issue>> find_issues(Reader reader, UserId user_id, const std::vector<IssueId>& ids);
Result<std::vector<Issue>> find_issues_by_number(Reader reader,
                                                 UserId user_id,
                                                 const std::vector<std::int64_t>& numbers);
// Unset when there is none.
Result<IssueId> find_issue_id_by_number(Reader reader, UserId user_id, std::int64_t number);

Result<std::vector<Issue>> list_trash_issues(Reader reader, UserId user_id, std::int64_t limit);
Result<std::vector<Issue>> list_sub_issues(Reader reader, UserId user_id, IssueId parent_id);
// Live issues in the order of their ids, beginning after `after`, without descriptions.
Result<std::vector<Issue>> list_snapshot_issues(Reader reader,
                                                UserId user_id,
                                                IssueId after,
                                                std::int64_t limit);

struct SimilarIssue {
  IssueId id;
  std::int64_t number = 0;
  std::string title;
  double similarity = 0;
};
Result<std::vector<SimilarIssue>> list_possible_duplicates(Reader reader,
                                                           UserId user_id,
                                                           const std::string& title,
                                                           IssueId except);

// What an issue may point at; unset ids are not asked for.
struct IssueReferences {
  bool has_project = false;
  bool has_area = false;
  bool has_parent = false;
  std::int64_t label_count = 0;
};
Result<IssueReferences> resolve_issue_references(Reader reader, UserId user_id, const Issue& issue);
// The issue itself and those above it.
Result<std::vector<IssueId>> list_issue_ancestors(Reader reader, UserId user_id, IssueId id);

// Trashed ones included, in the order of their numbers.
Result<std::vector<IssueId>> list_issue_ids_by_project(Reader reader, UserId user_id, ProjectId id);
Result<std::vector<IssueId>> list_issue_ids_by_area(Reader reader, UserId user_id, AreaId id);
Result<std::vector<IssueId>> list_issue_ids_by_label(Reader reader, UserId user_id, LabelId id);
Result<std::vector<IssueId>> list_issue_ids_by_status(Reader reader, UserId user_id, StatusId id);
Result<std::vector<IssueId>> list_issue_ids_by_parent(Reader reader, UserId user_id, IssueId id);

// A live one, of the transaction's user.
Result<void> create_issue(Transaction& transaction, const Issue& issue);
// Writes what differs between the two, labels included, for all of them in four statements at most. They are
// the transaction's user's, and each is there once.
struct IssueChange {
  Issue before;
  Issue after;
};
Result<void> update_issues(Transaction& transaction, std::span<const IssueChange> changes);
Result<void> purge_issue(Transaction& transaction, UserId user_id, IssueId id);

}  // namespace dits::store
