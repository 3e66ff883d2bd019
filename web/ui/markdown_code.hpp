// A block of code in a text: its language, a button that copies it, its words in colours.
#pragma once

#include <vector>

#include "shared/markdown/blocks.hpp"
#include "shared/markdown/code.hpp"
#include "web/ui/issue_parts.hpp"

namespace dits::web {

// How high it is at this width.
float code_block_height(float width, const markdown::Block& block);
// Draws it into the flow, lines broken where they are longer than it is wide. `spans` are those of its text.
void code_block(Flow& flow, const markdown::Block& block, const std::vector<markdown::CodeSpan>& spans);

}  // namespace dits::web
