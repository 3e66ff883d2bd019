#include "shared/json/comment_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

Json comment_to_json(const Comment& comment) {
  ObjectValue out;
  out.put("id", comment.id);
  out.put("issueId", comment.issue_id);
  out.put("body", comment.body);
  out.put("createdAt", comment.created_at);
  out.put("updatedAt", comment.updated_at);
  out.put("deletedAt", comment.deleted_at);
  return out.take();
}

Result<void> apply_comment_values(const Json& values, Comment& comment) {
  FieldReader reader(values);
  reader.read("id", comment.id);
  reader.read("issueId", comment.issue_id);
  reader.read("body", comment.body);
  reader.read("createdAt", comment.created_at);
  reader.read("updatedAt", comment.updated_at);
  reader.read("deletedAt", comment.deleted_at);
  return reader.result();
}

Result<Comment> comment_from_json(const Json& json) {
  Comment comment;
  TRY(apply_comment_values(json, comment));
  return comment;
}

Result<Comment> comment_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Comment comment;
  reader.read("id", comment.id);
  reader.require("body", comment.body);
  reader.refuse_read_only({"issueId", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(comment));
  return comment;
}

Result<std::string> comment_patch_from_json(const Json& body) {
  FieldReader reader(body);
  Comment comment;
  reader.require("body", comment.body);
  reader.refuse_read_only({"id", "issueId", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(comment));
  return std::move(comment.body);
}

}  // namespace dits
