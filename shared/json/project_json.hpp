// A project as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/project.hpp"

namespace dits {

Json project_to_json(const Project& project);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_project_values(const Json& values, Project& project);
// A whole project as our own server sent it.
Result<Project> project_from_json(const Json& json);

// Bodies of POST and PATCH. Errors: invalid with every refused field.
Result<Project> project_draft_from_json(const Json& body);
Result<ProjectPatch> project_patch_from_json(const Json& body);
Json project_patch_to_json(const ProjectPatch& patch);

}  // namespace dits
