// What an import reads and writes by the hundred.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/git_integration.hpp"
#include "shared/model/issue.hpp"

namespace dits::store {

struct ImportedIssue {
  IssueId id;
  std::int64_t number = 0;
};
// By metadata.sourceUrl; trashed ones too.
Result<std::map<std::string, ImportedIssue>> find_imported_issues(Reader reader,
                                                                  UserId user_id,
                                                                  const std::vector<std::string>& urls);
// Imported issues, not in the trash, that have any of `words` in their text. Each text is read once.
Result<std::vector<IssueId>> list_imported_issues_with(Reader reader,
                                                       UserId user_id,
                                                       const std::vector<std::string>& words);
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
