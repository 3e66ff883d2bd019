#include "shared/core/slip.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace dits {

bool is_slip_of(std::string_view typed, std::string_view name) {
  const std::size_t most = name.size() < 6 ? 1 : 2;
  if (typed == name || typed.size() > name.size() + most || name.size() > typed.size() + most) return false;
  // Steps from the beginnings of the one to those of the other; the last two lines are kept for what is
  // swapped.
  std::vector<std::size_t> before;
  std::vector<std::size_t> above;
  std::vector<std::size_t> line(name.size() + 1);
  for (std::size_t at = 0; at <= name.size(); ++at) line[at] = at;
  for (std::size_t row = 1; row <= typed.size(); ++row) {
    before = std::exchange(above, line);
    line[0] = row;
    for (std::size_t at = 1; at <= name.size(); ++at) {
      const bool is_same = typed[row - 1] == name[at - 1];
      line[at] = std::min({above[at] + 1, line[at - 1] + 1, above[at - 1] + (is_same ? 0 : 1)});
      if (row > 1 && at > 1 && typed[row - 1] == name[at - 2] && typed[row - 2] == name[at - 1])
        line[at] = std::min(line[at], before[at - 2] + 1);
    }
  }
  return line[name.size()] <= most;
}

}  // namespace dits
