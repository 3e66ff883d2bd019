#include "server/store/imports.hpp"

#include "server/db/array_text.hpp"
#include "server/store/imports.sql.hpp"
#include "server/store/issues.sql.hpp"

namespace dits::store {

Result<std::map<std::string, ImportedIssue>> find_imported_issues(Reader reader,
                                                                  UserId user_id,
                                                                  const std::vector<std::string>& urls) {
  std::map<std::string, ImportedIssue> found;
  for (Row row : TRY(reader.run(sql::list_imported_issues, {user_id, urls}))) {
    found.emplace(std::string(row.text(2)), ImportedIssue{row.id<IssueTag>(0), row.int64(1)});
  }
  return found;
}

Result<std::vector<IssueId>> list_imported_issues_with(Reader reader,
                                                       UserId user_id,
                                                       const std::vector<std::string>& words) {
  return all_of(TRY(reader.run(sql::list_imported_issues_with, {user_id, words})),
                [](Row row) { return row.id<IssueTag>(0); });
}

Result<std::vector<LinkedPullRequest>> list_linked_pull_requests(Reader reader,
                                                                 UserId user_id,
                                                                 const std::vector<IssueId>& issues) {
  return all_of(TRY(reader.run(sql::list_linked_pull_requests, {user_id, issues})), [](Row row) {
    return LinkedPullRequest{row.id<IssueTag>(0), std::string(row.text(1))};
  });
}

Result<void> insert_issues(Transaction& transaction, UserId user_id, const std::vector<Issue>& issues) {
  ArrayText columns[10];
  ArrayText labelled;
  ArrayText labels;
  for (const Issue& issue : issues) {
    const Param values[] = {issue.id,
                            issue.number,
                            issue.title,
                            issue.description,
                            issue.status_id,
                            issue.project_id,
                            issue.completed_at,
                            issue.metadata,
                            issue.created_at,
                            issue.updated_at};
    for (std::size_t i = 0; i < std::size(columns); ++i) columns[i].add(values[i]);
    for (LabelId label_id : issue.label_ids) {
      labelled.add(issue.id);
      labels.add(label_id);
    }
  }
  std::vector<Param> params = {user_id};
  for (ArrayText& column : columns) params.push_back(column.take());
  TRY(transaction.run(sql::insert_issues, params));
  TRY(transaction.run(sql::insert_issue_labels, {user_id, labelled.take(), labels.take()}));
  return {};
}

Result<void> insert_git_integrations(Transaction& transaction,
                                     UserId user_id,
                                     const std::vector<GitIntegration>& links) {
  ArrayText columns[6];
  for (const GitIntegration& link : links) {
    const Param values[] = {
        link.id, link.issue_id, link.repository, link.pr_url, link.metadata, link.created_at};
    for (std::size_t i = 0; i < std::size(columns); ++i) columns[i].add(values[i]);
  }
  std::vector<Param> params = {user_id};
  for (ArrayText& column : columns) params.push_back(column.take());
  TRY(transaction.run(sql::insert_git_integrations, params));
  return {};
}

}  // namespace dits::store
