// A git link as JSON.
#pragma once

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/git_integration.hpp"

namespace dits {

Json git_integration_to_json(const GitIntegration& link);

// Sets the fields that `values` has, as an audit entry or our own server gives them; unknown ones are passed
// over.
Result<void> apply_git_integration_values(const Json& values, GitIntegration& link);
// A whole link as our own server sent it.
Result<GitIntegration> git_integration_from_json(const Json& json);

// Body of POST /issues/{id}/git-integrations; the issue comes from the path. Errors: invalid with every
// refused field.
Result<GitIntegration> git_integration_draft_from_json(const Json& body);
// Body of PATCH: `before` with the fields that are given.
Result<GitIntegration> git_integration_changed_by_json(const Json& body, GitIntegration before);

}  // namespace dits
