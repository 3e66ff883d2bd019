// What waits, laid over what the server says: who has written something goes on to see it until the server
// has taken or refused it. Only what a step of the log takes back is not: what that was is not known here.
#include <algorithm>
#include <set>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "shared/api/paths.hpp"
#include "shared/json/area_json.hpp"
#include "shared/json/attachment_json.hpp"
#include "shared/json/comment_json.hpp"
#include "shared/json/git_integration_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/label_json.hpp"
#include "shared/json/project_json.hpp"
#include "shared/json/relation_json.hpp"
#include "shared/json/saved_view_json.hpp"
#include "shared/json/user_json.hpp"
#include "shared/json/workflow_json.hpp"
#include "web/api/write_queue.hpp"

namespace dits::web {

namespace {

Result<void> apply_values(const Json& values, Project& noun) { return apply_project_values(values, noun); }
Result<void> apply_values(const Json& values, Area& noun) { return apply_area_values(values, noun); }
Result<void> apply_values(const Json& values, Label& noun) { return apply_label_values(values, noun); }
Result<void> apply_values(const Json& values, SavedView& noun) {
  return apply_saved_view_values(values, noun);
}
Result<void> apply_values(const Json& values, Comment& noun) { return apply_comment_values(values, noun); }
Result<void> apply_values(const Json& values, Attachment& noun) {
  return apply_attachment_values(values, noun);
}
Result<void> apply_values(const Json& values, GitIntegration& noun) {
  return apply_git_integration_values(values, noun);
}
// A body has the statuses in their order, and nothing of them that follows from it.
Result<void> apply_values(const Json& values, Workflow& noun) {
  TRY(apply_workflow_values(values, noun));
  for (std::size_t at = 0; at < noun.statuses.size(); ++at) {
    noun.statuses[at].workflow_id = noun.id;
    noun.statuses[at].position = static_cast<std::int32_t>(at);
  }
  return {};
}

bool is_restoration(const Write& write) { return write.method == "POST" && write.path.ends_with("/restore"); }

// What one write does to one thing.
struct Step {
  const Write* write = nullptr;
  const IssueEdit* edit = nullptr;  // of an issue
  IssueAction action = IssueAction::update;
};

void lay_over_edit(const State& state, const IssuePatch& patch, Issue& issue) {
  dits::apply(patch, issue);
  if (patch.description) issue.has_description = true;
  const Status* after = find_status(state.entities, issue.status_id);
  if (after != nullptr) apply_completion(issue, after->is_closed, state.now);
}

class Waiting {
 public:
  // Both outlive it.
  Waiting(const std::deque<Write>& writes, const State& state) : writes_(writes), state_(state) {
    for (const Write& write : writes) add(write);
  }

  // Of everything but the write that makes it. False: it goes for good.
  bool lay_over(Issue& issue) const {
    const std::vector<Step>* steps = steps_of(issue.id.uuid);
    if (steps == nullptr) return true;
    for (const Step& step : *steps) {
      const Write& write = *step.write;
      if (step.edit != nullptr) {
        lay_over_edit(state_, step.edit->patch, issue);
      } else if (step.action == IssueAction::restore || is_restoration(write)) {
        issue.deleted_at.reset();
      } else if (step.action == IssueAction::remove ||
                 (write.method == "DELETE" && write.path == paths::path_with(paths::issue, issue.id))) {
        if (!issue.deleted_at) issue.deleted_at = state_.now;
      } else if (write.method == "DELETE") {
        return false;
      }
    }
    return true;
  }

  void lay_over(Change& change) {
    if (auto* issues = change.edit_if<IssuesArrived>()) return lay_over_issues(*issues);
    if (auto* text = change.edit_if<DescriptionArrived>()) return lay_over_text(*text);
    if (auto* began = change.edit_if<SnapshotBegan>()) return lay_over_nouns(*began);
    if (auto* list = change.edit_if<CommentsArrived>())
      return lay_over_list(list->comments, paths::path_with(paths::issue_comments, list->id), list->id);
    if (auto* list = change.edit_if<AttachmentsArrived>()) return lay_over_list(list->attachments, {}, {});
    if (auto* list = change.edit_if<GitLinksArrived>())
      return lay_over_list(list->links, paths::path_with(paths::issue_git_integrations, list->id), list->id);
    lay_over_one<ProjectArrived>(change);
    lay_over_one<AreaArrived>(change);
    lay_over_one<LabelArrived>(change);
    lay_over_one<WorkflowArrived>(change);
    lay_over_one<ViewArrived>(change);
    lay_over_one<CommentArrived>(change);
    lay_over_one<AttachmentArrived>(change);
    lay_over_one<GitLinkArrived>(change);
    lay_over_one<RelationArrived>(change);
  }

 private:
  void add(const Write& write) {
    if (!write.undoes.empty()) return;
    for (const IssueEdit& edit : write.edits) steps_[edit.id.uuid].push_back({&write, &edit});
    if (!write.edits.empty()) return;
    if (write.path != paths::issues_bulk) return steps_[write.entity_id].push_back({&write});
    const Result<Json> body = parse_json(write.body);
    if (!body) return;
    if (const auto bulk = issue_bulk_from_json(*body)) {
      for (const IssueBulkStep& step : *bulk) steps_[step.id.uuid].push_back({&write, nullptr, step.action});
    }
  }

  const std::vector<Step>* steps_of(const Uuid& id) const {
    const auto found = steps_.find(id);
    return found == steps_.end() ? nullptr : &found->second;
  }

