// From the query to the lines on the screen: which issues, in which order, in which groups. Only reduce uses
// it.
#pragma once

#include "web/store/state.hpp"

namespace dits::web {

// Parses state.list.query_text. With an error the last good query stays.
void compile_list_query(State& state);

// Brings state.list.result up to date with state.list_work and empties that. A few touched issues are taken
// out and put back in order; everything else runs the query over all issues.
void refresh_list(State& state);

// Groups and lines again from the order that is there: after folding.
void arrange_list(State& state);

// Is the issue one of this screen's, whatever the query says?
bool is_in_scope(const State& state, const Route& route, Slot slot);

// How the screen groups when the user has not chosen.
Grouping effective_grouping(const State& state);

}  // namespace dits::web
