#include "shared/model/insights.hpp"

#include <algorithm>

namespace dits {

namespace {

constexpr int most_forecast_days = 5 * 365;

// splitmix64: small, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t end) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::size_t>((bits ^ (bits >> 31U)) % end);
  }

 private:
  std::uint64_t state_;
};

std::uint64_t seed_of(const std::vector<std::int64_t>& per_day, std::int64_t remaining) {
  auto seed = static_cast<std::uint64_t>(remaining);
  for (const std::int64_t count : per_day) seed = seed * 31 + static_cast<std::uint64_t>(count);
  return seed;
}

// The place of the value that so many percent of `size` do not exceed.
std::size_t rank_of(std::size_t size, int percent) {
  const std::size_t at_most = (size * static_cast<std::size_t>(percent) + 99) / 100;
  return at_most == 0 ? 0 : at_most - 1;
}

}  // namespace

double days_between(Timestamp from, Timestamp to) {
  return std::max(0.0, static_cast<double>(to.unix_ms - from.unix_ms) / static_cast<double>(ms_per_day));
}

double percentile(std::vector<double>& values, int percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[rank_of(values.size(), percent)];
}

std::vector<std::int64_t> weekly(const std::vector<std::int64_t>& per_day) {
  std::vector<std::int64_t> weeks(per_day.size() / 7);
  const std::size_t first = per_day.size() % 7;  // days of no whole week
  for (std::size_t day = first; day < per_day.size(); ++day) weeks[(day - first) / 7] += per_day[day];
  return weeks;
}

double median(std::vector<std::int64_t> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const auto upper = static_cast<double>(values[middle]);
  return values.size() % 2 == 1 ? upper : (static_cast<double>(values[middle - 1]) + upper) / 2;
}

std::optional<Forecast> forecast(const std::vector<std::int64_t>& per_day, std::int64_t remaining) {
  if (remaining <= 0) return Forecast{};
  if (std::all_of(per_day.begin(), per_day.end(), [](std::int64_t count) { return count == 0; })) return {};
  Dice dice(seed_of(per_day, remaining));
  std::vector<int> ends;
  ends.reserve(forecast_runs);
  for (int run = 0; run < forecast_runs; ++run) {
    int days = 0;
    for (std::int64_t left = remaining; left > 0 && days <= most_forecast_days; ++days)
      left -= per_day[dice.below(per_day.size())];
    ends.push_back(days);
  }
  std::sort(ends.begin(), ends.end());
  const Forecast found{
      ends[rank_of(ends.size(), 15)], ends[rank_of(ends.size(), 50)], ends[rank_of(ends.size(), 85)]};
  if (found.late > most_forecast_days) return {};
  return found;
}

}  // namespace dits
