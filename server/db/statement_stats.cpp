#include "server/db/statement_stats.hpp"

#include <algorithm>

namespace dits {

void StatementStats::record(std::string_view name,
                            std::chrono::microseconds time,
                            std::int64_t rows,
                            bool is_error) {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
  const auto bucket = std::ranges::lower_bound(bucket_bounds_us, time.count()) - bucket_bounds_us.begin();
  const std::lock_guard lock(mutex_);
  auto found = figures_.find(name);
  if (found == figures_.end() && figures_.size() >= most_names) {
    name = "(other)";
    found = figures_.find(name);
  }
  if (found == figures_.end()) {
    found = figures_.emplace(std::string(name), StatementFigures{}).first;
    found->second.name = name;
  }
  StatementFigures& figures = found->second;
  ++figures.calls;
  if (is_error) ++figures.errors;
  figures.rows += static_cast<std::uint64_t>(rows);
  figures.total_us += us;
  figures.max_us = std::max(figures.max_us, us);
  ++figures.buckets[static_cast<std::size_t>(bucket)];
}

std::vector<StatementFigures> StatementStats::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<StatementFigures> out;
  for (const auto& [name, figures] : figures_) out.push_back(figures);
  return out;
}

}  // namespace dits
