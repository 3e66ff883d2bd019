// A saved view as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/saved_view.hpp"

namespace dits {

Json saved_view_to_json(const SavedView& view);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_saved_view_values(const Json& values, SavedView& view);
// A whole view as our own server sent it.
Result<SavedView> saved_view_from_json(const Json& json);

// Bodies of POST and PATCH. Errors: invalid with every refused field.
Result<SavedView> saved_view_draft_from_json(const Json& body);
Result<SavedViewPatch> saved_view_patch_from_json(const Json& body);
Json saved_view_patch_to_json(const SavedViewPatch& patch);

}  // namespace dits
