// What a mention of an issue leads to, told without going there.
#pragma once

#include "web/ui/markdown_view.hpp"

namespace dits::web {

// Beside the mention on which the mouse or the keyboard rests: number, status, title, labels and dates.
void mention_card(const State& state, const MarkdownEvents& events);

}  // namespace dits::web
