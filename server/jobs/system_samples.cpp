// From counters that grow to rates, and from looks to minutes.
#include "server/jobs/system_samples.hpp"

#include <algorithm>
#include <utility>

namespace dits {

namespace {

template <typename Number>
float figure(const std::optional<Number>& value) {
  return value ? static_cast<float>(*value) : unknown_figure;
}

double grown(std::uint64_t now, std::uint64_t before) {
  return now > before ? static_cast<double>(now - before) : 0.0;
}

void keep(std::deque<SystemSample>& samples, const SystemSample& sample, std::size_t most) {
  samples.push_back(sample);
  if (samples.size() > most) samples.pop_front();
}

std::vector<SystemSample> later(const std::deque<SystemSample>& samples, Timestamp since) {
  const auto first =
      std::find_if(samples.begin(), samples.end(), [&](const SystemSample& one) { return one.at > since; });
  return {first, samples.end()};
}

}  // namespace

float quantile(std::span<const double> bounds, std::span<const std::uint64_t> counts, double share) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : counts) all += count;
  if (all == 0) return unknown_figure;
  const double wanted = share * static_cast<double>(all);
  double below = 0;
  for (std::size_t at = 0; at < counts.size() && at < bounds.size(); ++at) {
    const auto count = static_cast<double>(counts[at]);
    if (count > 0 && below + count >= wanted) {
      const double lower = at == 0 ? 0 : bounds[at - 1];
      return static_cast<float>(lower + (bounds[at] - lower) * (wanted - below) / count);
    }
    below += count;
  }
  return bounds.empty() ? unknown_figure : static_cast<float>(bounds.back());
}

void SystemSamples::look(const SystemFigures& figures, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Look look{figures, now};
  // The first one, or a clock that was set back: there is nothing to compare with.
  if (!last_ || now <= last_->at) {
    samples_.clear();
    minutes_.clear();
    minute_began_ = look;
    last_ = std::move(look);
    peaks_ = {};
    return;
  }
  const SystemSample sample = between(*last_, look);
  keep(samples_, sample, most_system_samples);
  peaks_[0] = std::max(peaks_[0], sample[SystemSeries::pool_busy]);
  peaks_[1] = std::max(peaks_[1], sample[SystemSeries::pool_waiting]);
  if (now.unix_ms - minute_began_->at.unix_ms >= system_minute_ms) {
    SystemSample minute = between(*minute_began_, look);
    minute[SystemSeries::pool_busy] = peaks_[0];
    minute[SystemSeries::pool_waiting] = peaks_[1];
    keep(minutes_, minute, most_system_minutes);
    minute_began_ = look;
    peaks_ = {};
  }
  last_ = std::move(look);
}

SystemSamples::Kept SystemSamples::later_than(Timestamp since) const {
  const std::lock_guard lock(mutex_);
  const bool is_ahead = last_ && since > last_->at;
  const Timestamp from = is_ahead ? Timestamp{} : since;
  return {later(samples_, from), later(minutes_, from)};
}

SystemSample SystemSamples::between(const Look& before, const Look& now) const {
  const SystemFigures& a = before.figures;
  const SystemFigures& b = now.figures;
  const double seconds = static_cast<double>(now.at.unix_ms - before.at.unix_ms) / 1000.0;
  const auto per_second = [&](double growth) { return static_cast<float>(growth / seconds); };
  SystemSample sample;
  sample.at = now.at;
  using enum SystemSeries;
  const double refused = grown(b.refused_requests, a.refused_requests);
  const double failed = grown(b.failed_requests, a.failed_requests);
  sample[requests_good] = per_second(std::max(0.0, grown(b.requests, a.requests) - refused - failed));
  sample[requests_refused] = per_second(refused);
  sample[requests_failed] = per_second(failed);
  const std::array<float, 3> times = latencies(a, b);
  sample[latency_half] = times[0];
  sample[latency_most] = times[1];
  sample[latency_slowest] = times[2];
  sample[pool_busy] = static_cast<float>(b.pool_busy);
  sample[pool_idle] = static_cast<float>(b.pool_idle);
  sample[pool_waiting] = static_cast<float>(b.pool_waiting);
  const double statements_run = grown(b.statements, a.statements);
  sample[statements] = per_second(statements_run);
  if (statements_run > 0)
    sample[statement_ms] = static_cast<float>(grown(b.statement_us, a.statement_us) / 1000 / statements_run);
  const double hits = grown(b.cache_hits, a.cache_hits);
  const double asked = hits + grown(b.cache_misses, a.cache_misses);
  if (asked > 0) sample[cache_hits] = static_cast<float>(100 * hits / asked);
  if (b.is_redis_away) sample[redis_away] = *b.is_redis_away ? 1.0f : 0.0f;
  sample[streams] = static_cast<float>(b.streams);
  sample[memory] = static_cast<float>(b.memory_bytes);
  sample[cpu] = per_second(100 * std::max(0.0, b.cpu_seconds - a.cpu_seconds));
  sample[disk_free] = figure(b.disk_free_bytes);
  sample[database_size] = figure(b.database_bytes);
  sample[replica_lag] = figure(b.replica_lag_seconds);
  sample[backup_age] = figure(b.backup_age_seconds);
  return sample;
}

// In milliseconds: half, 95 and 99 in 100.
std::array<float, 3> SystemSamples::latencies(const SystemFigures& before, const SystemFigures& now) const {
  std::vector<std::uint64_t> counts(now.times.size());
  for (std::size_t at = 0; at < counts.size(); ++at) {
    const std::uint64_t known = at < before.times.size() ? before.times[at] : 0;
    counts[at] = now.times[at] > known ? now.times[at] - known : 0;
  }
  return {1000 * quantile(bounds_, counts, 0.5),
          1000 * quantile(bounds_, counts, 0.95),
          1000 * quantile(bounds_, counts, 0.99)};
}

}  // namespace dits
