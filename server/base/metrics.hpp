// Every figure that /metrics tells, once: its name, type, unit and help. Who has figures puts them on a page,
// and the page prints them as Prometheus reads them.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace dits {

// In the order in which they are told.
enum class Metric : std::uint8_t {
  http_requests,
  http_request_seconds,
  http_requests_in_flight,
  pool_connections,
  pool_connections_max,
  pool_idle,
  pool_waiting,
  pool_checkouts,
  pool_waits,
  pool_wait_seconds,
  pool_timeouts,
  pool_connects,
  pool_failed_connects,
  pool_reconnects,
  database_away,
  replica_up,
  replica_lag_seconds,
  replica_reads,
  database_round_trips,
  database_commands,
  statement_seconds,
  statement_rows,
  statement_errors,
  events_deaf,
  cache_hits,
  cache_misses,
  memory_entries,
  memory_bytes,
  redis_away,
  redis_connections,
  redis_idle,
  redis_commands,
  redis_command_seconds,
  redis_failures,
  redis_refused,
  redis_connects,
  redis_outages,
  alert_firing,
  disk_free_bytes,
  http_connections,
  http_workers,
  http_streams,
  certificate_expires,
  backup_failures,
  backup_last_failed,
  backup_running,
  backup_age_seconds,
  backup_bytes,
  process_cpu_seconds,
  process_resident_bytes,
  process_open_files,
};

enum class MetricType : std::uint8_t { counter, gauge, histogram };
std::string_view name_of(MetricType type);

enum class MetricUnit : std::uint8_t { count, is_so, seconds, bytes };  // is_so: 1 or 0
std::string_view name_of(MetricUnit unit);

struct MetricRow {
  Metric metric;
  std::string_view name;
  MetricType type;
  MetricUnit unit;
  std::string_view help;
};

// By Metric.
std::span<const MetricRow> all_metrics();

// As many digits as a figure needs: "3", "0.0025", "1.5e+20".
std::string metric_number(double value);

// The figures of one moment, gathered from all rooms.
class MetricPage {
 public:
  // {"cache", "stats"}: dits_…{cache="stats"}. A value may be any text.
  using Label = std::pair<std::string_view, std::string_view>;
  using Labels = std::initializer_list<Label>;

  void add(Metric metric, double value) { add(metric, {}, value); }
  void add(Metric metric, Labels labels, double value);
  // `bounds`: upper bounds of the buckets in the metric's unit; of `counts`, one for each bucket, there is
  // one more.
  void add_histogram(Metric metric,
                     Labels labels,
                     std::span<const double> bounds,
                     std::span<const std::uint64_t> counts,
                     double sum);

  std::string text() const;

 private:
  // Of each metric the lines with its values: they have to stand together.
  std::array<std::string, static_cast<std::size_t>(Metric::process_open_files) + 1> lines_;
};

// A count as a figure.
inline double metric_value(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace dits
