// A comment on an issue, in markdown.
#pragma once

#include <optional>
#include <string>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

struct Comment {
  CommentId id;
  IssueId issue_id;
  std::string body;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;
};

Result<void> validate(const Comment& comment);  // body 1 byte .. 256 KiB, not only white space

}  // namespace dits
