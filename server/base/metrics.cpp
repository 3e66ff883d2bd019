#include "server/base/metrics.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace dits {

namespace {

using enum MetricType;
using enum MetricUnit;

// clang-format off
constexpr MetricRow rows[] = {
    {Metric::http_requests, "dits_http_requests_total", counter, count, "Answered requests."},
    {Metric::http_request_seconds, "dits_http_request_seconds", histogram, seconds, "Time from a whole request to its answer."},
    {Metric::http_requests_in_flight, "dits_http_requests_in_flight", gauge, count, "Requests being answered."},
    {Metric::pool_connections, "dits_pool_connections", gauge, count, "Open database connections."},
    {Metric::pool_connections_max, "dits_pool_connections_max", gauge, count, "Database connections allowed."},
    {Metric::pool_idle, "dits_pool_idle", gauge, count, "Open connections that nobody uses."},
    {Metric::pool_waiting, "dits_pool_waiting", gauge, count, "Requests that wait for a connection."},
    {Metric::pool_checkouts, "dits_pool_checkouts_total", counter, count, "Connections lent."},
    {Metric::pool_waits, "dits_pool_waits_total", counter, count, "Checkouts that had to wait."},
    {Metric::pool_wait_seconds, "dits_pool_wait_seconds_total", counter, seconds, "Time waited."},
    {Metric::pool_timeouts, "dits_pool_timeouts_total", counter, count, "Checkouts that waited in vain."},
    {Metric::pool_connects, "dits_pool_connects_total", counter, count, "Connections opened."},
    {Metric::pool_failed_connects, "dits_pool_failed_connects_total", counter, count, "Attempts to connect that failed."},
    {Metric::pool_reconnects, "dits_pool_reconnects_total", counter, count, "Dead connections replaced."},
    {Metric::database_away, "dits_database_away", gauge, is_so, "1 while the database can't be reached."},
    {Metric::replica_up, "dits_replica_up", gauge, is_so, "1 while the read replica is in use."},
    {Metric::replica_lag_seconds, "dits_replica_lag_seconds", gauge, seconds, "For how long the primary has had what the replica lacks."},
    {Metric::replica_reads, "dits_replica_reads_total", counter, count, "Reads that went to the replica."},
    {Metric::database_round_trips, "dits_database_round_trips_total", counter, count, "Batches of commands sent to the database and answered."},
    {Metric::database_commands, "dits_database_commands_total", counter, count, "Commands in them, BEGIN and its like among them."},
    {Metric::statement_seconds, "dits_statement_seconds", histogram, seconds, "Time of each SQL statement, round trip included."},
    {Metric::statement_rows, "dits_statement_rows_total", counter, count, "Rows each SQL statement brought or changed."},
    {Metric::statement_errors, "dits_statement_errors_total", counter, count, "Failures of each SQL statement."},
    {Metric::events_deaf, "dits_events_deaf", gauge, is_so, "1 while changes by other instances are polled for."},
    {Metric::cache_hits, "dits_cache_hits_total", counter, count, "Questions that a cache could answer."},
    {Metric::cache_misses, "dits_cache_misses_total", counter, count, "Questions that it could not."},
    {Metric::memory_entries, "dits_memory_entries", gauge, count, "What this process remembers."},
    {Metric::memory_bytes, "dits_memory_bytes", gauge, bytes, "How much memory that takes."},
    {Metric::redis_away, "dits_redis_away", gauge, is_so, "1 while Redis can't be reached."},
    {Metric::redis_connections, "dits_redis_connections", gauge, count, "Open connections to Redis."},
    {Metric::redis_idle, "dits_redis_idle", gauge, count, "Of these, idle."},
    {Metric::redis_commands, "dits_redis_commands_total", counter, count, "Commands answered."},
    {Metric::redis_command_seconds, "dits_redis_command_seconds_total", counter, seconds, "Time spent waiting for their answers."},
    {Metric::redis_failures, "dits_redis_failures_total", counter, count, "Commands without an answer."},
    {Metric::redis_refused, "dits_redis_refused_total", counter, count, "Commands not tried, because Redis was away."},
    {Metric::redis_connects, "dits_redis_connects_total", counter, count, "Connections made."},
    {Metric::redis_outages, "dits_redis_outages_total", counter, count, "Times Redis went away."},
    {Metric::alert_firing, "dits_alert_firing", gauge, is_so, "1 while the alert fires."},
    {Metric::disk_free_bytes, "dits_disk_free_bytes", gauge, bytes, "Room on the data directory's disk."},
    {Metric::http_connections, "dits_http_connections", gauge, count, "Open connections."},
    {Metric::http_workers, "dits_http_workers", gauge, count, "Threads that answer requests."},
    {Metric::http_streams, "dits_http_streams", gauge, count, "Open event streams."},
    {Metric::certificate_expires, "dits_certificate_expires_seconds", gauge, seconds, "When the TLS certificate ends, in Unix time."},
    {Metric::backup_failures, "dits_backup_failures_total", counter, count, "Backups that failed since the start."},
    {Metric::backup_last_failed, "dits_backup_last_failed", gauge, is_so, "1 when the last backup failed."},
    {Metric::backup_running, "dits_backup_running", gauge, is_so, "1 while a backup is written."},
    {Metric::backup_age_seconds, "dits_backup_age_seconds", gauge, seconds, "Age of the newest backup."},
    {Metric::backup_bytes, "dits_backup_bytes", gauge, bytes, "Size of the newest backup."},
    {Metric::process_cpu_seconds, "process_cpu_seconds_total", counter, seconds, "CPU time of this process."},
    {Metric::process_resident_bytes, "process_resident_memory_bytes", gauge, bytes, "Resident memory of this process."},
    {Metric::process_open_files, "process_open_fds", gauge, count, "Open file descriptors."},
};
// clang-format on

consteval bool is_in_order() {
  for (std::size_t at = 0; at < std::size(rows); ++at) {
    if (static_cast<std::size_t>(rows[at].metric) != at) return false;
  }
  return std::size(rows) == static_cast<std::size_t>(Metric::process_open_files) + 1;
}
static_assert(is_in_order(), "each Metric has its row, in the order of the enum");

// Whole numbers without an exponent as long as a double holds them exactly.
constexpr double largest_exact = 9007199254740992.0;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

// `cache="stats",`
std::string inner_text(MetricPage::Labels labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += std::string(name) + "=\"" + escaped(value) + "\",";
  return text;
}

// `{cache="stats"} `, of what inner_text() gave; " " of nothing.
std::string in_braces(std::string inner) {
  if (inner.empty()) return " ";
  inner.pop_back();
  return "{" + inner + "} ";
}

}  // namespace

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::histogram:
      return "histogram";
  }
  std::abort();
}

