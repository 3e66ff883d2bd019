// Comments in the database.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/comment.hpp"

namespace dits::store {

// The columns id, issue_id, body, created_at, updated_at, deleted_at.
Comment comment_from_row(Row row);

// Live ones, oldest first.
Result<std::vector<Comment>> list_comments(Reader reader, UserId user_id, IssueId issue_id);
// Deleted ones are found too.
Result<std::optional<Comment>> find_comment(Reader reader, UserId user_id, CommentId id);

Result<void> insert_comment(Transaction& transaction, UserId user_id, const Comment& comment);
Result<void> update_comment(Transaction& transaction, UserId user_id, const Comment& comment);
Result<void> purge_comment(Transaction& transaction, UserId user_id, CommentId id);

}  // namespace dits::store
