// What an import reads and writes by the hundred.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"

namespace dits::store {

// By metadata.sourceUrl; trashed ones too.
Result<std::map<std::string, IssueId>> find_imported_issues(Reader reader,
                                                            UserId user_id,
                                                            const std::vector<std::string>& urls);
struct LinkedPullRequest {
  IssueId issue_id;
  std::string url;
};
Result<std::vector<LinkedPullRequest>> list_linked_pull_requests(Reader reader,
                                                                 UserId user_id,
                                                                 const std::vector<IssueId>& issues);

// Issues without priority, area, parent and dates but those of creation, change and completion; with their
// labels.
Result<void> insert_issues(Transaction& transaction, UserId user_id, const std::vector<Issue>& issues);
// Links to pull requests at GitHub.
Result<void> insert_git_integrations(Transaction& transaction,
                                     UserId user_id,
                                     const std::vector<GitIntegration>& links);

}  // namespace dits::store
