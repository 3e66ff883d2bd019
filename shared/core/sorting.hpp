// A sort for what people look at, some thousands at most: compiled once, where std::stable_sort is compiled
// for each type and order (3 to 4 KB of WebAssembly every time).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace dits {

using ComesBefore = bool (*)(const void* context, std::uint32_t a, std::uint32_t b);

// The places 0 to count - 1 in order; equal ones keep theirs.
std::vector<std::uint32_t> stable_order(std::size_t count, ComesBefore comes_before, const void* context);

// Sorts a vector, an array or a span by comes_before(a, b); equal ones keep their order.
template <typename List, typename Before>
void sort_stably(List&& list, const Before& comes_before) {
  if (list.size() < 2) return;
  struct Context {
    const List& list;
    const Before& comes_before;
  };
  const Context context{list, comes_before};
  std::vector<std::uint32_t> order = stable_order(
      list.size(),
      [](const void* of, std::uint32_t a, std::uint32_t b) {
        const Context& in = *static_cast<const Context*>(of);
        return in.comes_before(in.list[a], in.list[b]);
      },
      &context);
  // Each circle of places that change is walked once.
  for (std::uint32_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    auto held = std::move(list[start]);
    std::uint32_t at = start;
    while (order[at] != start) {
      const std::uint32_t from = std::exchange(order[at], at);
      list[at] = std::move(list[from]);
      at = from;
    }
    list[at] = std::move(held);
    order[at] = at;
  }
}

}  // namespace dits
