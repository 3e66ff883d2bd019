// Facts and counts follow every change of an issue: what it and its neighbours contributed is taken back, the
// change is made, and what they contribute now is added.
#include "web/store/issue_index.hpp"

#include <algorithm>
#include <utility>

#include "shared/core/text.hpp"
#include "web/store/list_build.hpp"
#include "web/store/query_run.hpp"

namespace dits::web {

namespace {

constexpr std::size_t rebuild_from = 64;  // issues at once from which making everything anew is cheaper
constexpr std::size_t counted_views = 32;

bool is_live(const Issue& issue) { return issue.id.is_set() && !issue.deleted_at; }

void add(std::uint32_t& count, int sign) {
  count = static_cast<std::uint32_t>(static_cast<int>(count) + sign);
}
void add(std::uint16_t& count, int sign) {
  count = static_cast<std::uint16_t>(static_cast<int>(count) + sign);
}

std::uint8_t smart_bits(const State& state, const Issue& issue, const IssueFacts& facts) {
  if (!is_live(issue)) return 0;
  if (facts.is_closed) {
    const bool is_of_today =
        issue.completed_at && date_of(*issue.completed_at, state.utc_offset_minutes) == state.today;
    return static_cast<std::uint8_t>(smart_logbook | (is_of_today ? smart_done_today : 0));
  }
  unsigned bits = 0;
  if (!issue.project_id.is_set() && !issue.area_id.is_set()) bits |= smart_inbox;
  const bool is_due = issue.due_date && *issue.due_date <= state.today;
  const bool starts_later = issue.start_date && *issue.start_date > state.today;
  const bool is_in_hand = facts.kind == StatusKind::progress || facts.kind == StatusKind::review;
  if (is_due) bits |= smart_today;
  if (!is_due && (is_in_hand || (issue.start_date && !starts_later))) bits |= smart_desk;
  if ((issue.due_date && *issue.due_date > state.today) || starts_later) bits |= smart_upcoming;
  if (facts.kind == StatusKind::todo && facts.open_blockers == 0 && !starts_later) bits |= smart_next;
  return static_cast<std::uint8_t>(bits);
}

std::uint32_t view_bits(const State& state, Slot slot) {
  std::uint32_t bits = 0;
  for (std::size_t at = 0; at < state.view_queries.size(); ++at) {
    const auto& query = state.view_queries[at];
    if (query && is_live(state.entities.issues[slot]) && matches(state, *query, slot)) bits |= 1U << at;
  }
  return bits;
}

void count_views(State& state, std::uint32_t bits, int sign) {
  for (std::size_t at = 0; bits != 0; ++at, bits >>= 1U) {
    if ((bits & 1U) != 0) add(state.view_counts[state.entities.views[at].id], sign);
  }
}

// Adds (or with -1 takes back) what the issue counts for, by its facts as they stand.
void contribute(State& state, Slot slot, int sign) {
  const Issue& issue = state.entities.issues[slot];
  const IssueFacts& facts = state.entities.facts[slot];
  if (!issue.id.is_set()) return;
  Counts& counts = state.counts;
  if (issue.deleted_at) {
    add(counts.trash, sign);
    return;
  }
  add(counts.all, sign);
  if (!facts.is_closed) add(counts.open, sign);
  if ((facts.smart & smart_inbox) != 0) add(counts.inbox, sign);
  if ((facts.smart & smart_today) != 0) add(counts.today, sign);
  if ((facts.smart & smart_desk) != 0) add(counts.desk, sign);
  if ((facts.smart & smart_done_today) != 0) add(counts.done_today, sign);
  if ((facts.smart & smart_upcoming) != 0) add(counts.upcoming, sign);
  if ((facts.smart & smart_next) != 0) add(counts.next, sign);
  if ((facts.smart & smart_logbook) != 0) add(counts.logbook, sign);
  if (issue.project_id.is_set()) {
    Progress& progress = state.project_progress[issue.project_id];
    add(facts.is_closed ? progress.closed : progress.open, sign);
  }
  if (issue.area_id.is_set()) {
    Progress& progress = state.area_progress[issue.area_id];
    add(facts.is_closed ? progress.closed : progress.open, sign);
  }
  if (!facts.is_closed) {
    for (const LabelId label : issue.label_ids) add(state.label_counts[label], sign);
  }
  count_views(state, facts.views, sign);
}

void read_own_facts(State& state, Slot slot) {
  const Issue& issue = state.entities.issues[slot];
  IssueFacts& facts = state.entities.facts[slot];
  const Status* status = find_status(state.entities, issue.status_id);
  facts.kind = status != nullptr ? status_kind(*status) : StatusKind::todo;
  facts.is_closed = status != nullptr ? status->is_closed : issue.completed_at.has_value();
  facts.folded_title = fold_case(issue.title);
}

// Tells parent and related issues that this one is there (or with -1 is not).
void link(State& state, Slot slot, int sign) {
  Entities& entities = state.entities;
  const Issue& issue = entities.issues[slot];
  const IssueFacts& facts = entities.facts[slot];
  if (const Slot parent = find_slot(entities, issue.parent_issue_id); parent != no_slot) {
    std::vector<Slot>& children = entities.children[parent];
    std::erase(children, slot);
    if (sign > 0) children.push_back(slot);
    if (is_live(issue)) {
      add(entities.facts[parent].children, sign);
      if (facts.is_closed) add(entities.facts[parent].closed_children, sign);
    }
  }
  if (!is_live(issue) || facts.is_closed) return;
  const auto ends = entities.relation_ends.find(slot);
  if (ends == entities.relation_ends.end()) return;
  for (const RelationEnd& end : ends->second) {
    if (end.type == RelationType::blocks) add(entities.facts[end.other].open_blockers, sign);
    if (end.type == RelationType::blocked_by) add(entities.facts[end.other].blocks_open, sign);
  }
}

void collect_neighbours(const State& state, Slot slot, std::vector<Slot>& into) {
  const Entities& entities = state.entities;
  if (const Slot parent = find_slot(entities, entities.issues[slot].parent_issue_id); parent != no_slot) {
    into.push_back(parent);
  }
  if (const auto ends = entities.relation_ends.find(slot); ends != entities.relation_ends.end()) {
    for (const RelationEnd& end : ends->second) into.push_back(end.other);
  }
}

void remove_duplicates(std::vector<Slot>& slots, Slot except) {
  std::erase(slots, except);
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

void keep(std::set<Slot>& slots, Slot slot, bool is_in) {
  if (is_in) {
    slots.insert(slot);
  } else {
    slots.erase(slot);
  }
}

void refresh_derived(State& state, Slot slot) {
  IssueFacts& facts = state.entities.facts[slot];
  facts.smart = smart_bits(state, state.entities.issues[slot], facts);
  facts.views = view_bits(state, slot);
  const Issue& issue = state.entities.issues[slot];
  const bool is_open = is_live(issue) && !facts.is_closed;
  const int ahead = issue.due_date ? issue.due_date->days - state.today.days : -1;
  keep(state.in_progress, slot, is_open && facts.kind == StatusKind::progress);
  keep(state.due_in_week, slot, is_open && ahead >= 0 && ahead < 7);
}

void touch(State& state, Slot slot) { state.list_work.touched.push_back(slot); }

void note_number(Entities& entities, Slot slot) {
  const std::int64_t number = entities.issues[slot].number;
  if (number <= 0 || number > 100'000'000) return;
  const auto at = static_cast<std::size_t>(number);
  if (at >= entities.by_number.size()) {
    entities.by_number.resize(std::max(at + 1, entities.by_number.size() * 3 / 2), no_slot);
  }
  entities.by_number[at] = slot;
}

void forget_number(Entities& entities, Slot slot) {
  const std::int64_t number = entities.issues[slot].number;
  if (find_slot(entities, number) == slot) entities.by_number[static_cast<std::size_t>(number)] = no_slot;
}

void take_over(Issue& here, Issue&& issue) {
  if (issue.version < here.version) return;  // an answer that a later change overtook
  if (!issue.has_description && here.has_description) {
    issue.description = std::move(here.description);
    issue.has_description = true;
  }
  here = std::move(issue);
}

// A new slot without facts that depend on others.
Slot append(State& state, Issue&& issue) {
  Entities& entities = state.entities;
  const auto slot = static_cast<Slot>(entities.issues.size());
  entities.issues.push_back(std::move(issue));
  entities.facts.emplace_back();
  entities.by_id.insert(entities.issues, slot);
  note_number(entities, slot);
  return slot;
}

void add_ends(Entities& entities, const IssueRelation& relation) {
  const Slot source = find_slot(entities, relation.source_id);
  const Slot target = find_slot(entities, relation.target_id);
  if (source == no_slot || target == no_slot) return;
  entities.relation_ends[source].push_back({relation.id, relation.type, target});
  entities.relation_ends[target].push_back({relation.id, dits::inverse_of(relation.type), source});
}

// Changes `slot` under `edit`, with every count of it and of its neighbours following.
void follow(State& state, Slot slot, const std::function<void()>& edit, bool was_there) {
  std::vector<Slot> neighbours;
  collect_neighbours(state, slot, neighbours);
  std::vector<Slot> before = neighbours;
  remove_duplicates(before, slot);
  for (const Slot other : before) contribute(state, other, -1);
  if (was_there) {
    contribute(state, slot, -1);
    link(state, slot, -1);
  }
  edit();
  collect_neighbours(state, slot, neighbours);
  remove_duplicates(neighbours, slot);
  for (const Slot other : neighbours) {
    if (!std::binary_search(before.begin(), before.end(), other)) contribute(state, other, -1);
  }
  read_own_facts(state, slot);
  link(state, slot, +1);
  for (const Slot other : neighbours) {
    refresh_derived(state, other);
    contribute(state, other, +1);
    touch(state, other);
  }
  refresh_derived(state, slot);
  contribute(state, slot, +1);
  touch(state, slot);
}

Slot insert_issue(State& state, Issue&& issue) {
  const IssueId id = issue.id;
  const Slot slot = append(state, std::move(issue));
  Entities& entities = state.entities;
  follow(
      state,
      slot,
      [&] {
        for (const IssueRelation& relation : entities.relations) {
          if (relation.source_id == id || relation.target_id == id) add_ends(entities, relation);
        }
        // Sub-issues that came before their parent.
        for (Slot child = 0; child < entities.issues.size(); ++child) {
          const Issue& other = entities.issues[child];
          if (child == slot || other.parent_issue_id != id) continue;
          entities.children[slot].push_back(child);
          if (!is_live(other)) continue;
          ++entities.facts[slot].children;
          if (entities.facts[child].is_closed) ++entities.facts[slot].closed_children;
        }
        if (const auto ends = entities.relation_ends.find(slot); ends != entities.relation_ends.end()) {
          for (const RelationEnd& end : ends->second) {
            const bool counts = is_live(entities.issues[end.other]) && !entities.facts[end.other].is_closed;
            if (counts && end.type == RelationType::blocked_by) ++entities.facts[slot].open_blockers;
            if (counts && end.type == RelationType::blocks) ++entities.facts[slot].blocks_open;
          }
        }
      },
      false);
  return slot;
}

}  // namespace

Slot put_issue(State& state, Issue issue) {
  const Slot slot = find_slot(state.entities, issue.id);
  if (slot == no_slot) return insert_issue(state, std::move(issue));
  change_issue(state, slot, [&issue](Issue& here) { take_over(here, std::move(issue)); });
  return slot;
}

void put_issues(State& state, std::vector<Issue> issues) {
  if (issues.size() < rebuild_from) {
    for (Issue& issue : issues) put_issue(state, std::move(issue));
    return;
  }
  Entities& entities = state.entities;
  entities.issues.reserve(entities.issues.size() + issues.size());
  for (Issue& issue : issues) {
    const Slot slot = find_slot(entities, issue.id);
    if (slot == no_slot) {
      append(state, std::move(issue));
    } else {
      forget_number(entities, slot);
      take_over(entities.issues[slot], std::move(issue));
      note_number(entities, slot);
    }
  }
  rebuild_index(state);
}

void change_issue(State& state, Slot slot, const std::function<void(Issue&)>& mutate) {
  Entities& entities = state.entities;
  follow(
      state,
      slot,
      [&] {
        forget_number(entities, slot);
        mutate(entities.issues[slot]);
        note_number(entities, slot);
      },
      true);
}

void drop_issue(State& state, Slot slot) {
  Entities& entities = state.entities;
  const IssueId id = entities.issues[slot].id;
  std::vector<RelationId> relations;
  if (const auto ends = entities.relation_ends.find(slot); ends != entities.relation_ends.end()) {
    for (const RelationEnd& end : ends->second) relations.push_back(end.id);
  }
  for (const RelationId relation : relations) drop_relation(state, relation);
  change_issue(state, slot, [](Issue& issue) { issue.parent_issue_id = {}; });
  contribute(state, slot, -1);
  forget_number(entities, slot);
  entities.issues[slot] = Issue{};
  entities.facts[slot] = IssueFacts{};
  entities.children.erase(slot);
  entities.comments.erase(id);
  entities.attachments.erase(id);
  entities.git_links.erase(id);
  entities.activity.erase(id);
  state.list.selected.erase(slot);
  state.in_progress.erase(slot);
  state.due_in_week.erase(slot);
}

void put_relation(State& state, const IssueRelation& relation) {
  Entities& entities = state.entities;
  const bool is_known = std::any_of(entities.relations.begin(),
                                    entities.relations.end(),
                                    [&](const IssueRelation& here) { return here.id == relation.id; });
  if (is_known) return;
  entities.relations.push_back(relation);
  const Slot source = find_slot(entities, relation.source_id);
  const Slot target = find_slot(entities, relation.target_id);
  if (source == no_slot || target == no_slot) return;
  const auto is_open = [&](Slot slot) {
    return is_live(entities.issues[slot]) && !entities.facts[slot].is_closed;
  };
  for (const Slot slot : {source, target}) contribute(state, slot, -1);
  add_ends(entities, relation);
  if (relation.type == RelationType::blocks) {
    if (is_open(source)) ++entities.facts[target].open_blockers;
    if (is_open(target)) ++entities.facts[source].blocks_open;
  }
  for (const Slot slot : {source, target}) {
    refresh_derived(state, slot);
    contribute(state, slot, +1);
    touch(state, slot);
  }
}

void drop_relation(State& state, RelationId id) {
  Entities& entities = state.entities;
  const auto found = std::find_if(entities.relations.begin(),
                                  entities.relations.end(),
                                  [&](const IssueRelation& here) { return here.id == id; });
  if (found == entities.relations.end()) return;
  const IssueRelation relation = *found;
  entities.relations.erase(found);
  const Slot source = find_slot(entities, relation.source_id);
  const Slot target = find_slot(entities, relation.target_id);
  if (source == no_slot || target == no_slot) return;
  const auto is_open = [&](Slot slot) {
    return is_live(entities.issues[slot]) && !entities.facts[slot].is_closed;
  };
  for (const Slot slot : {source, target}) contribute(state, slot, -1);
  if (relation.type == RelationType::blocks) {
    if (is_open(source)) --entities.facts[target].open_blockers;
    if (is_open(target)) --entities.facts[source].blocks_open;
  }
  for (const Slot slot : {source, target}) {
    std::erase_if(entities.relation_ends[slot], [&](const RelationEnd& end) { return end.id == id; });
    refresh_derived(state, slot);
    contribute(state, slot, +1);
    touch(state, slot);
  }
}

void refresh_git_facts(State& state, IssueId id) {
  const Slot slot = find_slot(state.entities, id);
  const auto links = state.entities.git_links.find(id);
  if (slot == no_slot || links == state.entities.git_links.end()) return;
  unsigned bits = 0;
  for (const GitIntegration& git : links->second) {
    if (git.branch_name) bits |= git_branch;
    if (git.pr_url) bits |= git_pull_request;
    if (git.commit_hash) bits |= git_commit;
  }
  state.entities.facts[slot].git = static_cast<std::uint8_t>(bits);
  touch(state, slot);
}

void rebuild_index(State& state) {
  Entities& entities = state.entities;
  entities.children.clear();
  entities.relation_ends.clear();
  for (Slot slot = 0; slot < entities.issues.size(); ++slot) {
    IssueFacts& facts = entities.facts[slot];
    facts.open_blockers = facts.blocks_open = facts.children = facts.closed_children = 0;
    if (entities.issues[slot].id.is_set()) read_own_facts(state, slot);
  }
  for (const IssueRelation& relation : entities.relations) add_ends(entities, relation);
  for (Slot slot = 0; slot < entities.issues.size(); ++slot) {
    if (entities.issues[slot].id.is_set()) link(state, slot, +1);
  }
  rebuild_queries(state);
}

void rebuild_queries(State& state) {
  compile_list_query(state);
  state.view_queries.clear();
  for (const SavedView& view : state.entities.views) {
    if (state.view_queries.size() == counted_views) break;
    state.view_queries.push_back(view.deleted_at ? nullptr : compile_query(state, view.query, nullptr));
  }
  state.counts = {};
  state.in_progress.clear();
  state.due_in_week.clear();
  state.project_progress.clear();
  state.area_progress.clear();
  state.label_counts.clear();
  state.view_counts.clear();
  for (Slot slot = 0; slot < state.entities.issues.size(); ++slot) {
    if (!state.entities.issues[slot].id.is_set()) continue;
    refresh_derived(state, slot);
    contribute(state, slot, +1);
  }
  state.list_work.is_all = true;
}

}  // namespace dits::web
