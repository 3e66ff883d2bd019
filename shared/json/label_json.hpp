// A label as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/label.hpp"

namespace dits {

Json label_to_json(const Label& label);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_label_values(const Json& values, Label& label);
// A whole label as our own server sent it.
Result<Label> label_from_json(const Json& json);

// Bodies of POST and PATCH. Errors: invalid with every refused field.
Result<Label> label_draft_from_json(const Json& body);
Result<LabelPatch> label_patch_from_json(const Json& body);
Json label_patch_to_json(const LabelPatch& patch);

}  // namespace dits
