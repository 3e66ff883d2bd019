// What is folded away of a text (<details>): kept by place and summary for as long as the page is open.
#pragma once

#include <cstdint>
#include <vector>

#include "imgui.h"
#include "web/ui/markdown_layout.hpp"

namespace dits::web {

// The name of details in their place: the same as long as the summary is, whatever else changes, for a box
// within may be ticked. `number` counts those that have the same summary.
std::uint64_t fold_name(ImGuiID place, const markdown::Block& block, std::uint32_t number);

// What somebody has chosen, else what the text says.
bool was_left_open(std::uint64_t fold, bool by_its_text);
void leave_open(std::uint64_t fold, bool is_open);

// With those within them.
std::uint32_t count_blocks(const std::vector<markdown::Block>& blocks);

}  // namespace dits::web
