// A table becomes issues: read, checked and written some rows at a time, all in one transaction, undone in
// one step. From the first mistake on nothing is written any more, and the rest is read for its own mistakes.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "server/service/areas.hpp"
#include "server/service/import.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/issue_table.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/table_parents.hpp"
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

constexpr std::size_t most_mistakes = 20;
constexpr std::size_t rows_at_once = 500;
constexpr std::size_t bytes_at_once = std::size_t{2} * 1024 * 1024;

bool is_column(std::string_view name) {
  return std::find(issue_table_columns.begin(), issue_table_columns.end(), name) != issue_table_columns.end();
}

// What other programs call the same.
struct Alias {
  std::string_view theirs;
  std::string_view ours;
};
constexpr Alias aliases[] = {{"summary", "title"},
                             {"name", "title"},
                             {"body", "description"},
                             {"state", "status"},
                             {"label", "labels"},
                             {"tags", "labels"},
                             {"due date", "due"},
                             {"start date", "start"},
                             {"id", "number"},
                             {"#", "number"},
                             {"created at", "created"},
                             {"updated at", "updated"},
                             {"completed at", "completed"}};

struct Row {
  std::int64_t line = 0;
  std::int64_t number = 0;  // in the table: what `parent` speaks of
  std::int64_t parent = 0;
  std::string status;
  std::string project;
  std::string area;
  std::vector<std::string> labels;
  Issue issue;
};

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.empty() || text.size() > 15) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

Result<Priority> priority_from_cell(std::string_view text) {
  std::string word = fold_case(text);
  if (word.empty() || word == "none" || word == "no priority") return Priority::none;
  for (const Priority priority :
       {Priority::none, Priority::low, Priority::medium, Priority::high, Priority::urgent}) {
    if (word == fold_case(name_of(priority))) return priority;
  }
  return invalid("priority", "\"" + std::string(text) + "\" is none of none, low, medium, high and urgent");
}

// A moment, or a day as its beginning in UTC.
Result<Timestamp> moment_from_cell(std::string_view text) {
  if (Result<Timestamp> moment = parse_timestamp(text)) return moment;
  const Result<Date> day = parse_date(text);
  if (!day) return invalid("", "\"" + std::string(text) + "\" is no date such as 2026-02-28");
  return Timestamp{std::int64_t{day->days} * 24 * 3600 * 1000};
}

class CsvImport final : public Import {
 public:
  CsvImport(ServiceContext& context, const Viewer& viewer, CsvImportOptions options)
      : context_(context), viewer_(viewer), options_(std::move(options)) {}

  Result<void> add(std::string_view bytes) override { return reader_.add(bytes); }

  Result<ImportCounts> finish() override {
    TRY(reader_.finish());
    if (columns_.empty()) return invalid("", "The table is empty: its first row names the columns.");
    TRY(write_batch());
    for (const TableParents::Mistake& each : parents_.take_mistakes()) mistake(each.line, each.what);
    TRY(refuse_mistakes());
    if (!work_) return counts_;
    TRY(join_parents());
    TRY(work_->commit());
    if (counts_.issues >= 1000) refresh_statistics(context_);
    return counts_;
  }

  const ImportCounts& counts() const override { return counts_; }

 private:
  void mistake(std::int64_t line, const std::string& what) {
    ++mistake_count_;
    if (mistakes_.size() < most_mistakes) mistakes_.push_back({line, what});
  }

  Result<void> refuse_mistakes() {
    if (mistakes_.empty()) return {};
    Error error = invalid("",
                          std::to_string(mistake_count_) + (mistake_count_ == 1 ? " mistake" : " mistakes") +
                              " in the table; nothing was written.");
    std::ranges::stable_sort(mistakes_, {}, &TableParents::Mistake::line);
    for (const TableParents::Mistake& each : mistakes_)
      error.fields.push_back({"line " + std::to_string(each.line), each.what});
    return error;
  }

