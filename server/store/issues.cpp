#include "server/store/issues.hpp"

#include <algorithm>
#include <utility>

#include "server/store/enums.hpp"
#include "server/store/issues.sql.hpp"

namespace dits::store {

Issue issue_from_row(Row row, bool has_description) {
  Issue issue;
  issue.id = row.id<IssueTag>(0);
  issue.number = row.int64(1);
  issue.title = row.text(2);
  issue.description = row.text(3);
  if (!row.is_null(4)) issue.priority = enum_from_row(row.text(4), priority_from_name);
  issue.status_id = row.id<StatusTag>(5);
  issue.project_id = row.id<ProjectTag>(6);
  issue.area_id = row.id<AreaTag>(7);
  issue.parent_issue_id = row.id<IssueTag>(8);
  issue.start_date = row.optional_date(9);
  issue.due_date = row.optional_date(10);
  issue.completed_at = row.optional_timestamp(11);
  issue.position = row.number(12);
  issue.label_ids = row.ids<LabelTag>(13);
  issue.metadata = row.text(14);
  issue.version = row.int64(15);
  issue.created_at = row.timestamp(16);
  issue.updated_at = row.timestamp(17);
  issue.deleted_at = row.optional_timestamp(18);
  issue.has_description = has_description;
  return issue;
}

static Issue whole_issue_from_row(Row row) { return issue_from_row(row); }
static Issue lean_issue_from_row(Row row) { return issue_from_row(row, false); }

Result<std::optional<Issue>> find_issue(Reader reader, UserId user_id, IssueId id) {
  return first_of(TRY(reader.run(sql::find_issue, {user_id, id})), whole_issue_from_row);
}

Result<std::optional<Issue>> find_issue_by_number(Reader reader, UserId user_id, std::int64_t number) {
  return first_of(TRY(reader.run(sql::find_issue_by_number, {user_id, number})), whole_issue_from_row);
}

Result<std::vector<Issue>> find_issues(Reader reader, UserId user_id, const std::vector<IssueId>& ids) {
  return all_of(TRY(reader.run(sql::find_issues, {user_id, ids})), whole_issue_from_row);
}

Result<std::vector<Issue>> find_issues_by_number(Reader reader,
                                                 UserId user_id,
                                                 const std::vector<std::int64_t>& numbers) {
  return all_of(TRY(reader.run(sql::find_issues_by_number, {user_id, numbers})), whole_issue_from_row);
}

Result<IssueId> find_issue_id_by_number(Reader reader, UserId user_id, std::int64_t number) {
  const Rows rows = TRY(reader.run(sql::find_issue_id_by_number, {user_id, number}));
  return rows.empty() ? IssueId{} : rows[0].id<IssueTag>(0);
}

Result<std::vector<Issue>> list_trash_issues(Reader reader, UserId user_id, std::int64_t limit) {
  return all_of(TRY(reader.run(sql::list_trash_issues, {user_id, limit})), lean_issue_from_row);
}

Result<std::vector<Issue>> list_sub_issues(Reader reader, UserId user_id, IssueId parent_id) {
  return all_of(TRY(reader.run(sql::list_sub_issues, {user_id, parent_id})), lean_issue_from_row);
}

Result<std::vector<Issue>> list_snapshot_issues(Reader reader,
                                                UserId user_id,
                                                IssueId after,
                                                std::int64_t limit) {
  return all_of(TRY(reader.run(sql::list_snapshot_issues, {user_id, after.uuid, limit})),
                lean_issue_from_row);
}

Result<std::vector<SimilarIssue>> list_possible_duplicates(Reader reader,
                                                           UserId user_id,
                                                           const std::string& title,
                                                           IssueId except) {
  return all_of(TRY(reader.run(sql::list_possible_duplicates, {user_id, title, except})), [](Row row) {
    return SimilarIssue{row.id<IssueTag>(0), row.int64(1), std::string(row.text(2)), row.number(3)};
  });
}

Result<IssueReferences> resolve_issue_references(Reader reader, UserId user_id, const Issue& issue) {
  const Rows rows =
      TRY(reader.run(sql::resolve_issue_references,
                     {user_id, issue.project_id, issue.area_id, issue.parent_issue_id, issue.label_ids}));
  return IssueReferences{rows[0].boolean(0), rows[0].boolean(1), rows[0].boolean(2), rows[0].int64(3)};
}

static Result<std::vector<IssueId>> issue_ids(Reader reader,
                                              const Statement& statement,
                                              UserId user_id,
                                              const Param& param) {
  return all_of(TRY(reader.run(statement, {user_id, param})), [](Row row) { return row.id<IssueTag>(0); });
}

Result<std::vector<IssueId>> list_issue_ancestors(Reader reader, UserId user_id, IssueId id) {
  return issue_ids(reader, sql::list_issue_ancestors, user_id, id);
}

Result<std::vector<IssueId>> list_issue_ids_by_project(Reader reader, UserId user_id, ProjectId id) {
  return issue_ids(reader, sql::list_issue_ids_by_project, user_id, id);
}

Result<std::vector<IssueId>> list_issue_ids_by_area(Reader reader, UserId user_id, AreaId id) {
  return issue_ids(reader, sql::list_issue_ids_by_area, user_id, id);
}

Result<std::vector<IssueId>> list_issue_ids_by_label(Reader reader, UserId user_id, LabelId id) {
  return issue_ids(reader, sql::list_issue_ids_by_label, user_id, id);
}

Result<std::vector<IssueId>> list_issue_ids_by_status(Reader reader, UserId user_id, StatusId id) {
  return issue_ids(reader, sql::list_issue_ids_by_status, user_id, id);
}

Result<std::vector<IssueId>> list_issue_ids_by_parent(Reader reader, UserId user_id, IssueId id) {
  return issue_ids(reader, sql::list_issue_ids_by_parent, user_id, id);
}

Result<void> create_issue(Transaction& transaction, const Issue& issue) {
  constexpr std::size_t label_columns = 17;
  RowsToWrite rows{std::vector<ArrayText>(label_columns + 2), {issue.id.uuid}};
  if (issue.parent_issue_id.is_set()) rows.things.push_back(issue.parent_issue_id.uuid);
  rows.add_row({issue.id,
                issue.number,
                issue.title,
                issue.description,
                name_of(issue.priority),
                issue.status_id,
                issue.project_id,
                issue.area_id,
                issue.parent_issue_id,
                issue.start_date,
                issue.due_date,
                issue.completed_at,
                issue.position,
                issue.metadata,
                issue.version,
                issue.created_at,
                issue.updated_at});
  for (const LabelId label_id : issue.label_ids) {
    rows.columns[label_columns].add(issue.id);
    rows.columns[label_columns + 1].add(label_id);
  }
  return transaction.write(sql::create_issues, std::move(rows));
}

static bool is_same_text(const Issue& a, const Issue& b) {
  return a.title == b.title && a.description == b.description && a.metadata == b.metadata;
}

static Result<void> update_texts(Transaction& transaction, std::span<const IssueChange> changes) {
  RowsToWrite rows{std::vector<ArrayText>(4)};
  for (const auto& [before, after] : changes) {
    if (is_same_text(before, after)) continue;
    rows.add_row({after.id, after.title, after.description, after.metadata});
    rows.things.push_back(after.id.uuid);
  }
  if (rows.things.empty()) return {};
  return transaction.write(sql::update_issue_texts, std::move(rows));
}

// Pairs of an issue and a label that one side has and the other lacks.
struct LabelPairs {
  RowsToWrite rows{std::vector<ArrayText>(2)};

