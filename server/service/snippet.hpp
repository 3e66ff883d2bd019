// The part of a text that a search shows: some words around those that were found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dits {

// At most 24 words of `text`, where most of the words looked for stand together, each of these between the
// characters 2 and 3; the beginning when none is there. `wanted` are folded pieces of what was typed, phrases
// too. The same words as PostgreSQL's search finds in texts of letters and digits.
std::string snippet_of(std::string_view text, const std::vector<std::string>& wanted);

}  // namespace dits
