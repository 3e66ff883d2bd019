// Titles: plain text, but for code between backticks and the names of emoji.
#pragma once

#include <string_view>
#include <vector>

#include "shared/markdown/blocks.hpp"

namespace dits::markdown {

// Texts and code. As many backticks as begin code end it; those that nothing ends are text. Linear in it.
std::vector<Span> title_spans(std::string_view title);

}  // namespace dits::markdown
