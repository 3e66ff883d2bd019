// Issues that may be the one that is about to be made.
#pragma once

#include <string_view>
#include <vector>

#include "web/store/state.hpp"

namespace dits::web {

// Those whose titles share most of their words with this one: open ones first, the most alike first. Words of
// one or two letters count nowhere.
std::vector<Slot> similar_issues(const State& state, std::string_view title, std::size_t most = 3);

}  // namespace dits::web