  Result<void> take(std::int64_t line, std::vector<std::string>& cells) {
    if (columns_.empty()) return take_header(cells);
    const auto is_blank = [](const std::string& cell) { return trim(cell).empty(); };
    if (std::ranges::all_of(cells, is_blank)) return {};
    ++counts_.read;
    if (cells.size() > columns_.size()) {
      mistake(line,
              "there are " + std::to_string(cells.size()) + " cells under " +
                  std::to_string(columns_.size()) + " columns");
      return {};
    }
    Row row;
    row.line = line;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const std::string_view came = csv_cell_text(cells[at]);
      const std::string text = normal_form(came);
      if (columns_[at].empty() || text.empty()) continue;
      if (text != came) counts_.notes.add(line, normal_form_note(columns_[at]));
      Result<void> done = take_cell(row, columns_[at], text);
      if (!done) mistake(line, columns_[at] + ": " + done.error().message);
    }
    if (row.issue.updated_at != Timestamp{} && row.issue.updated_at < row.issue.created_at)
      mistake(line, "updated: is before created");
    row.issue.id = parents_.add(line, row.number, row.parent);
    if (const Result<void> valid = check_texts(row); !valid) {
      for (const FieldError& field : valid.error().fields) mistake(line, field.field + ": " + field.message);
    }
    batch_bytes_ += row.issue.title.size() + row.issue.description.size();
    batch_.push_back(std::move(row));
    return batch_.size() < rows_at_once && batch_bytes_ < bytes_at_once ? Result<void>() : write_batch();
  }

  // Status and number are given later; everything else must be right by now.
  static Result<void> check_texts(const Row& row) { return validate(row.issue); }

  Result<void> take_header(const std::vector<std::string>& cells) {
    std::set<std::string> seen;
    for (const std::string& cell : cells) {
      const std::string theirs = normal_form(trim(csv_cell_text(cell)));
      std::string ours = fold_case(theirs);
      if (const auto mapped = options_.columns.find(theirs); mapped != options_.columns.end()) {
        ours = mapped->second;
      } else {
        for (const Alias& alias : aliases) {
          if (ours == alias.theirs) ours = alias.ours;
        }
        if (!is_column(ours))
          return invalid("",
                         "Line 1: the column \"" + theirs +
                             "\" is not known. Rename or remove it in the file; dits import csv also maps it "
                             "(--map '" +
                             joined_words({theirs}) + "=title') or passes it over (--map '" +
                             joined_words({theirs}) + "=').");
      }
      const bool may_repeat = ours == "labels";
      if (!ours.empty() && !seen.insert(ours).second && !may_repeat)
        return invalid("", "Line 1: two columns are " + ours + ".");
      columns_.push_back(std::move(ours));
    }
    if (!seen.contains("title")) return invalid("", "Line 1: there is no column for the title.");
    return {};
  }

  static Result<void> take_cell(Row& row, const std::string& column, std::string_view text) {
    Issue& issue = row.issue;
    if (column == "title") {
      issue.title = text;
    } else if (column == "description") {
      issue.description = text;
    } else if (column == "status") {
      row.status = trim(text);
    } else if (column == "priority") {
      issue.priority = TRY(priority_from_cell(trim(text)));
    } else if (column == "project") {
      row.project = trim(text);
      TRY(check_named<Project>(row.project));
    } else if (column == "area") {
      row.area = trim(text);
      TRY(check_named<Area>(row.area));
    } else if (column == "labels") {
      for (std::string& label : TRY(words_in_cell(text))) row.labels.push_back(std::move(label));
      for (const std::string& label : row.labels) TRY(check_named<Label>(label));
    } else if (column == "start") {
      issue.start_date = TRY(parse_date(trim(text)));
    } else if (column == "due") {
      issue.due_date = TRY(parse_date(trim(text)));
    } else if (column == "completed") {
      issue.completed_at = TRY(moment_from_cell(trim(text)));
    } else if (column == "created") {
      issue.created_at = TRY(moment_from_cell(trim(text)));
    } else if (column == "updated") {
      issue.updated_at = TRY(moment_from_cell(trim(text)));
    } else {
      const std::optional<std::int64_t> number = whole_number(trim(text));
      if (!number) return invalid("", "\"" + std::string(text) + "\" is no number");
      (column == "number" ? row.number : row.parent) = *number;
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

  Result<void> find_status(Row& row) {
    ProjectId project_id;
    if (const auto found = projects_.find(fold_case(row.project)); found != projects_.end())
      project_id = found->second;
    const Workflow& workflow = *TRY(changes_->workflow_for(project_id));
    const Status* status = nullptr;
    for (const Status& each : workflow.statuses) {
      // Without a status, a completion date says that it is closed.
      const bool is_wanted = row.status.empty()
                                 ? status == nullptr && each.is_closed == row.issue.completed_at.has_value()
                                 : fold_case(each.name) == fold_case(row.status);
      if (is_wanted) status = &each;
    }
    if (status == nullptr && row.status.empty() && row.issue.completed_at) {
      mistake(row.line, "completed: the workflow \"" + workflow.name + "\" has no status that is closed");
      return {};
    }
    if (status == nullptr) {
      mistake(
          row.line,
          "status: the workflow \"" + workflow.name + "\" has none that is called \"" + row.status + "\"");
      return {};
    }
    row.issue.status_id = status->id;
    if (!status->is_closed && row.issue.completed_at) {
      mistake(row.line,
              "completed: there is a date, but \"" + status->name +
                  "\" is no closed status; name one that is, or leave the date out");
      return {};
    }
    if (status->is_closed && !row.issue.completed_at) row.issue.completed_at = work_->now();
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
    if (mistakes_.empty()) TRY(write(*work_));
    batch_.clear();
    batch_bytes_ = 0;
    return {};
  }

  Result<void> write(AuditedTransaction& work) {
    std::string text;
    for (Row& row : batch_) {
      TRY(complete(work, row));
      if (row.parent != 0) {
        row.issue.parent_issue_id = parents_.id_of(row.parent);
        links_.emplace_back(row.issue.id, row.issue.parent_issue_id);
      }
      Json json = issue_to_json(row.issue);
      text += (text.empty() ? "[" : ",") + dump(json);
      work.record({AuditAction::create, EntityType::issue, row.issue.id.uuid, nullptr, std::move(json)});
      ++counts_.issues;
    }
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
  CsvReader reader_{[this](std::int64_t line, std::vector<std::string>& cells) { return take(line, cells); }};
  std::vector<std::string> columns_;  // our names; empty: passed over
  std::vector<Row> batch_;
  std::size_t batch_bytes_ = 0;
  TableParents parents_{[this] { return context_.clock.new_id<IssueId>(); }};
  std::vector<std::pair<IssueId, IssueId>> links_;  // child and parent
  std::optional<AuditedTransaction> work_;          // from the first batch on
  std::unique_ptr<IssueChanges> changes_;
  std::map<std::string, ProjectId> projects_;  // by folded name
  std::map<std::string, AreaId> areas_;
  std::map<std::string, LabelId> labels_;
  std::vector<TableParents::Mistake> mistakes_;  // the first of them
  std::int64_t mistake_count_ = 0;
  ImportCounts counts_;
};

}  // namespace

Result<std::unique_ptr<Import>> begin_csv_import(ServiceContext& context,
                                                 const Viewer& viewer,
                                                 CsvImportOptions options) {
  return std::unique_ptr<Import>(std::make_unique<CsvImport>(context, viewer, std::move(options)));
}

Result<std::map<std::string, std::string>> column_map_from_text(std::string_view text) {
  std::map<std::string, std::string> columns;
  for (const std::string& word : TRY(words_in_cell(text))) {
    const std::size_t equals = word.rfind('=');
    if (equals == std::string::npos || equals == 0)
      return invalid("columns",
                     "Must be pairs such as Summary=title,Owner= ; a name with a comma stands in quotes.");
    const std::string ours = fold_case(trim(std::string_view(word).substr(equals + 1)));
    if (!ours.empty() && !is_column(ours))
      return invalid("columns", "There is no column \"" + ours + "\" to map to.");
    columns[std::string(trim(std::string_view(word).substr(0, equals)))] = ours;
  }
  return columns;
}

}  // namespace dits