  void add_lacking(const Issue& issue, const std::vector<LabelId>& has, const std::vector<LabelId>& lacks) {
    for (const LabelId id : has) {
      if (std::find(lacks.begin(), lacks.end(), id) != lacks.end()) continue;
      rows.add_row({issue.id, id});
      rows.things.push_back(issue.id.uuid);
    }
  }
  bool has_any() const { return !rows.things.empty(); }
};

static Result<void> update_labels(Transaction& transaction, std::span<const IssueChange> changes) {
  LabelPairs gone;
  LabelPairs added;
  for (const auto& [before, after] : changes) {
    gone.add_lacking(after, before.label_ids, after.label_ids);
    added.add_lacking(after, after.label_ids, before.label_ids);
  }
  if (gone.has_any()) TRY(transaction.write(sql::delete_issue_labels, std::move(gone.rows)));
  if (added.has_any()) TRY(transaction.write(sql::insert_issue_labels, std::move(added.rows)));
  return {};
}

Result<void> update_issues(Transaction& transaction, std::span<const IssueChange> changes) {
  RowsToWrite rows{std::vector<ArrayText>(13)};
  for (const IssueChange& change : changes) {
    const Issue& issue = change.after;
    rows.add_row({issue.id,
                  name_of(issue.priority),
                  issue.status_id,
                  issue.project_id,
                  issue.area_id,
                  issue.parent_issue_id,
                  issue.start_date,
                  issue.due_date,
                  issue.completed_at,
                  issue.position,
                  issue.version,
                  issue.updated_at,
                  issue.deleted_at});
    rows.things.push_back(issue.id.uuid);
    if (issue.parent_issue_id.is_set() && issue.parent_issue_id != change.before.parent_issue_id)
      rows.things.push_back(issue.parent_issue_id.uuid);
  }
  TRY(transaction.write(sql::update_issues, std::move(rows)));
  TRY(update_texts(transaction, changes));
  return update_labels(transaction, changes);
}

Result<void> purge_issue(Transaction& transaction, UserId user_id, IssueId id) {
  TRY(transaction.run(sql::purge_issue, {user_id, id}));
  return {};
}

}  // namespace dits::store
