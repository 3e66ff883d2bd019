// Links from issues to version control in the database.
#pragma once

#include <optional>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/git_integration.hpp"

namespace dits::store {

// The columns id, issue_id, provider, repository, branch_name, pr_url, commit_hash, metadata, created_at,
// updated_at.
GitIntegration git_integration_from_row(Row row);

// Those of issues that are not in the trash, without metadata: for a snapshot.
Result<std::vector<GitIntegration>> list_all_git_integrations(Reader reader, UserId user_id);
// Oldest first.
Result<std::vector<GitIntegration>> list_git_integrations(Reader reader, UserId user_id, IssueId issue_id);
Result<std::optional<GitIntegration>> find_git_integration(Reader reader,
                                                           UserId user_id,
                                                           GitIntegrationId id);

Result<void> insert_git_integration(Transaction& transaction, UserId user_id, const GitIntegration& link);
Result<void> update_git_integration(Transaction& transaction, UserId user_id, const GitIntegration& link);
Result<void> delete_git_integration(Transaction& transaction, UserId user_id, GitIntegrationId id);

}  // namespace dits::store
