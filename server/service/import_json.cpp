// From the lines of an export to rows, by the hundred, in one transaction.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "server/base/log.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/import.hpp"
#include "server/store/attachments.hpp"
#include "server/store/transfer.hpp"
#include "shared/core/normal_form.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/transfer_json.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

namespace {

using store::ImportTable;

constexpr std::size_t longest_line = std::size_t{16} * 1024 * 1024;
constexpr std::size_t rows_at_once = 500;
constexpr std::size_t bytes_at_once = std::size_t{2} * 1024 * 1024;

// Does following `next` from anywhere come back? Each node has at most one, or several, next ones.
class CycleFinder {
 public:
  void add(IssueId from, IssueId to) { edges_.emplace_back(from, to); }

  bool has_cycle() {
    std::sort(edges_.begin(), edges_.end());
    std::map<IssueId, bool> is_done;  // false: on the way
    for (const auto& [from, to] : edges_) {
      if (!is_done.contains(from) && leads_back(from, is_done)) return true;
    }
    return false;
  }

 private:
  using Edge = std::pair<IssueId, IssueId>;
  struct Step {
    IssueId at;
    std::vector<Edge>::const_iterator next;
  };

  Step step_at(IssueId id) const {
    return {id, std::lower_bound(edges_.begin(), edges_.end(), Edge{id, IssueId{}})};
  }

  bool leads_back(IssueId start, std::map<IssueId, bool>& is_done) const {
    std::vector<Step> path{step_at(start)};
    is_done[start] = false;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == edges_.end() || step.next->first != step.at) {
        is_done[step.at] = true;
        path.pop_back();
        continue;
      }
      const IssueId to = (step.next++)->second;
      const auto [place, is_new] = is_done.emplace(to, false);
      if (!is_new && !place->second) return true;
      if (is_new) path.push_back(step_at(to));
    }
    return false;
  }

  std::vector<Edge> edges_;
};

// What people call the columns of a constraint: "issues_status_id_fkey" -> "issues: statusId".
std::string field_of_constraint(std::string_view name) {
  constexpr std::array<std::string_view, 12> tables = {"issue_labels",
                                                       "issue_relations",
                                                       "git_integrations",
                                                       "saved_views",
                                                       "audit_logs",
                                                       "projects",
                                                       "areas",
                                                       "labels",
                                                       "workflows",
                                                       "statuses",
                                                       "comments",
                                                       "attachments"};
  const auto is_its_table = [&](std::string_view table) { return name.starts_with(table); };
  const auto found = std::ranges::find_if(tables, is_its_table);
  const std::string_view table = found != tables.end() ? *found : name.substr(0, name.find('_'));
  std::string_view column = name.substr(std::min(table.size() + 1, name.size()));
  if (column.starts_with("user_id_")) column.remove_prefix(std::string_view("user_id_").size());
  column = column == "pkey" ? "id" : column.substr(0, std::min(column.rfind('_'), column.size()));
  std::string words(table);
  std::string field;
  for (std::size_t at = 0; at < column.size(); ++at) {
    const bool is_after = at > 0 && column[at - 1] == '_';
    const auto letter = static_cast<unsigned char>(column[at]);
    if (letter != '_') field += static_cast<char>(is_after ? std::toupper(letter) : letter);
  }
  std::ranges::replace(words, '_', ' ');
  return words + ": " + field;
}

class JsonImport final : public Import {
 public:
  JsonImport(ServiceContext& context, const Viewer& viewer, Transaction transaction)
      : context_(context), viewer_(viewer), transaction_(std::move(transaction)) {}

  Result<void> add(std::string_view bytes) override {
    for (std::size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
      rest_ += bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      TRY(take_line());
      rest_.clear();
    }
    rest_ += bytes;
    if (rest_.size() > longest_line) return at_line(invalid("", "Is longer than 16 MB"));
    return {};
  }

  Result<ImportCounts> finish() override {
    if (!rest_.empty()) TRY(take_line());
    if (!end_) return invalid("", "The file ends too early: its last line is missing.");
    TRY(flush());
    TRY(finish_file());
    TRY(join_parents());
    if (blocks_.has_cycle()) return invalid("", "Issues of this file block each other in a circle.");
    TRY(check());
    // Last of all: every request of the account reads this row, and a new password changes it.
    TRY(store::import_user(*transaction_, viewer_.user_id, header_->user));
    TRY(transaction_->commit());
    transaction_.reset();
    if (context_.stats != nullptr) context_.stats->remove(viewer_.user_id);
    if (context_.names != nullptr) context_.names->forget(viewer_.user_id);
    context_.event_bus.publish(viewer_.user_id, header_->last_change_id);
    refresh_statistics(context_);
    return counts_;
  }

  const ImportCounts& counts() const override { return counts_; }

 private:
  Error at_line(Error error) const {
    std::string what = error.fields.empty() ? error.message : "";
    for (const FieldError& field : error.fields)
      what += (what.empty() ? "" : "; ") + field.field + ": " + field.message;
    if (error.fields.empty() && !error.field.empty()) what = error.field + ": " + what;
    error.message = "Line " + std::to_string(line_) + ": " + what;
    error.fields.clear();
    return error;
  }

