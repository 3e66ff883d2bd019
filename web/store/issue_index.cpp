// Facts and counts follow every change of an issue: what it and its neighbours contributed is taken back, the
// change is made, and what they contribute now is added.
#include "web/store/issue_index.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "web/store/issue_facts.hpp"
#include "web/store/list_build.hpp"
#include "web/store/query_run.hpp"

namespace dits::web {

namespace {

constexpr std::size_t few = 64;  // issues at once that are better changed one by one

// Tells the parent, when it is here, that this one is there (or with -1 is not).
void link_parent(Entities& entities, Slot slot, int sign) {
  const Issue& issue = entities.issues[slot];
  const Slot parent = find_slot(entities, issue.parent_issue_id);
  if (parent == no_slot) return;
  std::vector<Slot>& children = entities.children[parent];
  std::erase(children, slot);
  if (sign > 0) children.push_back(slot);
  if (!is_live(issue)) return;
  add(entities.facts[parent].children, sign);
  if (entities.facts[slot].is_closed) add(entities.facts[parent].closed_children, sign);
}

// Tells parent and related issues that this one is there (or with -1 is not).
void link(State& state, Slot slot, int sign) {
  Entities& entities = state.entities;
  const Issue& issue = entities.issues[slot];
  const IssueFacts& facts = entities.facts[slot];
  link_parent(entities, slot, sign);
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

// A relation whose ends are both here: which they are.
struct Ends {
  const IssueRelation* relation;
  Slot source;
  Slot target;
};

// Those that are complete once the issues from `first` on are here: the new ones, and those that waited.
std::vector<Ends> complete_relations(State& state, Slot first, const std::vector<IssueRelation>& arrived) {
  Entities& entities = state.entities;
  std::unordered_set<RelationId, IdHash> known;
  if (!arrived.empty()) {
    for (const IssueRelation& relation : entities.relations) known.insert(relation.id);
  }
  const std::size_t before = entities.relations.size();
  for (const IssueRelation& relation : arrived) {
    if (known.insert(relation.id).second) entities.relations.push_back(relation);
  }
  std::vector<Ends> found;
  for (std::size_t at = 0; at < entities.relations.size(); ++at) {
    const IssueRelation& relation = entities.relations[at];
    const Ends ends{
        &relation, find_slot(entities, relation.source_id), find_slot(entities, relation.target_id)};
    if (ends.source == no_slot || ends.target == no_slot) continue;
    if (at >= before || ends.source >= first || ends.target >= first) found.push_back(ends);
  }
  return found;
}

// Sub-issues that came before their parent.
std::vector<Slot> children_of_new(const Entities& entities, Slot first) {
  std::vector<Slot> found;
  for (Slot child = 0; child < first; ++child) {
    const IssueId parent = entities.issues[child].parent_issue_id;
    if (!parent.is_set()) continue;
    const Slot slot = find_slot(entities, parent);
    if (slot != no_slot && slot >= first) found.push_back(child);
  }
  return found;
}

void tell_ends(Entities& entities, const Ends& ends) {
  add_ends(entities, *ends.relation);
  if (ends.relation->type != RelationType::blocks) return;
  const auto is_open = [&](Slot slot) {
    return is_live(entities.issues[slot]) && !entities.facts[slot].is_closed;
  };
  if (is_open(ends.source)) ++entities.facts[ends.target].open_blockers;
  if (is_open(ends.target)) ++entities.facts[ends.source].blocks_open;
}

// Issues that are not here yet, and relations: of those that are here, only the neighbours are counted anew.
void add_many(State& state,
              std::vector<Issue>&& issues,
              const std::vector<std::uint8_t>& git,
              const std::vector<IssueRelation>& relations) {
  Entities& entities = state.entities;
  const auto first = static_cast<Slot>(entities.issues.size());
  const StatusFacts statuses(entities);
  for (std::size_t at = 0; at < issues.size(); ++at) {
    const IssueId id = issues[at].id;
    if (find_slot(entities, id) != no_slot) continue;  // twice in one portion
    const Slot slot = append(state, std::move(issues[at]));
    read_own_facts(state, slot, statuses);
    entities.facts[slot].git = git[at];
  }
  const auto end = static_cast<Slot>(entities.issues.size());
  const std::vector<Ends> complete = complete_relations(state, first, relations);
  std::vector<Slot> neighbours;
  for (Slot slot = first; slot < end; ++slot) {
    const Slot parent = find_slot(entities, entities.issues[slot].parent_issue_id);
    if (parent != no_slot && parent < first) neighbours.push_back(parent);
  }
  for (const Ends& ends : complete) {
    for (const Slot slot : {ends.source, ends.target}) {
      if (slot < first) neighbours.push_back(slot);
    }
  }
  remove_duplicates(neighbours, no_slot);
  for (const Slot slot : neighbours) contribute(state, slot, -1);
  for (const Slot child : children_of_new(entities, first)) link_parent(entities, child, +1);
  for (Slot slot = first; slot < end; ++slot) link_parent(entities, slot, +1);
  for (const Ends& ends : complete) tell_ends(entities, ends);
  for (Slot slot = first; slot < end; ++slot) neighbours.push_back(slot);
  for (const Slot slot : neighbours) {
    refresh_derived(state, slot);
    contribute(state, slot, +1);
    touch(state, slot);
  }
}

}  // namespace

Slot put_issue(State& state, Issue issue) {
  const Slot slot = find_slot(state.entities, issue.id);
  if (slot == no_slot) return insert_issue(state, std::move(issue));
  change_issue(state, slot, [&issue](Issue& here) { take_over(here, std::move(issue)); });
  return slot;
}

void put_portion(State& state,
                 std::vector<Issue> issues,
                 const std::vector<std::uint8_t>& git,
                 const std::vector<IssueRelation>& relations) {
  Entities& entities = state.entities;
  std::vector<Issue> added;
  std::vector<std::uint8_t> git_of_added;
  std::vector<Issue> known;
  added.reserve(issues.size());
  for (std::size_t at = 0; at < issues.size(); ++at) {
    const bool is_here = find_slot(entities, issues[at].id) != no_slot;
    if (!is_here) git_of_added.push_back(at < git.size() ? git[at] : std::uint8_t{0});
    (is_here ? known : added).push_back(std::move(issues[at]));
  }
  if (!added.empty() || !relations.empty()) add_many(state, std::move(added), git_of_added, relations);
  if (known.size() < few) {
    for (Issue& issue : known) put_issue(state, std::move(issue));
    return;
  }
  for (Issue& issue : known) {
    const Slot slot = find_slot(entities, issue.id);
    forget_number(entities, slot);
    take_over(entities.issues[slot], std::move(issue));
    note_number(entities, slot);
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
  const StatusFacts statuses(entities);
  for (Slot slot = 0; slot < entities.issues.size(); ++slot) {
    IssueFacts& facts = entities.facts[slot];
    facts.open_blockers = facts.blocks_open = facts.children = facts.closed_children = 0;
    if (entities.issues[slot].id.is_set()) read_own_facts(state, slot, statuses);
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
