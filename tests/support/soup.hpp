// Texts of random pieces, for "whatever the text": what the fuzzers of tests/fuzz do for long, in a moment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/shared/support/random_query.hpp"

namespace dits::test {

// Of at most `most` of these pieces.
inline std::string soup(query::test::Random& random,
                        const std::vector<std::string_view>& pieces,
                        std::size_t most) {
  std::string text;
  for (std::size_t left = random.below(most) + 1; left > 0; --left) text += random.pick(pieces);
  return text;
}

}  // namespace dits::test
