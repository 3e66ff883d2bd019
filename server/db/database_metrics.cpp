#include "server/db/database_metrics.hpp"

namespace dits {

namespace {

double seconds(std::uint64_t us) { return static_cast<double>(us) / 1e6; }

constexpr auto bucket_bounds_seconds = [] {
  std::array<double, bucket_bounds_us.size()> bounds{};
  for (std::size_t at = 0; at < bounds.size(); ++at)
    bounds[at] = static_cast<double>(bucket_bounds_us[at]) / 1e6;
  return bounds;
}();

}  // namespace

void add_pool(MetricPage& page, const PoolFigures& pool) {
  page.add(Metric::pool_connections, pool.size);
  page.add(Metric::pool_connections_max, pool.max);
  page.add(Metric::pool_idle, pool.idle);
  page.add(Metric::pool_waiting, pool.waiting);
  page.add(Metric::pool_checkouts, metric_value(pool.checkouts));
  page.add(Metric::pool_waits, metric_value(pool.waits));
  page.add(Metric::pool_wait_seconds, seconds(pool.wait_us));
  page.add(Metric::pool_timeouts, metric_value(pool.timeouts));
  page.add(Metric::pool_connects, metric_value(pool.connects));
  page.add(Metric::pool_failed_connects, metric_value(pool.failed_connects));
  page.add(Metric::pool_reconnects, metric_value(pool.reconnects));
  page.add(Metric::database_away, pool.is_away ? 1 : 0);
}

void add_traffic(MetricPage& page, const Traffic& traffic) {
  page.add(Metric::database_round_trips, metric_value(traffic.round_trips));
  page.add(Metric::database_commands, metric_value(traffic.commands));
}

void add_statements(MetricPage& page, const std::vector<StatementFigures>& statements) {
  for (const StatementFigures& one : statements) {
    const MetricPage::Label label{"statement", one.name};
    page.add_histogram(
        Metric::statement_seconds, {label}, bucket_bounds_seconds, one.buckets, seconds(one.total_us));
    page.add(Metric::statement_rows, {label}, metric_value(one.rows));
    page.add(Metric::statement_errors, {label}, metric_value(one.errors));
  }
}

}  // namespace dits
