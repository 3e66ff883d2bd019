#include "shared/model/comment.hpp"

#include "shared/core/text.hpp"
#include "shared/model/checks.hpp"

namespace dits {

Result<void> validate(const Comment& comment) {
  Refusals refusals;
  if (trim(comment.body).empty()) refusals.add("body", "Must not be empty");
  check_long_text(refusals, "body", comment.body, max_long_text_bytes);
  return refusals.result();
}

}  // namespace dits
