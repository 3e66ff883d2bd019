// The write side of the entities: every issue and relation goes in and out through here, so that facts, links
// from both ends and counts stay true. Only reduce uses it.
#pragma once

#include <functional>
#include <vector>

#include "web/store/state.hpp"

namespace dits::web {

// Adds the issue or replaces the one with its id. A description that is here is kept when `issue` came
// without one.
Slot put_issue(State& state, Issue issue);
// The same for many, such as a portion of the snapshot: issues, which kinds of links hang on each (bits of
// GitFlag; may be empty), and relations, of these or of others. What is not here yet is added in time that
// hangs on the portion alone, but for one look at each issue that is here.
void put_portion(State& state,
                 std::vector<Issue> issues,
                 const std::vector<std::uint8_t>& git,
                 const std::vector<IssueRelation>& relations);
// Lets `mutate` change the issue in this slot and follows what it did.
void change_issue(State& state, Slot slot, const std::function<void(Issue&)>& mutate);
// Leaves a hole.
void drop_issue(State& state, Slot slot);

void put_relation(State& state, const IssueRelation& relation);
void drop_relation(State& state, RelationId id);

void refresh_git_facts(State& state, IssueId id);

// Facts, links and counts from nothing: after a snapshot, another workflow or a new day.
void rebuild_index(State& state);
// The queries of the list and of the saved views, and what is counted by them: after a noun that they may
// name was added, renamed or removed, for names are resolved when a query is compiled.
void rebuild_queries(State& state);

}  // namespace dits::web