std::string_view name_of(MetricUnit unit) {
  switch (unit) {
    case MetricUnit::count:
      return "count";
    case MetricUnit::is_so:
      return "0 or 1";
    case MetricUnit::seconds:
      return "seconds";
    case MetricUnit::bytes:
      return "bytes";
  }
  std::abort();
}

std::span<const MetricRow> all_metrics() { return rows; }

std::string metric_number(double value) {
  std::array<char, 40> buffer{};
  const bool is_whole = std::abs(value) < largest_exact && value == std::floor(value);
  const int length = std::snprintf(buffer.data(), buffer.size(), is_whole ? "%.0f" : "%.10g", value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

void MetricPage::add(Metric metric, Labels labels, double value) {
  const std::size_t at = static_cast<std::size_t>(metric);
  lines_[at] += std::string(rows[at].name) + in_braces(inner_text(labels)) + metric_number(value) + "\n";
}

void MetricPage::add_histogram(Metric metric,
                               Labels labels,
                               std::span<const double> bounds,
                               std::span<const std::uint64_t> counts,
                               double sum) {
  const std::size_t at = static_cast<std::size_t>(metric);
  const std::string name(rows[at].name);
  const std::string inner = inner_text(labels);
  std::string& lines = lines_[at];
  std::uint64_t reached = 0;
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    reached += counts[bucket];
    const std::string bound = bucket < bounds.size() ? metric_number(bounds[bucket]) : "+Inf";
    lines += name + "_bucket{" + inner + "le=\"" + bound + "\"} " + std::to_string(reached) + "\n";
  }
  lines += name + "_sum" + in_braces(inner) + metric_number(sum) + "\n";
  lines += name + "_count" + in_braces(inner) + std::to_string(reached) + "\n";
}

std::string MetricPage::text() const {
  std::string text;
  for (const MetricRow& row : rows) {
    const std::string& lines = lines_[static_cast<std::size_t>(row.metric)];
    if (lines.empty()) continue;
    text += "# HELP " + std::string(row.name) + " " + std::string(row.help) + "\n# TYPE " +
            std::string(row.name) + " " + std::string(name_of(row.type)) + "\n" + lines;
  }
  return text;
}

}  // namespace dits
