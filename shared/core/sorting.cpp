#include "shared/core/sorting.hpp"

#include <algorithm>

namespace dits {

std::vector<std::uint32_t> stable_order(std::size_t count, ComesBefore comes_before, const void* context) {
  std::vector<std::uint32_t> order(count);
  for (std::uint32_t at = 0; at < count; ++at) order[at] = at;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return comes_before(context, a, b);
  });
  return order;
}

}  // namespace dits