  Result<void> take_line() {
    ++line_;
    if (rest_.empty() || rest_ == "\r") return {};
    std::vector<std::string> missing;
    Result<TransferRecord> record = transfer_record_from_line(rest_, missing);
    if (!record) return at_line(std::move(record).error());
    for (const std::string& name : missing)
      counts_.notes.add(line_, name + ": is missing, and was left empty");
    if (!is_normal_form(rest_) || rest_.find("\\u") != std::string::npos)
      note_normal_forms(
          counts_.notes, line_, TRY(parse_json(rest_)), TRY(parse_json(transfer_line(*record))));
    Result<void> done = std::visit([this](auto& one) { return take(one); }, *record);
    if (!done) return at_line(std::move(done).error());
    ++counts_.read;
    return {};
  }

  // Rows of one kind are written together; another kind ends them.
  Result<void> put(ImportTable table, const Json& row) {
    if (!header_) return invalid("", "The file must begin with its header");
    if (end_) return invalid("", "There is something behind the last line");
    if (table != table_) TRY(flush());
    table_ = table;
    rows_ += rows_.empty() ? "[" : ",";
    rows_ += dump(row);
    return ++row_count_ < rows_at_once && rows_.size() < bytes_at_once ? Result<void>() : flush();
  }

  Result<void> flush() {
    if (row_count_ == 0) return {};
    rows_ += ']';
    Result<void> done = store::import_rows(*transaction_, viewer_.user_id, table_, rows_);
    rows_.clear();
    row_count_ = 0;
    if (!done) return explained(std::move(done).error());
    return {};
  }

  static Error explained(Error error) {
    const std::string field = error.field.empty() ? "" : " (" + field_of_constraint(error.field) + ")";
    if (error.kind == "unique_violation")
      return invalid("", "In the lines up to here an id, a name or a number is there twice" + field);
    if (error.kind == "foreign_key_violation")
      return invalid("", "In the lines up to here something points at what is not there" + field);
    if (error.kind == "check_violation")
      return invalid("", "In the lines up to here a value is not allowed" + field);
    return error;
  }

  Result<void> take(TransferHeader& header) {
    if (header_) return invalid("", "The header stands here twice");
    TRY(store::set_account_counters(
        *transaction_, viewer_.user_id, header.last_change_id, header.last_issue_number));
    header_ = std::move(header);
    return {};
  }
  Result<void> take(Project& project) {
    ++counts_.projects;
    return put(ImportTable::projects, project_to_json(project));
  }
  Result<void> take(Area& area) {
    ++counts_.areas;
    return put(ImportTable::areas, area_to_json(area));
  }
  Result<void> take(Label& label) {
    ++counts_.labels;
    return put(ImportTable::labels, label_to_json(label));
  }
  Result<void> take(Workflow& workflow) {
    for (const Status& status : workflow.statuses) is_closed_[status.id] = status.is_closed;
    return put(ImportTable::workflows, workflow_to_json(workflow));
  }
  Result<void> take(Issue& issue) {
    TRY(mend_completion(issue));
    ++counts_.issues;
    if (issue.parent_issue_id.is_set()) {
      parents_.emplace_back(issue.id, issue.parent_issue_id);
      ancestors_.add(issue.id, issue.parent_issue_id);
    }
    return put(ImportTable::issues, issue_to_json(issue));
  }
  // The rule of apply_completion: what was not under it when it was exported is from here on.
  Result<void> mend_completion(Issue& issue) {
    const auto status = is_closed_.find(issue.status_id);
    if (status == is_closed_.end())
      return invalid("statusId", "No workflow before this line has this status");
    const bool is_closed = status->second;
    if (is_closed == issue.completed_at.has_value()) return {};
    counts_.notes.add(line_,
                      is_closed ? "completedAt: a closed issue has one; its last change was taken for it"
                                : "completedAt: was left out, since the issue's status is not closed");
    apply_completion(issue, is_closed, issue.updated_at);
    return {};
  }
  Result<void> take(IssueRelation& relation) {
    if (relation.type == RelationType::blocks) blocks_.add(relation.source_id, relation.target_id);
    return put(ImportTable::relations, relation_to_json(relation));
  }
  Result<void> take(GitIntegration& link) {
    return put(ImportTable::git_integrations, git_integration_to_json(link));
  }
  Result<void> take(Comment& comment) {
    ++counts_.comments;
    return put(ImportTable::comments, comment_to_json(comment));
  }
  Result<void> take(SavedView& view) { return put(ImportTable::saved_views, saved_view_to_json(view)); }
  Result<void> take(AuditEntry& entry) {
    if (entry.metadata.empty()) entry.metadata = "{}";
    ++counts_.changes;
    return put(ImportTable::changes, audit_entry_to_json(entry));
  }

  Result<void> take(TransferPart& part) {
    if (!header_) return invalid("", "The file must begin with its header");
    if (context_.files == nullptr) return unavailable("Files cannot be kept here");
    if (part.sha256 != file_sha256_) {
      TRY(finish_file());
      file_ = TRY(context_.files->begin_upload(0));
      file_sha256_ = part.sha256;
    }
    return file_->add(TRY(bytes_from_base64url(part.data)));
  }