  // False: it goes, or what goes by an action of its own.
  template <typename Noun>
  bool lay_over(Noun& noun) const {
    const std::vector<Step>* steps = steps_of(noun.id.uuid);
    if (steps == nullptr) return true;
    bool is_there = true;
    for (const Step& step : *steps) {
      const bool is_removed = step.write->method == "DELETE";
      if constexpr (requires { noun.deleted_at; }) {
        if (step.write->method == "POST") noun.deleted_at.reset();  // made, or taken out of the trash
        if (is_removed && !noun.deleted_at) noun.deleted_at = state_.now;
      } else {
        is_there = !is_removed;
      }
      if constexpr (requires(const Json& values) { apply_values(values, noun); }) {
        if (const Result<Json> body = parse_json(step.write->body); body && body->is_object())
          (void)apply_values(*body, noun);
      }
    }
    return is_there;
  }

  void lay_over_issues(IssuesArrived& arrived) const {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < arrived.issues.size(); ++at) {
      if (!lay_over(arrived.issues[at])) continue;
      if (kept != at) {
        arrived.issues[kept] = std::move(arrived.issues[at]);
        if (at < arrived.git.size()) arrived.git[kept] = arrived.git[at];
      }
      ++kept;
    }
    arrived.issues.resize(kept);
    arrived.git.resize(std::min(arrived.git.size(), kept));
    std::erase_if(arrived.relations, [&](IssueRelation& relation) { return !lay_over(relation); });
  }

  void lay_over_text(DescriptionArrived& arrived) const {
    const std::vector<Step>* steps = steps_of(arrived.id.uuid);
    if (steps == nullptr) return;
    for (const Step& step : *steps) {
      if (step.edit != nullptr && step.edit->patch.description) arrived.text = *step.edit->patch.description;
    }
  }

  void lay_over_nouns(SnapshotBegan& began) const {
    lay_over_list(began.projects, paths::projects, {});
    lay_over_list(began.areas, paths::areas, {});
    lay_over_list(began.labels, paths::labels, {});
    lay_over_list(began.workflows, paths::workflows, {});
    lay_over_list(began.views, paths::views, {});
    std::erase_if(began.relations, [&](IssueRelation& relation) { return !lay_over(relation); });
    const std::vector<Step>* steps = steps_of(began.me.id.uuid);
    if (!began.me.id.is_set() || steps == nullptr) return;
    for (const Step& step : *steps) {
      if (const Result<Json> body = parse_json(step.write->body); body && body->is_object())
        (void)apply_user_values(*body, began.me);
    }
  }

  // With what was made by a POST to `made_at`, and is not in the list yet.
  template <typename Noun>
  void lay_over_list(std::vector<Noun>& nouns, std::string_view made_at, IssueId issue_id) const {
    std::set<Uuid> here;
    for (const Noun& noun : nouns) here.insert(noun.id.uuid);
    std::erase_if(nouns, [&](Noun& noun) { return !lay_over(noun); });
    for (const Write& write : writes_) {
      if (write.method != "POST" || write.path != made_at || !here.insert(write.entity_id).second) continue;
      Noun noun;
      noun.id.uuid = write.entity_id;
      noun.created_at = state_.now;
      noun.updated_at = state_.now;
      if constexpr (requires { noun.issue_id; }) noun.issue_id = issue_id;
      if (lay_over(noun)) nouns.push_back(std::move(noun));
    }
  }

  template <typename Kind>
  void lay_over_one(Change& change) const {
    auto* arrived = change.edit_if<Kind>();
    if (arrived == nullptr || lay_over(arrived->noun)) return;
    const auto type =
        std::is_same_v<Kind, RelationArrived> ? EntityType::issue_relation : EntityType::git_integration;
    change = NounGone{type, Uuid(arrived->noun.id.uuid)};
  }

  const std::deque<Write>& writes_;
  const State& state_;
  std::unordered_map<Uuid, std::vector<Step>, UuidHash> steps_;
};

// From the first to the last of what Waiting knows.
bool is_told_by_server(const Change& change) {
  return change.index() >= Change::index_of<SnapshotBegan> &&
         change.index() <= Change::index_of<GitLinksArrived>;
}

}  // namespace

std::vector<Change> WriteQueue::made_issues(const State& state, const std::vector<Change>& changes) const {
  std::set<IssueId> told;
  bool begins_anew = false;
  for (const Change& change : changes) {
    begins_anew = begins_anew || change.is<SnapshotBegan>();
    if (const auto* arrived = change.get_if<IssuesArrived>()) {
      for (const Issue& issue : arrived->issues) told.insert(issue.id);
    }
  }
  std::vector<Change> made;
  const Waiting waiting(writes_, state);
  for (const Write& write : writes_) {
    const IssueId id{write.entity_id};
    const bool is_here = !begins_anew && find_issue(state.entities, id) != nullptr;
    if (write.method != "POST" || write.path != paths::issues || is_here || told.contains(id)) continue;
    const Result<Json> body = parse_json(write.body);
    if (!body) continue;
    Result<Issue> issue = issue_draft_from_json(*body);
    if (!issue) continue;
    issue->has_description = true;
    issue->created_at = state.now;
    issue->updated_at = state.now;
    if (!waiting.lay_over(*issue)) continue;
    made.emplace_back(IssueCreated{std::move(*issue)});
  }
  return made;
}

void WriteQueue::lay_over(const State& state, std::vector<Change>& changes) const {
  if (writes_.empty()) return;
  std::optional<Waiting> waiting;
  bool is_whole = false;
  for (Change& change : changes) {
    if (!is_told_by_server(change)) continue;
    if (!waiting) waiting.emplace(writes_, state);
    waiting->lay_over(change);
    is_whole = is_whole || change.is<SnapshotEnded>();
  }
  if (!is_whole) return;
  for (Change& change : made_issues(state, changes)) changes.push_back(std::move(change));
}

}  // namespace dits::web
