// The groups that a list falls into, and where each issue belongs.
#pragma once

#include <cstdint>
#include <vector>

#include "web/store/state.hpp"

namespace dits::web {

// The groups in their order (empty ones too, when they are to be shown), and the rows group after group.
struct Grouped {
  std::vector<ListGroup> groups;
  std::vector<Slot> rows;  // an issue with two labels comes twice when grouped by label
};
Grouped group_rows(const State& state, Grouping grouping, const std::vector<Slot>& ordered);

}  // namespace dits::web
