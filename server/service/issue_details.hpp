// All that the open pane of an issue shows, read as one state.
#pragma once

#include "server/service/issues.hpp"
#include "shared/json/issue_details_json.hpp"

namespace dits {

// Of an issue in the trash, too. Errors: not_found.
Result<IssueDetails> issue_details(ServiceContext& context, const Viewer& viewer, const IssueKey& key);

}  // namespace dits
