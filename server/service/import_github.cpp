#include "server/service/import_github.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "server/service/entities.hpp"
#include "server/service/github_issue.hpp"
#include "server/service/github_numbers.hpp"
#include "server/service/github_references.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/store/imports.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

namespace {

constexpr std::size_t issues_at_once = 500;
constexpr std::size_t bytes_at_once = std::size_t{2} * 1024 * 1024;

struct ReadIssue : GithubIssue {
  std::int64_t line = 0;
  GithubTarget here;
  std::string text_here = {};  // the body, with the numbers of here
  bool is_left = false;        // what is here stays as it is
};

// The writing of a file, within one transaction.
class GithubImport {
 public:
  GithubImport(AuditedTransaction& work, GithubFile& file, const ImportProgress& progress)
      : work_(work), changes_(work), file_(file), progress_(progress) {
    summary_.read = file.read_count();
  }

  Result<ImportSummary> run() {
    work_.begin_group();
    TRY(find_targets());
    index_.read(file_, targets_);
    std::vector<ReadIssue> batch;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < targets_.size(); ++at) {
      const GithubFile::Entry& entry = file_.entries()[at];
      batch.push_back({TRY(file_.issue(entry)), entry.line, targets_[at]});
      bytes += batch.back().body.size();
      const bool is_last = at + 1 == targets_.size();
      if (!is_last && batch.size() < issues_at_once && bytes < bytes_at_once) continue;
      TRY(write(std::exchange(batch, {})));
      bytes = 0;
    }
    TRY(mend_earlier_ones());
    return std::move(summary_);
  }

 private:
  // Which issues are here already; the others get their numbers.
  Result<void> find_targets() {
    const std::vector<GithubFile::Entry>& entries = file_.entries();
    targets_.reserve(entries.size());
    for (std::size_t begin = 0; begin < entries.size(); begin += issues_at_once) {
      const std::size_t end = std::min(begin + issues_at_once, entries.size());
      std::vector<std::string> urls;
      for (std::size_t at = begin; at < end; ++at) urls.push_back(entries[at].url);
      const std::map<std::string, store::ImportedIssue> known =
          TRY(store::find_imported_issues(work_.transaction(), work_.user_id(), urls));
      for (const std::string& url : urls) {
        if (const auto found = known.find(url); found != known.end()) {
          targets_.push_back({found->second.id, found->second.number, false});
        } else {
          targets_.push_back({work_.new_id<IssueId>(), work_.take_issue_number(), true});
        }
      }
    }
    return {};
  }

  Result<void> write(std::vector<ReadIssue> sources) {
    TRY(bring_texts_here(sources));
    std::map<IssueId, Issue> existing = TRY(read_existing(sources));
    TRY(read_labels());
    std::vector<Issue> added;
    for (ReadIssue& source : sources) {
      if (source.here.is_new) {
        added.push_back(TRY(new_issue(source)));
      } else {
        TRY(update(existing.at(source.here.id), source));
      }
    }
    TRY(insert(added));
    TRY(link(sources));
    TRY(work_.flush());
    if (progress_) progress_(summary_, static_cast<std::int64_t>(targets_.size()));
    return {};
  }

  // The texts with the numbers that their references have here; those of earlier imports are looked up, for
  // so many references at once.
  Result<void> bring_texts_here(std::vector<ReadIssue>& sources) {
    constexpr std::size_t references_at_once = 5000;
    std::vector<GithubText> texts;
    std::size_t references = 0;
    for (std::size_t at = 0; at < sources.size(); ++at) {
      texts.emplace_back(sources[at].body, sources[at].home);
      references += texts.back().references().size();
      if (references < references_at_once && at + 1 < sources.size()) continue;
      const std::map<std::string, store::ImportedIssue> earlier = TRY(find_earlier(texts));
      const std::size_t begin = at + 1 - texts.size();
      for (std::size_t each = 0; each < texts.size(); ++each)
        bring_here(sources[begin + each], texts[each], earlier);
      texts.clear();
      references = 0;
    }
    return {};
  }

