// Undo by the change that puts back. What is not data has none.
#include "web/store/inverse.hpp"

#include <algorithm>
#include <array>

#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

using Inverse = std::optional<Change>;

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

Inverse invert(const IssuesPatched& change, const State& before) {
  IssuesPatched inverse{{}, change.at};
  for (const IssueEdit& edit : change.edits) {
    const Issue* issue = find_issue(before.entities, edit.id);
    if (issue != nullptr) inverse.edits.push_back({edit.id, dits::inverse_of(edit.patch, *issue)});
  }
  if (inverse.edits.empty()) return std::nullopt;
  std::reverse(inverse.edits.begin(), inverse.edits.end());
  return inverse;
}

template <typename Noun>
Inverse invert_saved(const Saved<Noun>& change, Timestamp now) {
  if (change.before) return Saved<Noun>{change.after, *change.before};
  Saved<Noun> removal{change.after, change.after};
  removal.after.deleted_at = now;
  return removal;
}

std::string number_of(const State& state, IssueId id) {
  const Issue* issue = find_issue(state.entities, id);
  return issue != nullptr ? "#" + std::to_string(issue->number) : "an issue";
}

std::string name_of_targets(const State& state, const std::vector<IssueId>& ids) {
  return ids.size() == 1 ? number_of(state, ids.front()) : std::to_string(ids.size()) + " issues";
}

template <typename Noun>
std::string saved_title(const Saved<Noun>& change, const std::string& noun) {
  if (!change.before) return "Create " + noun;
  const bool was_deleted = change.before->deleted_at.has_value();
  const bool is_deleted = change.after.deleted_at.has_value();
  if (is_deleted && !was_deleted) return "Delete " + noun;
  if (was_deleted && !is_deleted) return "Restore " + noun;
  return "Edit " + noun;
}

std::string patch_title(const IssuesPatched& change, const State& before) {
  if (change.edits.empty()) return "Edit";
  std::vector<IssueId> ids;
  for (const IssueEdit& edit : change.edits) ids.push_back(edit.id);
  const std::string on = " of " + name_of_targets(before, ids);
  const IssuePatch& patch = change.edits.front().patch;
  if (patch.status_id) return "Set status" + on;
  if (patch.priority) return "Set priority" + on;
  if (patch.due_date || patch.start_date) return "Set dates" + on;
  if (patch.label_ids) return "Set labels" + on;
  if (patch.project_id || patch.area_id) return "Move " + name_of_targets(before, ids);
  if (patch.parent_issue_id) return "Set parent" + on;
  if (patch.title) return "Edit title" + on;
  if (patch.description) return "Edit text" + on;
  return "Reorder " + name_of_targets(before, ids);
}

}  // namespace

std::optional<Change> inverse_of(const Change& change, const State& before) {
  return change.visit(Overloaded{
      [&](const IssueCreated& one) -> Inverse {
        return IssuesTrashed{{one.issue.id}, before.now};
      },
      [&](const IssuesPatched& one) -> Inverse { return invert(one, before); },
      [&](const IssuesTrashed& one) -> Inverse {
        return IssuesRestored{one.ids, one.at};
      },
      [&](const IssuesRestored& one) -> Inverse {
        return IssuesTrashed{one.ids, one.at};
      },
      [](const IssuePurged&) -> Inverse { return std::nullopt; },
      [](const RelationAdded& one) -> Inverse { return RelationRemoved{one.relation}; },
      [](const RelationRemoved& one) -> Inverse { return RelationAdded{one.relation}; },
      [](const GitLinkAdded& one) -> Inverse { return GitLinkRemoved{one.link}; },
      [](const GitLinkRemoved& one) -> Inverse { return GitLinkAdded{one.link}; },
      [&](const CommentSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const AttachmentSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const ProjectSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const AreaSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const LabelSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const WorkflowSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [&](const ViewSaved& one) -> Inverse { return invert_saved(one, before.now); },
      [](const ProfileSaved& one) -> Inverse {
        return ProfileSaved{one.after, one.before};
      },
      [](const auto& one) -> Inverse {
        static_assert(!is_data_kind<std::decay_t<decltype(one)>>, "say how it is undone");
        return std::nullopt;
      },
  });
}

bool is_data(const Change& change) {
  // The kinds stand in this order: data first.
  return change.index() <= Change::index_of<ProfileSaved>;
}

std::string title_of(const Change& change, const State& before) {
  return change.visit(Overloaded{
      [](const IssueCreated& one) { return "Create “" + one.issue.title + "”"; },
      [&](const IssuesPatched& one) { return patch_title(one, before); },
      [&](const IssuesTrashed& one) { return "Move " + name_of_targets(before, one.ids) + " to trash"; },
      [&](const IssuesRestored& one) { return "Restore " + name_of_targets(before, one.ids); },
      [&](const IssuePurged& one) { return "Delete " + number_of(before, one.id) + " for ever"; },
      [](const RelationAdded&) { return std::string("Add relation"); },
      [](const RelationRemoved&) { return std::string("Remove relation"); },
      [](const GitLinkAdded&) { return std::string("Add git link"); },
      [](const GitLinkRemoved&) { return std::string("Remove git link"); },
      [](const CommentSaved& one) { return saved_title(one, "comment"); },
      [](const AttachmentSaved& one) { return saved_title(one, "file"); },
      [](const ProjectSaved& one) { return saved_title(one, "project “" + one.after.name + "”"); },
      [](const AreaSaved& one) { return saved_title(one, "area “" + one.after.name + "”"); },
      [](const LabelSaved& one) { return saved_title(one, "label “" + one.after.name + "”"); },
      [](const WorkflowSaved& one) { return saved_title(one, "workflow “" + one.after.name + "”"); },
      [](const ViewSaved& one) { return saved_title(one, "view “" + one.after.name + "”"); },
      [](const ProfileSaved&) { return std::string("Edit profile"); },
      [](const auto& one) {
        static_assert(!is_data_kind<std::decay_t<decltype(one)>>, "give it a title");
        return std::string();
      },
  });
}

std::string told(const std::string& title) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> verbs{{{"Add ", "Added "},
                                                                                 {"Create ", "Created "},
                                                                                 {"Delete ", "Deleted "},
                                                                                 {"Edit ", "Edited "},
                                                                                 {"Move ", "Moved "},
                                                                                 {"Remove ", "Removed "},
                                                                                 {"Rename ", "Renamed "},
                                                                                 {"Restore ", "Restored "},
                                                                                 {"Save ", "Saved "},
                                                                                 {"Clear ", "Cleared "}}};
  for (const auto& [verb, past] : verbs) {
    if (title.starts_with(verb)) return std::string(past) + title.substr(verb.size());
  }
  return title;
}

}  // namespace dits::web
