// A comment as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/comment.hpp"

namespace dits {

Json comment_to_json(const Comment& comment);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_comment_values(const Json& values, Comment& comment);
// A whole comment as our own server sent it.
Result<Comment> comment_from_json(const Json& json);

// Body of POST /issues/{id}/comments and of PATCH /comments/{id}: {"body"}, with an "id" when creating. The
// issue comes from the path. Errors: invalid with every refused field.
Result<Comment> comment_draft_from_json(const Json& body);
Result<std::string> comment_patch_from_json(const Json& body);

}  // namespace dits
