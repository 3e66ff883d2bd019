#include "shared/core/sorting.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace dits {
namespace {

struct Card {
  int rank = 0;
  std::size_t place = 0;
  std::string text;
  bool operator==(const Card&) const = default;
};

// Many equal ranks, in an order that hangs on `seed` alone.
std::vector<Card> cards(std::size_t count, unsigned seed) {
  std::vector<Card> made;
  for (std::size_t at = 0; at < count; ++at) {
    seed = seed * 1664525U + 1013904223U;
    made.push_back({static_cast<int>(seed >> 28U), at, std::string(seed >> 27U, 'x')});
  }
  return made;
}

bool by_rank(const Card& a, const Card& b) { return a.rank < b.rank; }

TEST_CASE("sort_stably sorts as std::stable_sort does") {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 10U, 129U, 3000U}) {
    for (unsigned seed = 1; seed < 6; ++seed) {
      std::vector<Card> sorted = cards(count, seed);
      std::vector<Card> expected = sorted;
      sort_stably(sorted, by_rank);
      std::stable_sort(expected.begin(), expected.end(), by_rank);
      CHECK(sorted == expected);
    }
  }
}

TEST_CASE("sort_stably leaves what lies beside a span, and takes what can only be moved") {
  std::array<int, 6> numbers{9, 5, 4, 3, 2, 1};
  sort_stably(std::span<int>(numbers).subspan(1, 4), [](int a, int b) { return a < b; });
  CHECK(numbers == std::array<int, 6>{9, 2, 3, 4, 5, 1});

  std::vector<std::unique_ptr<int>> owned;
  for (const int each : {3, 1, 2}) owned.push_back(std::make_unique<int>(each));
  sort_stably(owned, [](const auto& a, const auto& b) { return *a < *b; });
  CHECK(*owned[0] == 1);
  CHECK(*owned[1] == 2);
  CHECK(*owned[2] == 3);
}

}  // namespace
}  // namespace dits
