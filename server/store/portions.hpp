// What is changed or told of by the thousands, read some at a time: neither how many there are nor how long
// their texts are is what memory grows with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "server/store/audit_logs.hpp"
#include "server/store/reader.hpp"
#include "shared/model/comment.hpp"
#include "shared/model/issue.hpp"

namespace dits::store {

// A portion ends with the row that fills it, so that it has one long text more at most. As much is written at
// once, too: a deletion on a full disk has little room at a time.
constexpr std::size_t portion_rows = 250;
constexpr std::int64_t portion_bytes = std::int64_t{1} << 20;

// Takes the issues that are there of `ids`, in any order. An error ends the reading.
using TakeIssues = std::function<Result<void>(std::span<const IssueId> ids, std::vector<Issue> issues)>;
// Of these issues, with their texts: portion by portion, in the order of the ids.
Result<void> for_issue_portions(Transaction& transaction,
                                UserId user_id,
                                const std::vector<IssueId>& ids,
                                const TakeIssues& take);

// Of a group, within these changes: the newest ones, newest first.
Result<std::vector<AuditEntry>> list_group_portion(Reader reader,
                                                   UserId user_id,
                                                   const std::string& group,
                                                   ChangeRange within);

struct ChangePortion {
  std::vector<AuditEntry> changes;
  bool has_more = false;  // behind them
};
// Of the log after this change: the oldest ones, at most `limit`, oldest first, without address and agent.
Result<ChangePortion> list_change_portion(Reader reader,
                                          UserId user_id,
                                          std::int64_t after,
                                          std::int64_t limit = portion_rows);

// Of an issue, those in the trash too, by id: the ones after `last`.
Result<std::vector<Comment>> list_comment_portion(Reader reader,
                                                  UserId user_id,
                                                  IssueId issue_id,
                                                  CommentId last);

}  // namespace dits::store
