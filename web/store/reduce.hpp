// The only writer of State.
#pragma once

#include <vector>

#include "web/store/change.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// Applies one change: the entities, their indexes and counts, and the list on the screen if it is touched by
// it. Never fails: a change that speaks of something that is not there changes nothing.
void reduce(State& state, const Change& change);

// The same for many changes at once; the list is brought up to date once, at the end.
void reduce_all(State& state, const std::vector<Change>& changes);

}  // namespace dits::web
