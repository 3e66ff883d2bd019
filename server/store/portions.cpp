#include "server/store/portions.hpp"

#include <algorithm>
#include <utility>

#include "server/store/comments.hpp"
#include "server/store/issues.hpp"
#include "server/store/portions.sql.hpp"

namespace dits::store {

constexpr auto most_rows = static_cast<std::int64_t>(portion_rows);

// Of at most portion_rows issues.
static Result<void> for_portions_of(Transaction& transaction,
                                    UserId user_id,
                                    std::span<const IssueId> ids,
                                    const TakeIssues& take) {
  std::vector<std::int64_t> sizes(ids.size());
  if (ids.size() > 1) {
    const std::vector<IssueId> asked(ids.begin(), ids.end());
    sizes = all_of(TRY(transaction.run(sql::list_issue_text_sizes, {user_id, asked})),
                   [](Row row) { return row.int64(0); });
  }
  for (std::size_t begin = 0; begin < ids.size();) {
    std::size_t end = begin;
    for (std::int64_t bytes = 0; end < ids.size() && bytes < portion_bytes; ++end) bytes += sizes[end];
    const std::vector<IssueId> some(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                    ids.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<Issue> issues = TRY(find_issues(transaction, user_id, some));
    TRY(take(some, std::move(issues)));
    begin = end;
  }
  return {};
}

Result<void> for_issue_portions(Transaction& transaction,
                                UserId user_id,
                                const std::vector<IssueId>& ids,
                                const TakeIssues& take) {
  for (std::size_t begin = 0; begin < ids.size(); begin += portion_rows) {
    const std::size_t count = std::min(portion_rows, ids.size() - begin);
    TRY(for_portions_of(transaction, user_id, std::span(ids).subspan(begin, count), take));
  }
  return {};
}

Result<std::vector<AuditEntry>> list_group_portion(Reader reader,
                                                   UserId user_id,
                                                   const std::string& group,
                                                   ChangeRange within) {
  return all_of(
      TRY(reader.run(sql::list_group_portion, {user_id, group, within.first, within.last, portion_bytes})),
      entry_from_row);
}

Result<ChangePortion> list_change_portion(Reader reader,
                                          UserId user_id,
                                          std::int64_t after,
                                          std::int64_t limit) {
  const std::int64_t asked = std::min(limit, most_rows) + 1;
  const Rows rows = TRY(reader.run(sql::list_change_portion, {user_id, after, portion_bytes, asked}));
  ChangePortion portion;
  for (const Row row : rows) {
    portion.changes.push_back(lean_entry_from_row(row));
    portion.has_more = row.int64(8) > rows.size();
  }
  return portion;
}

Result<std::vector<Comment>> list_comment_portion(Reader reader,
                                                  UserId user_id,
                                                  IssueId issue_id,
                                                  CommentId last) {
  return all_of(
      TRY(reader.run(sql::list_comment_portion, {user_id, issue_id, last.uuid, portion_bytes, most_rows})),
      comment_from_row);
}

}  // namespace dits::store
