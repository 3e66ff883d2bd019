#include "server/db/database_metrics.hpp"

#include "server/base/metric_text.hpp"

namespace dits {

namespace {

std::string gauge(std::string_view name, std::string_view help, double value) {
  return metric_lines(name, "gauge", help, value);
}

std::string counter(std::string_view name, std::string_view help, std::uint64_t value) {
  return metric_lines(name, "counter", help, static_cast<double>(value));
}

double seconds(std::uint64_t us) { return static_cast<double>(us) / 1e6; }

std::string histogram_of(const StatementFigures& one) {
  const std::string label = "{statement=\"" + one.name + "\"";
  std::string out;
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < one.buckets.size(); ++at) {
    sum += one.buckets[at];
    const std::string bound = at < bucket_bounds_us.size()
                                  ? metric_number(static_cast<double>(bucket_bounds_us[at]) / 1e6)
                                  : "+Inf";
    out += "dits_statement_seconds_bucket" + label + ",le=\"" + bound + "\"} " + std::to_string(sum) + "\n";
  }
  out += "dits_statement_seconds_sum" + label + "} " + metric_number(seconds(one.total_us)) + "\n";
  out += "dits_statement_seconds_count" + label + "} " + std::to_string(one.calls) + "\n";
  return out;
}

}  // namespace

std::string pool_metrics(const PoolFigures& pool) {
  return gauge("dits_pool_connections", "Open database connections.", pool.size) +
         gauge("dits_pool_connections_max", "Database connections allowed.", pool.max) +
         gauge("dits_pool_idle", "Open connections that nobody uses.", pool.idle) +
         gauge("dits_pool_waiting", "Requests that wait for a connection.", pool.waiting) +
         counter("dits_pool_checkouts_total", "Connections lent.", pool.checkouts) +
         counter("dits_pool_waits_total", "Checkouts that had to wait.", pool.waits) +
         metric_lines("dits_pool_wait_seconds_total", "counter", "Time waited.", seconds(pool.wait_us)) +
         counter("dits_pool_timeouts_total", "Checkouts that waited in vain.", pool.timeouts) +
         counter("dits_pool_connects_total", "Connections opened.", pool.connects) +
         counter(
             "dits_pool_failed_connects_total", "Attempts to connect that failed.", pool.failed_connects) +
         counter("dits_pool_reconnects_total", "Dead connections replaced.", pool.reconnects) +
         gauge("dits_database_away", "1 while the database can't be reached.", pool.is_away ? 1 : 0);
}

std::string traffic_metrics(const Traffic& traffic) {
  return counter("dits_database_round_trips_total",
                 "Batches of commands sent to the database and answered.",
                 traffic.round_trips) +
         counter("dits_database_commands_total",
                 "Commands in them, BEGIN and its like among them.",
                 traffic.commands);
}

std::string statement_metrics(const std::vector<StatementFigures>& statements) {
  std::string times =
      metric_head("dits_statement_seconds", "histogram", "Time of each SQL statement, round trip included.");
  std::string rows =
      metric_head("dits_statement_rows_total", "counter", "Rows each SQL statement brought or changed.");
  std::string errors =
      metric_head("dits_statement_errors_total", "counter", "Failures of each SQL statement.");
  for (const StatementFigures& one : statements) {
    const std::string label = "{statement=\"" + one.name + "\"} ";
    times += histogram_of(one);
    rows += "dits_statement_rows_total" + label + std::to_string(one.rows) + "\n";
    errors += "dits_statement_errors_total" + label + std::to_string(one.errors) + "\n";
  }
  return times + rows + errors;
}

}  // namespace dits