  // By their addresses, what these texts refer to and the file does not hold.
  Result<std::map<std::string, store::ImportedIssue>> find_earlier(const std::vector<GithubText>& texts) {
    std::set<std::string> urls;
    for (const GithubText& text : texts) {
      for (const GithubReference& reference : text.references()) {
        if (index_.find(reference.to)) continue;
        for (const char* const kind : {"/issues/", "/pull/"})
          urls.insert(reference.to.home + kind + std::to_string(reference.to.number));
      }
    }
    if (urls.empty()) return std::map<std::string, store::ImportedIssue>();
    return store::find_imported_issues(
        work_.transaction(), work_.user_id(), std::vector<std::string>(urls.begin(), urls.end()));
  }

  void bring_here(ReadIssue& source,
                  const GithubText& text,
                  const std::map<std::string, store::ImportedIssue>& earlier) const {
    source.text_here = text.with_numbers([&](const GithubAddress& to) -> std::optional<std::int64_t> {
      if (const std::optional<std::int64_t> number = index_.find(to)) return number;
      for (const char* const kind : {"/issues/", "/pull/"}) {
        const auto found = earlier.find(to.home + kind + std::to_string(to.number));
        if (found != earlier.end()) return found->second.number;
      }
      return std::nullopt;
    });
    if (source.text_here.size() <= max_description_bytes) return;
    source.text_here = source.body;
    source.changes.emplace_back(
        "body: its references stay as they are: with links to GitHub it would be longer than 512 KiB");
  }

  // What came earlier and isn't in this file may link to what came now.
  Result<void> mend_earlier_ones() {
    if (summary_.created == 0) return {};
    std::set<IssueId> in_file;
    for (const GithubTarget& target : targets_) in_file.insert(target.id);
    std::vector<std::string> addresses;
    for (const std::string& home : file_.repositories()) {
      for (const char* kind : {"/issues/", "/pull/"}) addresses.push_back(home + kind);
    }
    for (const IssueId id :
         TRY(store::list_imported_issues_with(work_.transaction(), work_.user_id(), addresses))) {
      if (in_file.contains(id)) continue;
      const Issue before = TRY(changes_.find(id));
      TRY(mend(before));
    }
    return work_.flush();
  }

  // Where nobody has changed the text since.
  Result<void> mend(const Issue& before) {
    Json metadata = json_from_stored(before.metadata);
    if (text_fingerprint(before.description) != text_fingerprint_in(metadata)) return {};
    Issue after = before;
    after.description = GithubText(before.description, {}).with_links_followed([&](const GithubAddress& to) {
      return index_.find(to);
    });
    if (after.description == before.description) return {};
    put_text_fingerprint(metadata, after.description);
    after.metadata = dump(metadata);
    TRY(changes_.change(before, std::move(after), Moves::put_back));
    ++summary_.mended;
    return {};
  }

  Result<std::map<IssueId, Issue>> read_existing(const std::vector<ReadIssue>& sources) {
    std::vector<IssueId> ids;
    for (const ReadIssue& source : sources) {
      if (!source.here.is_new) ids.push_back(source.here.id);
    }
    std::map<IssueId, Issue> existing;
    for (Issue& issue : TRY(store::find_issues(work_.transaction(), work_.user_id(), ids))) {
      const IssueId id = issue.id;
      existing.emplace(id, std::move(issue));
    }
    return existing;
  }

  void tell(const ReadIssue& source, const std::string& what) {
    summary_.notes.add(source.line, name_of(source) + ": " + what);
  }

  void tell_changes(const ReadIssue& source) {
    for (const std::string& change : source.changes) tell(source, change);
  }

  Result<void> read_labels() {
    if (std::exchange(has_labels_, true)) return {};
    for (const Label& label : TRY(store::list_labels(work_.transaction(), work_.user_id()))) {
      labels_.emplace(fold_case(label.name), label.id);
      label_names_.emplace(label.id, label.name);
    }
    return {};
  }

  // The project of a repository: the one that says so in its settings, else one of its name, else a new one.
  Result<ProjectId> project_for(const std::string& repository) {
    if (const auto found = projects_.find(repository); found != projects_.end()) return found->second;
    if (!known_projects_) known_projects_ = TRY(store::list_projects(work_.transaction(), work_.user_id()));
    ProjectId id;
    for (const Project& project : *known_projects_) {
      const Json settings = json_from_stored(project.settings);
      const bool is_its_own = settings.is_object() && settings.contains("sourceRepository") &&
                              settings["sourceRepository"] == repository;
      if (is_its_own || (!id.is_set() && project.name == repository)) id = project.id;
    }
    if (!id.is_set()) {
      Project draft;
      draft.name = repository;
      draft.description = "Imported from GitHub";
      draft.settings = dump({{"sourceRepository", repository}});
      id = TRY(create_entity(work_, std::move(draft))).id;
      ++summary_.projects;
    }
    projects_.emplace(repository, id);
    return id;
  }

