// A table becomes issues: read, checked and written some rows at a time, all in one transaction, undone in
// one step. From the first mistake on nothing is written any more, and the rest is read for its own mistakes.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "server/base/text_decoder.hpp"
#include "server/service/areas.hpp"
#include "server/service/import.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/table_columns.hpp"
#include "server/service/table_maps.hpp"
#include "server/service/table_obstacles.hpp"
#include "server/service/table_parents.hpp"
#include "server/service/table_words.hpp"
#include "server/service/todoist_table.hpp"
#include "server/store/areas.hpp"
#include "server/store/labels.hpp"
#include "server/store/projects.hpp"
#include "server/store/transfer.hpp"
#include "shared/core/csv.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

namespace {

constexpr std::size_t rows_at_once = 500;
constexpr std::size_t bytes_at_once = std::size_t{2} * 1024 * 1024;

struct Row {
  std::int64_t line = 0;
  std::string key;  // in the table: what `parent` speaks of
  std::string parent;
  std::string status;
  std::string project;
  std::string area;
  std::vector<std::string> labels;
  Issue issue;
};

// Its lines and runs of blanks as one blank each.
std::string in_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\r' || c == '\n' || c == '\t';
    if (!is_blank) out += c;
    if (is_blank && !out.ends_with(' ')) out += ' ';
  }
  return out;
}

// What rows call each other by: "#12", "12" and "012" are one; any other key as it stands.
std::string key_from_cell(std::string_view text) {
  std::string_view key = trim(text);
  if (key.starts_with('#')) key.remove_prefix(1);
  if (key.empty() || key.find_first_not_of("0123456789") != std::string_view::npos)
    return std::string(trim(text));
  key.remove_prefix(std::min(key.find_first_not_of('0'), key.size() - 1));
  return std::string(key);
}

class CsvImport final : public Import {
 public:
  CsvImport(ServiceContext& context, const Viewer& viewer, CsvImportOptions options)
      : context_(context), viewer_(viewer), options_(std::move(options)) {}

  Result<void> add(std::string_view bytes) override {
    std::string text;
    TRY(decoder_.add(bytes, text));
    return with_encodings(reader_.add(text));
  }

  Result<ImportCounts> finish() override {
    std::string text;
    TRY(decoder_.finish(text));
    TRY(with_encodings(reader_.add(text)));
    TRY(with_encodings(reader_.finish()));
    if (columns_.is_empty()) return invalid("", "The table is empty: its first row names the columns.");
    if (todoist_) TRY(todoist_->finish());
    TRY(write_batch());
    maps_.tell_unused_values(obstacles_);
    for (const TableParents::Mistake& each : parents_.take_mistakes())
      obstacles_.mistake(each.line, each.what);
    TRY(obstacles_.refuse());
    if (!work_) return counts_;
    TRY(join_parents());
    if (options_.is_dry_run) return counts_;  // with what was written, but for its commit
    TRY(work_->commit());
    if (counts_.issues >= 1000) refresh_statistics(context_);
    return counts_;
  }

  const ImportCounts& counts() const override { return counts_; }

 private:
  // Letters are never guessed.
  static Result<void> with_encodings(Result<void> done) {
    if (done || done.error().kind != csv_not_utf8) return done;
    Error error = std::move(done).error();
    error.message +=
        " Say which encoding it is in, such as --encoding windows-1252 (Western Europe), windows-1250 "
        "(Central "
        "Europe), windows-1251 (Cyrillic), iso-8859-15 or utf-16le, or save it as UTF-8.";
    return error;
  }

  Result<void> take(std::int64_t line, std::vector<std::string>& cells) {
    if (columns_.is_empty()) return take_header(cells);
    const auto is_blank = [](const std::string& cell) { return trim(cell).empty(); };
    if (std::ranges::all_of(cells, is_blank)) return {};
    return todoist_ ? todoist_->take(line, cells, counts_.notes) : take_row(line, cells);
  }