  Result<void> finish_file() {
    if (!file_) return {};
    TRY(file_->keep());
    if (!kept_files_.is_open()) kept_files_ = TRY(context_.files->keep_all());
    if (file_->sha256() != file_sha256_)
      return invalid("sha256", "The file before this line is not the one that was exported");
    const auto [known, is_new] = known_files_.try_emplace(
        file_sha256_, file_->byte_size(), std::string(attachment_type_of(file_->head())));
    if (is_new) file_bytes_ += known->second.first;
    TRY(context_.files->check_quota(file_bytes_));
    const FileHash hash = TRY(FileHash::of(file_sha256_));
    TRY(store::own_file(*transaction_,
                        viewer_.user_id,
                        hash,
                        {known->second.first, known->second.second},
                        context_.clock.now()));
    ++counts_.files;
    file_.reset();
    file_sha256_.clear();
    return {};
  }

  Result<void> take(Attachment& attachment) {
    TRY(finish_file());
    const auto known = known_files_.find(attachment.sha256);
    if (known == known_files_.end()) return invalid("sha256", "The file itself must stand before this line");
    // What a file is, its bytes say.
    if (known->second.first != attachment.byte_size || known->second.second != attachment.content_type)
      return invalid("contentType", "Size or type are not those of the file");
    return put(ImportTable::attachments, attachment_to_json(attachment));
  }

  Result<void> take(TransferEnd& end) {
    if (!header_) return invalid("", "The file must begin with its header");
    if (end.lines != counts_.read)
      return invalid("lines", "There should be " + std::to_string(end.lines) + " lines before this one");
    end_ = end;
    return {};
  }

  Result<void> join_parents() {
    if (ancestors_.has_cycle()) return invalid("", "An issue of this file is its own ancestor.");
    for (std::size_t begin = 0; begin < parents_.size(); begin += rows_at_once) {
      const std::size_t end = std::min(parents_.size(), begin + rows_at_once);
      const std::vector<std::pair<IssueId, IssueId>> some(
          parents_.begin() + static_cast<std::ptrdiff_t>(begin),
          parents_.begin() + static_cast<std::ptrdiff_t>(end));
      Result<void> done = store::import_issue_parents(*transaction_, viewer_.user_id, some);
      if (!done) return explained(std::move(done).error());
    }
    return {};
  }

  Result<void> check() {
    const store::ImportCheck found = TRY(store::check_import(*transaction_, viewer_.user_id));
    if (found.last_issue_number > header_->last_issue_number)
      return invalid("", "An issue has a number above the last one of the header.");
    const bool is_gapless =
        found.change_count == found.last_change_id && found.last_change_id == header_->last_change_id;
    if (!is_gapless) return invalid("", "The history of this file has a gap.");
    if (found.default_workflows != 1) return invalid("", "The file must have one default workflow.");
    return {};
  }

  ServiceContext& context_;
  const Viewer viewer_;
  std::optional<Transaction> transaction_;
  std::string rest_;  // of a line that is not complete
  std::int64_t line_ = 0;
  std::optional<TransferHeader> header_;
  std::optional<TransferEnd> end_;
  ImportTable table_ = ImportTable::projects;
  std::string rows_;
  std::size_t row_count_ = 0;
  std::vector<std::pair<IssueId, IssueId>> parents_;
  std::map<StatusId, bool> is_closed_;  // of the workflows
  CycleFinder ancestors_;
  CycleFinder blocks_;
  std::unique_ptr<AttachmentFiles::Upload> file_;
  FileDescriptor kept_files_;  // until the rows that speak of them are there
  std::string file_sha256_;
  std::map<std::string, std::pair<std::int64_t, std::string>> known_files_;  // size and type
  std::int64_t file_bytes_ = 0;                                              // of all of them
  ImportCounts counts_;
};

}  // namespace

Result<std::unique_ptr<Import>> begin_json_import(ServiceContext& context, const Viewer& viewer) {
  Transaction transaction = TRY(context.database.begin(Actor{viewer.user_id, true}, Access::bulk_write));
  TRY(store::lock_user_counters(transaction, viewer.user_id));
  if (!TRY(store::is_account_untouched(transaction, viewer.user_id))) {
    return conflict(
        "This account is in use: an export replaces everything, history too, and so it goes only into an "
        "account in which nothing was made yet.",
        "account_in_use");
  }
  TRY(store::empty_account(transaction, viewer.user_id));
  return std::unique_ptr<Import>(std::make_unique<JsonImport>(context, viewer, std::move(transaction)));
}

void refresh_statistics(ServiceContext& context) {
  const auto run = [&]() -> Result<void> {
    Transaction transaction = TRY(context.database.begin(Actor::of_system(), Access::write));
    TRY(store::analyze_after_import(transaction));
    return transaction.commit();
  };
  if (const Result<void> done = run(); !done)
    log::warn("cannot bring the statistics up to date", {{"reason", done.error().message}});
}

}  // namespace dits
