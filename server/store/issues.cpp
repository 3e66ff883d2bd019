#include "server/store/issues.hpp"

#include <algorithm>

#include "server/store/array_text.hpp"
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

Result<void> insert_issue(Transaction& transaction, UserId user_id, const Issue& issue) {
  TRY(transaction.write(sql::insert_issue,
                        {user_id,
                         issue.id,
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
                         issue.updated_at,
                         issue.label_ids}));
  return {};
}

static bool is_same_text(const Issue& a, const Issue& b) {
  return a.title == b.title && a.description == b.description && a.metadata == b.metadata;
}

// The columns that update_issue leaves alone, and the labels.
static Result<void> update_text_and_labels(Transaction& transaction,
                                           UserId user_id,
                                           const Issue& before,
                                           const Issue& after) {
  if (!is_same_text(before, after)) {
    TRY(transaction.write(sql::update_issue_text,
                          {user_id, after.id, after.title, after.description, after.metadata}));
  }
  if (before.label_ids != after.label_ids) {
    TRY(transaction.write(sql::replace_issue_labels, {user_id, after.id, after.label_ids}));
  }
  return {};
}

Result<void> update_issue(Transaction& transaction, UserId user_id, const Issue& before, const Issue& after) {
  TRY(transaction.write(sql::update_issue,
                        {user_id,
                         after.id,
                         name_of(after.priority),
                         after.status_id,
                         after.project_id,
                         after.area_id,
                         after.parent_issue_id,
                         after.start_date,
                         after.due_date,
                         after.completed_at,
                         after.position,
                         after.version,
                         after.updated_at,
                         after.deleted_at}));
  return update_text_and_labels(transaction, user_id, before, after);
}

static Result<void> update_texts(Transaction& transaction,
                                 UserId user_id,
                                 const std::vector<IssueChange>& changes) {
  ArrayText columns[4];
  bool has_any = false;
  for (const auto& [before, after] : changes) {
    if (is_same_text(before, after)) continue;
    has_any = true;
    const Param values[] = {after.id, after.title, after.description, after.metadata};
    for (std::size_t i = 0; i < std::size(columns); ++i) columns[i].add(values[i]);
  }
  if (!has_any) return {};
  return transaction.write(
      sql::update_issue_texts,
      {user_id, columns[0].take(), columns[1].take(), columns[2].take(), columns[3].take()});
}

// Pairs of an issue and a label that one side has and the other lacks.
struct LabelPairs {
  ArrayText issues;
  ArrayText labels;
  bool has_any = false;

  void add_lacking(const Issue& issue, const std::vector<LabelId>& has, const std::vector<LabelId>& lacks) {
    for (const LabelId id : has) {
      if (std::find(lacks.begin(), lacks.end(), id) != lacks.end()) continue;
      issues.add(issue.id);
      labels.add(id);
      has_any = true;
    }
  }
};

static Result<void> update_labels(Transaction& transaction,
                                  UserId user_id,
                                  const std::vector<IssueChange>& changes) {
  LabelPairs gone;
  LabelPairs added;
  for (const auto& [before, after] : changes) {
    gone.add_lacking(after, before.label_ids, after.label_ids);
    added.add_lacking(after, after.label_ids, before.label_ids);
  }
  if (gone.has_any)
    TRY(transaction.write(sql::delete_issue_labels, {user_id, gone.issues.take(), gone.labels.take()}));
  if (added.has_any)
    TRY(transaction.write(sql::insert_issue_labels, {user_id, added.issues.take(), added.labels.take()}));
  return {};
}

Result<void> update_issues(Transaction& transaction,
                           UserId user_id,
                           const std::vector<IssueChange>& changes) {
  ArrayText columns[13];
  for (const IssueChange& change : changes) {
    const Issue& issue = change.after;
    const Param values[] = {issue.id,
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
                            issue.deleted_at};
    for (std::size_t i = 0; i < std::size(columns); ++i) columns[i].add(values[i]);
  }
  std::vector<Param> params = {user_id};
  for (ArrayText& column : columns) params.push_back(column.take());
  TRY(transaction.write(sql::update_issues, params));
  TRY(update_texts(transaction, user_id, changes));
  return update_labels(transaction, user_id, changes);
}

Result<void> purge_issue(Transaction& transaction, UserId user_id, IssueId id) {
  TRY(transaction.run(sql::purge_issue, {user_id, id}));
  return {};
}

}  // namespace dits::store
