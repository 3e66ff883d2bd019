#include "server/service/import_github.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "server/service/entities.hpp"
#include "server/service/github_issue.hpp"
#include "server/service/issue_changes.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/store/imports.hpp"
#include "shared/core/text.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

namespace {

constexpr std::size_t issues_at_once = 500;

struct ReadIssue : GithubIssue {
  std::int64_t line = 0;
};

// The writing of one batch, within one transaction.
class Batch {
 public:
  Batch(AuditedTransaction& work, ImportSummary& summary) : work_(work), changes_(work), summary_(summary) {}

  Result<void> write(const std::vector<const ReadIssue*>& sources) {
    std::vector<std::string> urls;
    for (const ReadIssue* source : sources) urls.push_back(source->url);
    const std::map<std::string, IssueId> known =
        TRY(store::find_imported_issues(work_.transaction(), work_.user_id(), urls));
    std::map<IssueId, Issue> existing = TRY(read_existing(known));
    TRY(read_labels(sources));
    std::vector<Issue> added;
    std::vector<std::pair<IssueId, const ReadIssue*>> linked;
    for (const ReadIssue* source : sources) {
      const auto found = known.find(source->url);
      if (found == known.end()) {
        added.push_back(TRY(new_issue(*source)));
        linked.emplace_back(added.back().id, source);
      } else {
        TRY(update(existing.at(found->second), *source));
        linked.emplace_back(found->second, source);
      }
    }
    TRY(insert(added));
    return link(linked);
  }

 private:
  Result<std::map<IssueId, Issue>> read_existing(const std::map<std::string, IssueId>& known) {
    std::vector<IssueId> ids;
    for (const auto& [url, id] : known) ids.push_back(id);
    std::map<IssueId, Issue> existing;
    for (Issue& issue : TRY(store::find_issues(work_.transaction(), work_.user_id(), ids))) {
      const IssueId id = issue.id;
      existing.emplace(id, std::move(issue));
    }
    return existing;
  }

  void tell_changes(const ReadIssue& source) {
    for (const std::string& change : source.changes) summary_.notes.add(source.line, change);
  }

  // Finds the labels of these issues and makes those that are missing.
  Result<void> read_labels(const std::vector<const ReadIssue*>& sources) {
    for (const Label& label : TRY(store::list_labels(work_.transaction(), work_.user_id()))) {
      labels_.emplace(fold_case(label.name), label.id);
      label_names_.emplace(label.id, label.name);
    }
    for (const ReadIssue* source : sources) {
      for (const GithubLabel& wanted : source->labels) {
        if (labels_.contains(fold_case(wanted.name))) continue;
        Label draft;
        draft.name = wanted.name;
        if (!wanted.color.empty()) draft.color = wanted.color;
        const Label made = TRY(create_entity(work_, std::move(draft)));
        labels_.emplace(fold_case(made.name), made.id);
        label_names_.emplace(made.id, made.name);
        ++summary_.labels;
      }
    }
    return {};
  }

