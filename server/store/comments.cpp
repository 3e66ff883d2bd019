#include "server/store/comments.hpp"

#include "server/store/comments.sql.hpp"

namespace dits::store {

Comment comment_from_row(Row row) {
  return {row.id<CommentTag>(0),
          row.id<IssueTag>(1),
          std::string(row.text(2)),
          row.timestamp(3),
          row.timestamp(4),
          row.optional_timestamp(5)};
}

Result<std::vector<Comment>> list_comments(Reader reader, UserId user_id, IssueId issue_id) {
  return all_of(TRY(reader.run(sql::list_comments, {user_id, issue_id})), comment_from_row);
}

Result<std::optional<Comment>> find_comment(Reader reader, UserId user_id, CommentId id) {
  return first_of(TRY(reader.run(sql::find_comment, {user_id, id})), comment_from_row);
}

Result<void> insert_comment(Transaction& transaction, UserId user_id, const Comment& comment) {
  TRY(transaction.run(
      sql::insert_comment,
      {user_id, comment.id, comment.issue_id, comment.body, comment.created_at, comment.updated_at}));
  return {};
}

Result<void> update_comment(Transaction& transaction, UserId user_id, const Comment& comment) {
  TRY(transaction.run(sql::update_comment,
                      {user_id, comment.id, comment.body, comment.updated_at, comment.deleted_at}));
  return {};
}

Result<void> purge_comment(Transaction& transaction, UserId user_id, CommentId id) {
  TRY(transaction.run(sql::purge_comment, {user_id, id}));
  return {};
}

}  // namespace dits::store
