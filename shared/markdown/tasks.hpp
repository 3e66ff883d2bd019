// Check lists: ticking a box changes one character of the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shared/markdown/blocks.hpp"

namespace dits::markdown {

// The text with the box at `task_offset` (see Block) the other way round. Nothing when no box is there: the
// text has changed.
std::optional<std::string> toggled_task(std::string_view text, std::size_t task_offset);

struct TaskCount {
  int done = 0;
  int all = 0;
};
TaskCount count_tasks(const std::vector<Block>& blocks);

}  // namespace dits::markdown
