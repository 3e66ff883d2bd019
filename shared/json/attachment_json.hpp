// An attachment as JSON: what is known of the file, never its bytes.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/attachment.hpp"

namespace dits {

Json attachment_to_json(const Attachment& attachment);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_attachment_values(const Json& values, Attachment& attachment);
// A whole attachment as our own server sent it.
Result<Attachment> attachment_from_json(const Json& json);

}  // namespace dits