  Result<void> take_row(std::int64_t line, std::vector<std::string>& cells) {
    ++counts_.read;
    // Spreadsheets end some rows with cells of nothing.
    while (cells.size() > columns_.size() && trim(cells.back()).empty()) cells.pop_back();
    if (cells.size() > columns_.size()) {
      obstacles_.mistake(line,
                         "there are " + std::to_string(cells.size()) + " cells under " +
                             std::to_string(columns_.size()) + " columns");
      return {};
    }
    Row row;
    row.line = line;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      take_text(row, at, csv_cell_text(cells[at]));
    }
    if (row.issue.updated_at != Timestamp{} && row.issue.updated_at < row.issue.created_at)
      obstacles_.mistake(line, "updated: is before created");
    const bool has_parents = columns_.has("parent");
    const TableParents::Placed placed =
        parents_.add(line, row.key, has_parents ? row.issue.title : std::string(), row.parent);
    row.issue.id = placed.id;
    if (const Result<void> valid = columns_.has("title") ? check_texts(row) : Result<void>(); !valid) {
      for (const FieldError& field : valid.error().fields)
        obstacles_.mistake(line, field.field + ": " + field.message);
    }
    row.issue.parent_issue_id = placed.parent;  // circles are looked for in the table as a whole
    batch_bytes_ += row.issue.title.size() + row.issue.description.size();
    batch_.push_back(std::move(row));
    return batch_.size() < rows_at_once && batch_bytes_ < bytes_at_once ? Result<void>() : write_batch();
  }

  void take_text(Row& row, std::size_t at, std::string_view came) {
    const std::string text = normal_form(came);
    if (text.empty()) return;
    if (columns_.is_nameless(at) && !trim(text).empty())
      return obstacles_.mistake(
          row.line,
          "column " + std::to_string(at + 1) + " has no name in line 1, but here " + beginning_of(text));
    const std::string& column = columns_.at(at);
    if (column.empty()) return;
    if (text != came) counts_.notes.add(row.line, normal_form_note(column));
    const Result<void> done = take_cell(row, column, maps_.value(column, text));
    if (done) return;
    const std::string what = column + ": " + done.error().message;
    done.error().kind == needs_date_order ? obstacles_.unordered_date(row.line, what)
                                          : obstacles_.mistake(row.line, what);
  }

  // Status and number are given later; everything else must be right by now.
  static Result<void> check_texts(const Row& row) { return validate(row.issue); }

  Result<void> take_header(const std::vector<std::string>& cells) {
    std::vector<std::string> names;
    for (const std::string& cell : cells) names.push_back(fold_case(trim(csv_cell_text(cell))));
    if (options_.columns.empty() && TodoistTable::is_header(names)) {
      columns_.set(TodoistTable::columns());
      maps_.tell_missing_columns(columns_.names(), obstacles_);
      todoist_.emplace(names, options_.dates, [this](std::int64_t line, std::vector<std::string>& row) {
        return take_row(line, row);
      });
      return {};
    }
    columns_.take(cells, maps_, obstacles_);
    return {};
  }

  Result<void> take_cell(Row& row, const std::string& column, std::string_view text) {
    Issue& issue = row.issue;
    if (column == "title") {
      issue.title = trim(text);
      if (issue.title.find_first_of("\r\n") != std::string::npos) {
        issue.title = in_one_line(issue.title);
        counts_.notes.add(row.line, "title: a line break became a blank");
      }
    } else if (column == "description") {
      issue.description = text;
    } else if (column == "status") {
      row.status = trim(text);
    } else if (column == "priority") {
      const std::optional<Priority> priority = priority_from_cell(trim(text));
      if (!priority) {
        const std::string theirs(trim(text));
        obstacles_.unknown_value(
            row.line,
            column,
            theirs,
            suggested_priority(theirs),
            "priority: " + beginning_of(theirs) + " is none of none, low, medium, high and urgent");
      }
      issue.priority = priority.value_or(Priority::none);
    } else if (column == "project") {
      row.project = trim(text);
      TRY(check_named<Project>(row.project));
    } else if (column == "area") {
      row.area = trim(text);
      TRY(check_named<Area>(row.area));
    } else if (column == "labels") {
      for (const std::string& label : TRY(words_in_cell(text))) {
        if (std::string name = maps_.value(column, label); !name.empty())
          row.labels.push_back(std::move(name));
      }
      for (const std::string& label : row.labels) TRY(check_named<Label>(label));
    } else if (column == "start") {
      issue.start_date = TRY(day_from_cell(trim(text), options_.dates));
    } else if (column == "due") {
      issue.due_date = TRY(day_from_cell(trim(text), options_.dates));
    } else if (column == "completed") {
      issue.completed_at = TRY(moment_from_cell(trim(text), options_.dates));
    } else if (column == "created") {
      issue.created_at = TRY(moment_from_cell(trim(text), options_.dates));
    } else if (column == "updated") {
      issue.updated_at = TRY(moment_from_cell(trim(text), options_.dates));
    } else {
      (column == "number" ? row.key : row.parent) = key_from_cell(text);
    }
    return {};
  }

  // That a noun of this name could be made.
  template <typename Noun>
  static Result<void> check_named(const std::string& name) {
    Noun draft;
    draft.name = name;
    return name.empty() ? Result<void>() : validate(draft);
  }

  template <typename Noun, typename IdType>
  Result<IdType> named(AuditedTransaction& work,
                       std::map<std::string, IdType>& known,
                       const std::string& name,
                       std::int64_t& made) {
    if (const auto found = known.find(fold_case(name)); found != known.end()) return found->second;
    Noun draft;
    draft.name = name;
    const Noun created = TRY(create_entity(work, std::move(draft)));
    known.emplace(fold_case(name), created.id);
    ++made;
    return created.id;
  }

  Result<void> begin() {
    work_.emplace(TRY(AuditedTransaction::begin(context_, viewer_, Access::bulk_write)));
    changes_ = std::make_unique<IssueChanges>(*work_);
    for (const Project& each : TRY(store::list_projects(work_->transaction(), viewer_.user_id)))
      projects_.emplace(fold_case(each.name), each.id);
    for (const Area& each : TRY(store::list_areas(work_->transaction(), viewer_.user_id)))
      areas_.emplace(fold_case(each.name), each.id);
    for (const Label& each : TRY(store::list_labels(work_->transaction(), viewer_.user_id)))
      labels_.emplace(fold_case(each.name), each.id);
    return {};
  }

  // Without a status, a completion date says that it is closed.
  static const Status* first_status(const Workflow& workflow, bool is_closed) {
    for (const Status& each : workflow.statuses) {
      if (each.is_closed == is_closed) return &each;
    }
    return nullptr;
  }

  Result<void> find_status(Row& row) {
    ProjectId project_id;
    if (const auto found = projects_.find(fold_case(row.project)); found != projects_.end())
      project_id = found->second;
    const Workflow& workflow = *TRY(changes_->workflow_for(project_id));
    const Status* status = row.status.empty() ? first_status(workflow, row.issue.completed_at.has_value())
                                              : status_called(workflow, row.status);
    if (status == nullptr && row.status.empty() && row.issue.completed_at) {
      obstacles_.mistake(row.line,
                         "completed: the workflow \"" + workflow.name + "\" has no status that is closed");
      return {};
    }
    if (status == nullptr) {
      obstacles_.unknown_value(row.line,
                               "status",
                               row.status,
                               suggested_status(workflow, row.status),
                               "status: the workflow \"" + workflow.name + "\" has none that is called " +
                                   beginning_of(row.status));
      return {};
    }
    row.issue.status_id = status->id;
    if (!status->is_closed && row.issue.completed_at) {
      obstacles_.mistake(row.line,
                         "completed: there is a date, but \"" + status->name +
                             "\" is no closed status; name one that is, or leave the date out");
      return {};
    }
    // The last that is known of it; a day that the table does not tell is no day of the past.
    const bool is_dated = row.issue.updated_at != Timestamp{};
    apply_completion(row.issue, status->is_closed, is_dated ? row.issue.updated_at : work_->now());
    return {};
  }

  Result<void> complete(AuditedTransaction& work, Row& row) {
    Issue& issue = row.issue;
    issue.number = work.take_issue_number();
    issue.position = static_cast<double>(issue.number);
    // Nothing was changed before it was made.
    if (issue.created_at == Timestamp{})
      issue.created_at =
          issue.updated_at == Timestamp{} ? work.now() : std::min(issue.updated_at, work.now());
    if (issue.updated_at == Timestamp{}) issue.updated_at = issue.created_at;
    if (!row.project.empty())
      issue.project_id = TRY(named<Project>(work, projects_, row.project, counts_.projects));
    if (!row.area.empty()) issue.area_id = TRY(named<Area>(work, areas_, row.area, counts_.areas));
    for (const std::string& label : row.labels)
      issue.label_ids.push_back(TRY(named<Label>(work, labels_, label, counts_.labels)));
    std::sort(issue.label_ids.begin(), issue.label_ids.end());
    issue.label_ids.erase(std::unique(issue.label_ids.begin(), issue.label_ids.end()), issue.label_ids.end());
    return {};
  }

  Result<void> write_batch() {
    if (batch_.empty()) return {};
    if (!work_) TRY(begin());
    for (Row& row : batch_) TRY(find_status(row));
    if (!obstacles_.any()) TRY(write(*work_));
    batch_.clear();
    batch_bytes_ = 0;
    return {};
  }

  // Those that come in with this table are not counted.
  Result<void> count_same_titles(AuditedTransaction& work) {
    std::vector<std::string> titles;
    for (const Row& row : batch_) titles.push_back(row.issue.title);
    const std::vector<std::string> here =
        TRY(store::titles_before(work.transaction(), viewer_.user_id, titles, first_number_));
    const std::set<std::string> known(here.begin(), here.end());
    counts_.same_title +=
        std::ranges::count_if(titles, [&](const auto& title) { return known.contains(title); });
    return {};
  }

  Result<void> write(AuditedTransaction& work) {
    std::string text;
    for (Row& row : batch_) {
      TRY(complete(work, row));
      if (row.issue.parent_issue_id.is_set()) links_.emplace_back(row.issue.id, row.issue.parent_issue_id);
      Json json = issue_to_json(row.issue);
      text += (text.empty() ? "[" : ",") + dump(json);
      work.record({AuditAction::create, EntityType::issue, row.issue.id.uuid, nullptr, std::move(json)});
      ++counts_.issues;
    }
    if (first_number_ == 0) first_number_ = batch_.front().issue.number;
    TRY(count_same_titles(work));
    TRY(store::import_rows(work.transaction(), viewer_.user_id, store::ImportTable::issues, text + "]"));
    return work.flush();
  }

  Result<void> join_parents() {
    for (std::size_t begin = 0; begin < links_.size(); begin += rows_at_once) {
      const auto first = links_.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto count = static_cast<std::ptrdiff_t>(std::min(rows_at_once, links_.size() - begin));
      TRY(store::import_issue_parents(work_->transaction(), viewer_.user_id, {first, first + count}));
    }
    return {};
  }

  ServiceContext& context_;
  const Viewer viewer_;
  const CsvImportOptions options_;
  TableMaps maps_{options_.columns, options_.values};
  TextDecoder decoder_{options_.encoding};
  CsvReader reader_{[this](std::int64_t line, std::vector<std::string>& cells) { return take(line, cells); }};
  TableColumns columns_;
  std::optional<TodoistTable> todoist_;
  std::vector<Row> batch_;
  std::size_t batch_bytes_ = 0;
  std::int64_t first_number_ = 0;  // that an issue of this table was given; 0: none yet
  TableParents parents_{[this] { return context_.clock.new_id<IssueId>(); }};
  std::vector<std::pair<IssueId, IssueId>> links_;  // child and parent
  std::optional<AuditedTransaction> work_;          // from the first batch on
  std::unique_ptr<IssueChanges> changes_;
  std::map<std::string, ProjectId> projects_;  // by folded name
  std::map<std::string, AreaId> areas_;
  std::map<std::string, LabelId> labels_;
  TableObstacles obstacles_;
  ImportCounts counts_;
};

}  // namespace

Result<std::unique_ptr<Import>> begin_csv_import(ServiceContext& context,
                                                 const Viewer& viewer,
                                                 CsvImportOptions options) {
  return std::unique_ptr<Import>(std::make_unique<CsvImport>(context, viewer, std::move(options)));
}

}  // namespace dits