  // The first open status of a workflow, or its closed one; open where it has none that is closed.
  static const Status& status_for(const Workflow& workflow, bool is_closed) {
    for (const Status& status : workflow.statuses) {
      if (status.is_closed == is_closed) return status;
    }
    return workflow.statuses.front();
  }

  // The status of there, and with it the moment of completion.
  void take_state(Issue& issue, const Workflow& workflow, const ReadIssue& source) {
    const Status& status = status_for(workflow, source.is_closed);
    issue.status_id = status.id;
    issue.completed_at.reset();
    if (status.is_closed)
      issue.completed_at = source.closed_at.value_or(source.updated_at.value_or(work_.now()));
    if (status.is_closed != source.is_closed)
      tell(source, "state: is closed, and the workflow “" + workflow.name + "” has no status that is");
  }

  // Those that are missing are made: of an issue that is written, and for no other.
  Result<std::vector<LabelId>> label_ids_of(const GithubIssue& source) {
    std::vector<LabelId> ids;
    for (const GithubLabel& wanted : source.labels) {
      if (const auto found = labels_.find(fold_case(wanted.name)); found != labels_.end()) {
        ids.push_back(found->second);
        continue;
      }
      Label draft;
      draft.name = wanted.name;
      if (!wanted.color.empty()) draft.color = wanted.color;
      const Label made = TRY(create_entity(work_, std::move(draft)));
      labels_.emplace(fold_case(made.name), made.id);
      label_names_.emplace(made.id, made.name);
      ids.push_back(made.id);
      ++summary_.labels;
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  Result<Issue> new_issue(const ReadIssue& source) {
    tell_changes(source);
    Issue issue;
    issue.id = source.here.id;
    issue.number = source.here.number;
    issue.position = static_cast<double>(issue.number);
    issue.title = source.title;
    issue.description = source.text_here;
    issue.project_id = TRY(project_for(source.repository));
    issue.label_ids = TRY(label_ids_of(source));
    issue.metadata = dump(metadata_of(source, source.text_here));
    issue.created_at = source.created_at.value_or(source.updated_at.value_or(work_.now()));
    issue.updated_at = source.updated_at.value_or(issue.created_at);
    take_state(issue, *TRY(changes_.workflow_for(issue.project_id)), source);
    return issue;
  }

  Result<void> insert(const std::vector<Issue>& issues) {
    if (issues.empty()) return {};
    TRY(store::insert_issues(work_.transaction(), work_.user_id(), issues));
    for (const Issue& issue : issues) {
      work_.record({AuditAction::create, EntityType::issue, issue.id.uuid, nullptr, issue_to_json(issue)});
    }
    summary_.created += static_cast<std::int64_t>(issues.size());
    return {};
  }

  GithubFingerprint fingerprint_here(const Issue& issue) const {
    std::vector<std::string> names;
    for (const LabelId& id : issue.label_ids) {
      if (const auto name = label_names_.find(id); name != label_names_.end()) names.push_back(name->second);
    }
    return {text_fingerprint(issue.title),
            text_fingerprint(issue.description),
            issue.completed_at ? "closed" : "open",
            names_fingerprint(std::move(names))};
  }

  // What lies in the trash stays there, and a file from before the last import takes nothing back: both are
  // told.
  void leave(const Issue& before, ReadIssue& source, std::int64_t& count, const std::string& why) {
    ++count;
    source.is_left = true;
    tell(source, why + ": #" + std::to_string(before.number) + " stays as it is");
  }

  // Takes over what has changed at GitHub since the last run, where nothing was changed here.
  Result<void> update(const Issue& before, ReadIssue& source) {
    if (before.deleted_at) {
      leave(before, source, summary_.trashed, "lies in the trash here");
      return {};
    }
    const Json metadata = json_from_stored(before.metadata);
    const GithubFingerprint imported = fingerprint_in(metadata);
    const GithubFingerprint there = fingerprint_of(source);
    // Its references may be to issues that came in later.
    const bool has_other_text = text_fingerprint(before.description) == text_fingerprint_in(metadata) &&
                                before.description != source.text_here;
    if (there == imported && !has_other_text) {
      ++summary_.unchanged;
      return {};
    }
    const std::optional<Timestamp> known = source_update_in(metadata);
    if (there != imported && source.updated_at && known && *source.updated_at < *known) {
      leave(before, source, summary_.older, "is older than what was imported of " + to_string(*known));
      return {};
    }
    tell_changes(source);
    Issue after = before;
    const bool is_kept = TRY(take_over(before, after, source, has_other_text));
    const bool has_its_text = after.description == source.text_here;
    after.metadata = dump(metadata_with(metadata, source, source.text_here, has_its_text));
    TRY(changes_.change(before, std::move(after), Moves::put_back));
    ++(is_kept ? summary_.kept : summary_.updated);
    return {};
  }

  // True when something stays as it was changed here.
  Result<bool> take_over(const Issue& before, Issue& after, const ReadIssue& source, bool has_other_text) {
    const GithubFingerprint imported = fingerprint_in(json_from_stored(before.metadata));
    const GithubFingerprint there = fingerprint_of(source);
    const GithubFingerprint here = fingerprint_here(before);
    bool is_kept = false;
    const auto takes = [&](std::string GithubFingerprint::*field) {
      if (there.*field == imported.*field || there.*field == here.*field) return false;
      const bool is_ours = here.*field != imported.*field;
      is_kept = is_kept || is_ours;
      return !is_ours;
    };
    if (takes(&GithubFingerprint::title)) after.title = source.title;
    if (has_other_text) {
      after.description = source.text_here;
    } else if (there.body != imported.body && before.description != source.text_here) {
      is_kept = true;
    }
    if (takes(&GithubFingerprint::labels)) after.label_ids = TRY(label_ids_of(source));
    if (takes(&GithubFingerprint::state))
      take_state(after, *TRY(changes_.workflow_for(before.project_id)), source);
    return is_kept;
  }

  Result<void> link(const std::vector<ReadIssue>& sources) {
    std::vector<IssueId> ids;
    for (const ReadIssue& source : sources) {
      if (source.pull_request_url && !source.is_left) ids.push_back(source.here.id);
    }
    if (ids.empty()) return {};
    std::set<IssueId> known;
    for (const store::LinkedPullRequest& each :
         TRY(store::list_linked_pull_requests(work_.transaction(), work_.user_id(), ids))) {
      known.insert(each.issue_id);
    }
    std::vector<GitIntegration> links;
    for (const ReadIssue& source : sources) {
      if (!source.pull_request_url || source.is_left || known.contains(source.here.id)) continue;
      GitIntegration made;
      made.id = work_.new_id<GitIntegrationId>();
      made.issue_id = source.here.id;
      made.repository = source.repository;
      made.pr_url = source.pull_request_url;
      Json metadata = {{"draft", source.is_draft}};
      if (source.merged_at) metadata["mergedAt"] = to_string(*source.merged_at);
      made.metadata = dump(metadata);
      made.created_at = work_.now();
      made.updated_at = work_.now();
      links.push_back(std::move(made));
    }
    if (links.empty()) return {};
    TRY(store::insert_git_integrations(work_.transaction(), work_.user_id(), links));
    for (const GitIntegration& made : links) {
      work_.record({AuditAction::create,
                    EntityType::git_integration,
                    made.id.uuid,
                    nullptr,
                    git_integration_to_json(made),
                    EntityTraits<GitIntegration>::notes(made)});
    }
    summary_.links += static_cast<std::int64_t>(links.size());
    return {};
  }

  AuditedTransaction& work_;
  IssueChanges changes_;
  GithubFile& file_;
  const ImportProgress& progress_;
  ImportSummary summary_;
  GithubNumbers index_;
  std::vector<GithubTarget> targets_;  // as the file's entries
  bool has_labels_ = false;
  std::map<std::string, LabelId> labels_;  // by folded name
  std::map<LabelId, std::string> label_names_;
  std::optional<std::vector<Project>> known_projects_;  // before the import
  std::map<std::string, ProjectId> projects_;           // by repository
};

}  // namespace

Result<ImportSummary> import_github(ServiceContext& context,
                                    const Viewer& viewer,
                                    GithubFile& file,
                                    const ImportProgress& progress) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::bulk_write));
  ImportSummary summary = TRY(GithubImport(work, file, progress).run());
  TRY(work.commit());
  return summary;
}

}  // namespace dits