  // The project of a repository: the one that says so in its settings, else one of its name, else a new one.
  Result<ProjectId> project_for(const std::string& repository) {
    if (const auto found = projects_.find(repository); found != projects_.end()) return found->second;
    ProjectId id;
    for (const Project& project : TRY(store::list_projects(work_.transaction(), work_.user_id()))) {
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

  // The first open status of a workflow, or its closed one.
  static StatusId status_for(const Workflow& workflow, bool is_closed) {
    for (const Status& status : workflow.statuses) {
      if (status.is_closed == is_closed) return status.id;
    }
    return workflow.statuses.front().id;
  }

  std::vector<LabelId> label_ids_of(const GithubIssue& source) const {
    std::vector<LabelId> ids;
    for (const GithubLabel& label : source.labels) ids.push_back(labels_.at(fold_case(label.name)));
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  Result<Issue> new_issue(const ReadIssue& source) {
    tell_changes(source);
    Issue issue;
    issue.id = work_.new_id<IssueId>();
    issue.number = work_.take_issue_number();
    issue.position = static_cast<double>(issue.number);
    issue.title = source.title;
    issue.description = source.body;
    issue.project_id = TRY(project_for(source.repository));
    issue.status_id = status_for(*TRY(changes_.workflow_for(issue.project_id)), source.is_closed);
    if (source.is_closed) issue.completed_at = source.closed_at.value_or(source.updated_at);
    issue.label_ids = label_ids_of(source);
    issue.metadata = dump(metadata_of(source));
    issue.created_at = source.created_at;
    issue.updated_at = source.updated_at;
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

  // Takes over what has changed at GitHub since the last run, where nothing was changed here.
  Result<void> update(const Issue& before, const ReadIssue& source) {
    Json metadata = json_from_stored(before.metadata);
    const GithubFingerprint imported = fingerprint_in(metadata);
    const GithubFingerprint there = fingerprint_of(source);
    if (there == imported || before.deleted_at) {
      ++summary_.unchanged;
      return {};
    }
    tell_changes(source);
    const GithubFingerprint here = fingerprint_here(before);
    Issue after = before;
    bool is_kept = false;
    const auto take = [&](std::string GithubFingerprint::*field, const auto& apply) {
      if (there.*field == imported.*field || there.*field == here.*field) return;
      if (here.*field == imported.*field) {
        apply();
      } else {
        is_kept = true;
      }
    };
    take(&GithubFingerprint::title, [&] { after.title = source.title; });
    take(&GithubFingerprint::body, [&] { after.description = source.body; });
    take(&GithubFingerprint::labels, [&] { after.label_ids = label_ids_of(source); });
    const Workflow& workflow = *TRY(changes_.workflow_for(before.project_id));
    take(&GithubFingerprint::state, [&] {
      after.status_id = status_for(workflow, source.is_closed);
      after.completed_at = source.is_closed ? source.closed_at : std::nullopt;
    });
    const Json fresh = metadata_of(source);
    metadata["sourceUpdatedAt"] = fresh["sourceUpdatedAt"];
    metadata["imported"] = fresh["imported"];
    after.metadata = dump(metadata);
    TRY(changes_.change(before, std::move(after), Moves::put_back));
    ++(is_kept ? summary_.kept : summary_.updated);
    return {};
  }

  Result<void> link(const std::vector<std::pair<IssueId, const ReadIssue*>>& issues) {
    std::vector<IssueId> ids;
    for (const auto& [id, source] : issues) {
      if (source->pull_request_url) ids.push_back(id);
    }
    std::multimap<IssueId, std::string> known;
    for (store::LinkedPullRequest& each :
         TRY(store::list_linked_pull_requests(work_.transaction(), work_.user_id(), ids))) {
      known.emplace(each.issue_id, std::move(each.url));
    }
    std::vector<GitIntegration> links;
    for (const auto& [id, source] : issues) {
      if (!source->pull_request_url || known.contains(id)) continue;
      GitIntegration made;
      made.id = work_.new_id<GitIntegrationId>();
      made.issue_id = id;
      made.repository = source->repository;
      made.pr_url = source->pull_request_url;
      Json metadata = {{"draft", source->is_draft}};
      if (source->merged_at) metadata["mergedAt"] = to_string(*source->merged_at);
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
  ImportSummary& summary_;
  std::map<std::string, LabelId> labels_;  // by folded name
  std::map<LabelId, std::string> label_names_;
  std::map<std::string, ProjectId> projects_;  // by repository
};

// All issues of the file; of several with one address the last line counts.
Result<std::vector<ReadIssue>> read_issues(const ImportLines& next_line,
                                           const ImportOptions& options,
                                           const ImportProgress& progress,
                                           ImportSummary& summary) {
  std::vector<ReadIssue> issues;
  std::map<std::string, std::size_t> by_url;
  std::int64_t number = 0;
  while (std::optional<std::string> line = next_line()) {
    ++number;
    if (trim(*line).empty()) continue;
    ++summary.lines;
    Result<GithubIssue> issue = github_issue_from_line(*line);
    if (!issue) {
      const std::string message = "Line " + std::to_string(number) + ": " + issue.error().message;
      if (options.is_strict) return invalid("", message + ". Nothing was written.");
      summary.problems.add(number, issue.error().message);
      continue;
    }
    const auto [place, is_new] = by_url.emplace(issue->url, issues.size());
    if (is_new) {
      issues.push_back({std::move(*issue), number});
    } else {
      issues[place->second] = {std::move(*issue), number};
    }
    if (progress && summary.lines % 500 == 0) progress(summary, 0);
  }
  std::stable_sort(issues.begin(), issues.end(), [](const ReadIssue& a, const ReadIssue& b) {
    return a.created_at < b.created_at;
  });
  return issues;
}

}  // namespace

Result<ImportSummary> import_github(ServiceContext& context,
                                    const Viewer& viewer,
                                    const ImportLines& next_line,
                                    const ImportOptions& options,
                                    const ImportProgress& progress) {
  ImportSummary summary;
  const std::vector<ReadIssue> issues = TRY(read_issues(next_line, options, progress, summary));
  std::optional<AuditedTransaction> work;
  for (std::size_t begin = 0; begin < issues.size(); begin += issues_at_once) {
    std::vector<const ReadIssue*> batch;
    for (std::size_t at = begin; at < std::min(begin + issues_at_once, issues.size()); ++at) {
      batch.push_back(&issues[at]);
    }
    if (!work) work.emplace(TRY(AuditedTransaction::begin(context, viewer, Access::bulk_write)));
    TRY(Batch(*work, summary).write(batch));
    if (options.is_strict) {
      TRY(work->flush());  // one transaction for all
    } else {
      TRY(work->commit());
      work.reset();
    }
    if (progress) progress(summary, static_cast<std::int64_t>(issues.size()));
  }
  if (work) TRY(work->commit());
  return summary;
}

}  // namespace dits
