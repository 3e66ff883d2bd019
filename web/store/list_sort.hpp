// The order of issues in a list: as shared/query has it, so that server and browser agree.
#pragma once

#include <vector>

#include "shared/query/order.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// The query's own `sort:`, or what the user chose for this screen, or what suits the screen. Never empty.
std::vector<query::SortTerm> sort_terms(const State& state);

// Sorts by an 8-byte key; only where two are equal it looks at the issues again.
void sort_slots(const State& state, const query::Order& order, std::vector<Slot>& slots);

bool is_before(const State& state, const query::Order& order, Slot a, Slot b);

}  // namespace dits::web
