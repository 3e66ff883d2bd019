// Writes of the user: shown at once, whatever the server will say.
#include <algorithm>

#include "web/store/issue_index.hpp"
#include "web/store/reduce_parts.hpp"
#include "web/store/selectors.hpp"

namespace dits::web {

namespace {

// The number that the server will most likely give; the real one comes with its answer.
std::int64_t next_number(const Entities& entities) { return last_number(entities) + 1; }

bool is_closed(const State& state, StatusId id) {
  const Status* status = find_status(state.entities, id);
  return status != nullptr && status->is_closed;
}

void set_deleted(State& state, const std::vector<IssueId>& ids, std::optional<Timestamp> deleted_at) {
  for (const IssueId id : ids) {
    const Slot slot = find_slot(state.entities, id);
    if (slot == no_slot) continue;
    change_issue(state, slot, [&](Issue& issue) { issue.deleted_at = deleted_at; });
    state.list.selected.erase(slot);
  }
}

}  // namespace

void apply(State& state, const IssueCreated& change) {
  Issue issue = change.issue;
  if (issue.number == 0) issue.number = next_number(state.entities);
  put_issue(state, std::move(issue));
}

void apply(State& state, const IssuesPatched& change) {
  for (const IssueEdit& edit : change.edits) {
    const Slot slot = find_slot(state.entities, edit.id);
    if (slot == no_slot) continue;
    change_issue(state, slot, [&](Issue& issue) {
      dits::apply(edit.patch, issue);
      if (edit.patch.description) issue.has_description = true;
      if (edit.patch.status_id) apply_completion(issue, is_closed(state, issue.status_id), change.at);
      issue.updated_at = change.at;
    });
  }
}

void apply(State& state, const IssuesTrashed& change) { set_deleted(state, change.ids, change.at); }
void apply(State& state, const IssuesRestored& change) { set_deleted(state, change.ids, std::nullopt); }

void apply(State& state, const IssuePurged& change) {
  const Slot slot = find_slot(state.entities, change.id);
  if (slot == no_slot) return;
  drop_issue(state, slot);
  state.list_work.is_all = true;
}

void apply(State& state, const RelationAdded& change) { put_relation(state, change.relation); }
void apply(State& state, const RelationRemoved& change) { drop_relation(state, change.relation.id); }

void apply(State& state, const GitLinkAdded& change) {
  const IssueId id = change.link.issue_id;
  const Slot slot = find_slot(state.entities, id);
  // Of links that are not here, their kinds are.
  const bool are_here = state.entities.git_links.contains(id);
  const unsigned kinds = slot != no_slot && !are_here ? state.entities.facts[slot].git : 0U;
  put_noun(state.entities.git_links[id], change.link);
  refresh_git_facts(state, id);
  if (slot == no_slot) return;
  IssueFacts& facts = state.entities.facts[slot];
  facts.git = static_cast<std::uint8_t>(facts.git | kinds);
}

void apply(State& state, const GitLinkRemoved& change) {
  std::erase_if(state.entities.git_links[change.link.issue_id],
                [&](const GitIntegration& link) { return link.id == change.link.id; });
  refresh_git_facts(state, change.link.issue_id);
}

void apply(State& state, const CommentSaved& change) {
  put_noun(state.entities.comments[change.after.issue_id], change.after);
}

void apply(State& state, const AttachmentSaved& change) {
  put_noun(state.entities.attachments[change.after.issue_id], change.after);
}

void apply(State& state, const ProjectSaved& change) {
  put_noun(state.entities.projects, change.after);
  rebuild_queries(state);
}

void apply(State& state, const AreaSaved& change) {
  put_noun(state.entities.areas, change.after);
  rebuild_queries(state);
}

void apply(State& state, const LabelSaved& change) {
  put_noun(state.entities.labels, change.after);
  rebuild_queries(state);
}

void apply(State& state, const WorkflowSaved& change) {
  put_noun(state.entities.workflows, change.after);
  rebuild_index(state);
}

void apply(State& state, const ViewSaved& change) {
  put_noun(state.entities.views, change.after);
  rebuild_queries(state);
}

void apply(State& state, const ProfileSaved& change) { state.session.me = change.after; }

}  // namespace dits::web
