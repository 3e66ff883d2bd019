// A block of code in a text: its language, a button that copies it, its words in colours.
#pragma once

#include <vector>

#include "shared/markdown/blocks.hpp"
#include "shared/markdown/code.hpp"
#include "web/ui/markdown_runs.hpp"

namespace dits::web {

// How high it is, and how wide it would be as a whole: its lines are never broken.
float code_block_height(const markdown::Block& block);
float code_block_width(const markdown::Block& block);
// Draws it at the flow, where longer lines are moved sideways. `spans` are those of its text.
void code_block(View& view,
                const markdown::Block& block,
                const BlockLayout& layout,
                const std::vector<markdown::CodeSpan>& spans);

}  // namespace dits::web
