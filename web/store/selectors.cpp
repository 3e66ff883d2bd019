// Questions about issues, the cursor and what is around them.
#include "web/store/selectors.hpp"

#include <algorithm>

#include "shared/core/sorting.hpp"
#include "shared/core/text.hpp"
#include "web/store/change.hpp"
#include "web/store/query_run.hpp"

namespace dits::web {

namespace {

template <typename Noun>
std::vector<const Noun*> shown(const std::vector<Noun>& nouns) {
  std::vector<const Noun*> all;
  for (const Noun& noun : nouns) {
    if (!noun.deleted_at) all.push_back(&noun);
  }
  sort_stably(all, [](const Noun* a, const Noun* b) { return fold_case(a->name) < fold_case(b->name); });
  return all;
}

template <typename Map, typename Key>
typename Map::mapped_type value_or_zero(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

}  // namespace

Slot cursor_slot(const State& state) {
  if (shows_calendar(state.list_route)) return calendar_slot(state);
  if (shows_plan(state.list_route)) return plan_slot(state);
  if (shows_insights(state.list_route)) return no_slot;  // no issue is seen
  const auto& lines = state.list.result.lines;
  return state.list.cursor < lines.size() ? lines[state.list.cursor].slot : no_slot;
}

const Issue* cursor_issue(const State& state) {
  if (state.route.screen == Screen::issue) return find_issue(state.entities, state.route.issue_number);
  if (!shows_issues(state.route.screen)) return nullptr;
  const Slot slot = cursor_slot(state);
  return slot == no_slot ? nullptr : &state.entities.issues[slot];
}

const Issue* opened_issue(const State& state) {
  if (state.route.screen == Screen::issue) return find_issue(state.entities, state.route.issue_number);
  return state.detail_open ? cursor_issue(state) : nullptr;
}

bool is_selected(const State& state, Slot slot) { return state.list.selected.contains(slot); }

std::vector<IssueId> target_issues(const State& state) {
  std::vector<IssueId> ids;
  if (state.route.screen != Screen::issue && !state.list.selected.empty()) {
    for (const Slot slot : state.list.ordered) {
      if (is_selected(state, slot)) ids.push_back(state.entities.issues[slot].id);
    }
  }
  if (ids.empty()) {
    if (const Issue* issue = cursor_issue(state)) ids.push_back(issue->id);
  }
  return ids;
}

bool is_any_trashed(const State& state, const std::vector<IssueId>& ids) {
  return std::any_of(ids.begin(), ids.end(), [&](IssueId id) {
    const Issue* issue = find_issue(state.entities, id);
    return issue != nullptr && issue->deleted_at.has_value();
  });
}

std::uint32_t cursor_position(const State& state) {
  const auto& lines = state.list.result.lines;
  if (state.list.cursor >= lines.size() || lines[state.list.cursor].is_header()) return 0;
  const ListGroup& group = state.list.result.groups[lines[state.list.cursor].group];
  const auto header = static_cast<std::size_t>(group.kind == GroupKind::all ? 0 : 1);
  return static_cast<std::uint32_t>(group.first + (state.list.cursor - group.first_line - header) + 1);
}

const Issue& issue_at(const State& state, Slot slot) { return state.entities.issues[slot]; }
const IssueFacts& facts_at(const State& state, Slot slot) { return state.entities.facts[slot]; }

const Status* status_of(const State& state, const Issue& issue) {
  return find_status(state.entities, issue.status_id);
}

StatusKind kind_of(const State& state, const Issue& issue) {
  const Status* status = status_of(state, issue);
  return status == nullptr ? StatusKind::todo : status_kind(*status);
}

bool is_blocked(const State& state, Slot slot) {
  const IssueFacts& facts = state.entities.facts[slot];
  return facts.open_blockers > 0 && !facts.is_closed;
}

std::vector<const Label*> labels_of(const State& state, const Issue& issue) {
  std::vector<const Label*> labels;
  for (const LabelId id : issue.label_ids) {
    const Label* label = find_label(state.entities, id);
    if (label != nullptr && !label->deleted_at) labels.push_back(label);
  }
  std::sort(labels.begin(), labels.end(), [](const Label* a, const Label* b) {
    return fold_case(a->name) < fold_case(b->name);
  });
  return labels;
}

std::vector<const Issue*> sub_issues_of(const State& state, const Issue& issue) {
  std::vector<const Issue*> children;
  const auto found = state.entities.children.find(find_slot(state.entities, issue.id));
  if (found == state.entities.children.end()) return children;
  for (const Slot slot : found->second) {
    if (!state.entities.issues[slot].deleted_at) children.push_back(&state.entities.issues[slot]);
  }
  sort_stably(children, [](const Issue* a, const Issue* b) {
    return a->position != b->position ? a->position < b->position : a->number < b->number;
  });
  return children;
}

const Issue* parent_of(const State& state, const Issue& issue) {
  return find_issue(state.entities, issue.parent_issue_id);
}

std::vector<RelationRow> relations_of(const State& state, const Issue& issue) {
  std::vector<RelationRow> rows;
  const auto found = state.entities.relation_ends.find(find_slot(state.entities, issue.id));
  if (found == state.entities.relation_ends.end()) return rows;
  for (const RelationEnd& end : found->second) {
    const Issue& other = state.entities.issues[end.other];
    if (!other.id.is_set() || other.deleted_at) continue;
    rows.push_back({end.id, end.type, &other, state.entities.facts[end.other].is_closed});
  }
  const auto rank = [](RelationType type) {
    return type == RelationType::blocked_by ? -1 : static_cast<int>(type);
  };
  sort_stably(rows, [&](const RelationRow& a, const RelationRow& b) {
    return a.type != b.type ? rank(a.type) < rank(b.type) : a.other->number < b.other->number;
  });
  return rows;
}

Signal signal_of(const State& state, Slot slot) {
  const Issue& issue = state.entities.issues[slot];
  const IssueFacts& facts = state.entities.facts[slot];
  if (facts.is_closed || issue.deleted_at) return Signal::none;
  if (facts.open_blockers > 0 || (issue.due_date && *issue.due_date < state.today)) return Signal::danger;
  if (issue.due_date && *issue.due_date == state.today) return Signal::today;
  return facts.kind == StatusKind::progress ? Signal::active : Signal::none;
}

std::vector<const Project*> shown_projects(const State& state) {
  std::vector<const Project*> projects = shown(state.entities.projects);
  sort_stably(projects, [](const Project* a, const Project* b) {
    return (a->status == ProjectStatus::active) > (b->status == ProjectStatus::active);
  });
  return projects;
}

std::vector<const Area*> shown_areas(const State& state) { return shown(state.entities.areas); }
std::vector<const Label*> shown_labels(const State& state) { return shown(state.entities.labels); }

std::vector<const SavedView*> shown_views(const State& state) {
  std::vector<const SavedView*> views = shown(state.entities.views);
  sort_stably(views, [](const SavedView* a, const SavedView* b) { return a->position < b->position; });
  return views;
}

std::vector<const Status*> allowed_statuses(const State& state, const Issue& issue) {
  std::vector<const Status*> allowed;
  const Workflow* workflow = workflow_for(state.entities, issue.project_id);
  if (const Status* own = status_of(state, issue)) {
    // An issue whose project got a workflow of its own may still stand in a general status.
    if (const Workflow* home = find_workflow(state.entities, own->workflow_id)) workflow = home;
  }
  if (workflow == nullptr) return allowed;
  for (const Status& status : workflow->statuses) {
    if (allows_move(*workflow, issue.status_id, status.id)) allowed.push_back(&status);
  }
  return allowed;
}

std::vector<const Status*> statuses_for(const State& state, ProjectId project_id) {
  std::vector<const Status*> statuses;
  if (const Workflow* workflow = workflow_for(state.entities, project_id)) {
    for (const Status& status : workflow->statuses) statuses.push_back(&status);
  }
  return statuses;
}

const Status* first_status_of_kind(const State& state, ProjectId project_id, StatusKind kind) {
  for (const Status* status : statuses_for(state, project_id)) {
    if (status_kind(*status) == kind) return status;
  }
  return nullptr;
}

StatusId default_status(const State& state, ProjectId project_id) {
  const std::vector<const Status*> statuses = statuses_for(state, project_id);
  return statuses.empty() ? StatusId{} : statuses.front()->id;
}

Progress project_progress(const State& state, ProjectId id) {
  return value_or_zero(state.project_progress, id);
}
Progress area_progress(const State& state, AreaId id) { return value_or_zero(state.area_progress, id); }
std::uint32_t label_count(const State& state, LabelId id) { return value_or_zero(state.label_counts, id); }
std::uint32_t view_count(const State& state, SavedViewId id) {
  for (std::size_t at = 0; at < state.view_queries.size(); ++at) {
    if (state.entities.views[at].id != id || !state.view_queries[at]) continue;
    for (const std::string& text : texts_of(*state.view_queries[at])) {
      if (!state.list.text_hits.contains(text)) return 0;
    }
  }
  return value_or_zero(state.view_counts, id);
}

Progress sub_issue_progress(const State& state, Slot slot) {
  const IssueFacts& facts = state.entities.facts[slot];
  return {static_cast<std::uint32_t>(facts.children - facts.closed_children), facts.closed_children};
}

const Issue* focus_issue(const State& state) {
  const Issue* best = nullptr;
  for (const Slot slot : state.in_progress) {
    const Issue& issue = state.entities.issues[slot];
    if (best == nullptr || issue.updated_at > best->updated_at) best = &issue;
  }
  return best;
}

std::vector<DayLoad> next_seven_days(const State& state) {
  std::vector<DayLoad> days;
  for (int at = 0; at < 7; ++at) days.push_back({Date{state.today.days + at}, {}});
  for (const Slot slot : state.due_in_week) {
    const int at = state.entities.issues[slot].due_date->days - state.today.days;
    days[static_cast<std::size_t>(at)].issues.push_back(slot);
  }
  for (DayLoad& day : days) {
    sort_stably(day.issues, [&](Slot a, Slot b) {
      const IssueFacts& left = state.entities.facts[a];
      const IssueFacts& right = state.entities.facts[b];
      return left.kind != right.kind ? left.kind > right.kind : a < b;
    });
  }
  return days;
}

Uuid fresh_uuid(const State& state, std::uint64_t n) {
  return make_uuid_v7(state.now.unix_ms, state.random_high, state.random_low + n);
}

const Draft* draft_for(const State& state, const Editor& editor) {
  const auto found = state.drafts.find(draft_key(editor));
  return found == state.drafts.end() ? nullptr : &found->second;
}

bool is_dark(const State& state) {
  return state.theme == ThemeChoice::dark || (state.theme == ThemeChoice::system && state.system_is_dark);
}

}  // namespace dits::web
