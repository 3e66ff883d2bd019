#include "server/service/github_numbers.hpp"

#include <algorithm>

#include "shared/core/text.hpp"

namespace dits {

void GithubNumbers::read(const GithubFile& file, const std::vector<GithubTarget>& targets) {
  for (std::size_t at = 0; at < file.repositories().size(); ++at)
    homes_.emplace(fold_case(file.repositories()[at]), static_cast<std::uint32_t>(at));
  rows_.reserve(targets.size());
  for (std::size_t at = 0; at < targets.size(); ++at) {
    const GithubFile::Entry& entry = file.entries()[at];
    // Two homes that differ by the case of a letter alone are one.
    const std::uint32_t home = homes_.at(fold_case(file.repositories()[entry.repository]));
    rows_.push_back({home, entry.number, targets[at].number});
  }
  std::sort(rows_.begin(), rows_.end());
}

std::optional<std::int64_t> GithubNumbers::find(const GithubAddress& to) const {
  const auto home = homes_.find(fold_case(to.home));
  if (home == homes_.end()) return std::nullopt;
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), Row{home->second, to.number, 0});
  const bool is_there = found != rows_.end() && found->home == home->second && found->number == to.number;
  return is_there ? std::optional<std::int64_t>(found->number_here) : std::nullopt;
}

}  // namespace dits
