// What a change of data is to the server: its requests, with what is needed to undo and repeat them.
#pragma once

#include <vector>

#include "web/api/write_queue.hpp"
#include "web/store/change.hpp"
#include "web/store/state.hpp"

namespace dits::web {

// `before`: the state in which the change is about to be reduced. Empty for what is not data. Rollback, base
// values and undo tokens are the caller's.
std::vector<Write> request_for(const Change& change, const State& before);

}  // namespace dits::web
