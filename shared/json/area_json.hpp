// An area as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/area.hpp"

namespace dits {

Json area_to_json(const Area& area);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_area_values(const Json& values, Area& area);
// A whole area as our own server sent it.
Result<Area> area_from_json(const Json& json);

// Bodies of POST and PATCH. Errors: invalid with every refused field.
Result<Area> area_draft_from_json(const Json& body);
Result<AreaPatch> area_patch_from_json(const Json& body);
Json area_patch_to_json(const AreaPatch& patch);

}  // namespace dits
