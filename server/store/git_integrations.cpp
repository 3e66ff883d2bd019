#include "server/store/git_integrations.hpp"

#include "server/store/enums.hpp"
#include "server/store/git_integrations.sql.hpp"

namespace dits::store {

GitIntegration git_integration_from_row(Row row) {
  return {row.id<GitIntegrationTag>(0),
          row.id<IssueTag>(1),
          enum_from_row(row.text(2), git_provider_from_name),
          std::string(row.text(3)),
          row.optional_text(4),
          row.optional_text(5),
          row.optional_text(6),
          std::string(row.text(7)),
          row.timestamp(8),
          row.timestamp(9)};
}

Result<std::vector<GitIntegration>> list_all_git_integrations(Reader reader, UserId user_id) {
  return all_of(TRY(reader.run(sql::list_all_git_integrations, {user_id})), git_integration_from_row);
}

Result<std::vector<GitIntegration>> list_git_integrations(Reader reader, UserId user_id, IssueId issue_id) {
  return all_of(TRY(reader.run(sql::list_git_integrations, {user_id, issue_id})), git_integration_from_row);
}

Result<std::optional<GitIntegration>> find_git_integration(Reader reader,
                                                           UserId user_id,
                                                           GitIntegrationId id) {
  return first_of(TRY(reader.run(sql::find_git_integration, {user_id, id})), git_integration_from_row);
}

Result<void> insert_git_integration(Transaction& transaction, UserId user_id, const GitIntegration& link) {
  TRY(transaction.run(sql::insert_git_integration,
                      {user_id,
                       link.id,
                       link.issue_id,
                       name_of(link.provider),
                       link.repository,
                       link.branch_name,
                       link.pr_url,
                       link.commit_hash,
                       link.metadata,
                       link.created_at,
                       link.updated_at}));
  return {};
}

Result<void> update_git_integration(Transaction& transaction, UserId user_id, const GitIntegration& link) {
  TRY(transaction.run(sql::update_git_integration,
                      {user_id,
                       link.id,
                       name_of(link.provider),
                       link.repository,
                       link.branch_name,
                       link.pr_url,
                       link.commit_hash,
                       link.metadata,
                       link.updated_at}));
  return {};
}

Result<void> delete_git_integration(Transaction& transaction, UserId user_id, GitIntegrationId id) {
  TRY(transaction.run(sql::delete_git_integration, {user_id, id}));
  return {};
}

}  // namespace dits::store
