// Random syntax trees, in the shape that the parser gives: groups have at least two members, and none of
// their own kind.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shared/query/ast.hpp"

namespace dits::query::test {

// xorshift: the same sequence everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    return state_;
  }
  // 0 .. below - 1.
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>((next() >> 11U) % limit); }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <typename T>
  const T& pick(const std::vector<T>& items) {
    return items[below(items.size())];
  }

 private:
  std::uint64_t state_;
};

// What a random query may name, so that its terms sometimes fit the data they run on.
struct Vocabulary {
  std::vector<std::string> names = {
      "bug", "In Progress", "Häuser & Gärten", "a,b", "wontfix", "\"quoted\"", "-x", "OR", "a..b", "#7"};
  std::vector<std::string> texts = {
      "socket", "web", "ÄRGER", "100%", "under_score", "back\\slash", "it's", "日本", "x:y", "http://a.b/c"};
  std::int64_t greatest_number = 40;
  Date around = {20480};
};

Query random_query(Random& random, const Vocabulary& vocabulary);

}  // namespace dits::query::test
