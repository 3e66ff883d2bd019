// How a server does: samples of its figures over time, its parts, its fellow instances, its alerts and its
// slowest statements. What an administrator's page shows.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

// The figures of a sample. Rates and means are those of the time since the sample before.
enum class SystemSeries : std::uint8_t {
  requests_good,     // answered with 1xx to 3xx, per second
  requests_refused,  // with 4xx, per second
  requests_failed,   // with 5xx, per second
  latency_half,      // ms in which half of the requests were answered; event streams are not counted
  latency_most,      // 95 in 100
  latency_slowest,   // 99 in 100
  pool_busy,         // connections in use
  pool_idle,         // connections ready
  pool_waiting,      // requests that wait for one
  statements,        // SQL statements per second
  statement_ms,      // mean time of one
  cache_hits,        // percent of the questions that a cache could answer
  redis_away,        // 1 while it can't be reached; unknown without Redis
  streams,           // open event streams
  memory,            // bytes that the process holds
  cpu,               // percent of one core
  disk_free,         // bytes
  database_size,     // bytes
  replica_lag,       // seconds, of the one that lags most; unknown without replicas
  backup_age,        // seconds; unknown without a backup
};
constexpr std::size_t system_series_count = 20;
std::string_view name_of(SystemSeries series);  // "requests2xx", …
Result<SystemSeries> system_series_from_name(std::string_view name);

constexpr float unknown_figure = std::numeric_limits<float>::quiet_NaN();
inline bool is_known(float figure) { return figure == figure; }

struct SystemSample {
  Timestamp at;
  std::array<float, system_series_count> figures = all_unknown();

  float& operator[](SystemSeries series) { return figures[static_cast<std::size_t>(series)]; }
  float operator[](SystemSeries series) const { return figures[static_cast<std::size_t>(series)]; }

 private:
  static constexpr std::array<float, system_series_count> all_unknown() {
    std::array<float, system_series_count> figures{};
    for (float& figure : figures) figure = unknown_figure;
    return figures;
  }
};

// How long samples are kept: one for every few seconds of the last hour, one for every minute of a day.
constexpr std::int64_t system_step_ms = 5'000;
constexpr std::size_t most_system_samples = 720;
constexpr std::int64_t system_minute_ms = 60'000;
constexpr std::size_t most_system_minutes = 1'440;

// As /readyz tells it.
enum class PartHealth : std::uint8_t { ok, degraded, failed };
std::string_view name_of(PartHealth health);  // "ok", …
Result<PartHealth> part_health_from_name(std::string_view name);

struct SystemPart {
  std::string name;  // "database"
  PartHealth health = PartHealth::ok;
  std::string message;  // what is wrong and what it means
};

// A server on the same database.
struct SystemInstance {
  std::string url;
  std::string version;
  std::int64_t process_id = 0;
  std::int64_t pool_size = 0;
  std::int64_t pool_max = 0;
  bool is_asked = false;  // the one that answers
};

struct SystemAlert {
  std::string name;
  std::string summary;  // what is wrong and what to do
  Timestamp since;
  std::optional<Timestamp> resolved_at;  // none: it fires
};

struct SystemStatement {
  std::string name;
  std::int64_t calls = 0;
  double mean_ms = 0;
  double worst_ms = 0;
  double total_ms = 0;
  std::string plan;  // of a run that was slow; empty when there was none
};
constexpr std::size_t most_system_statements = 10;

struct SystemOverview {
  Timestamp at;
  std::string url;  // of the server that answers
  std::string version;
  Timestamp started_at;
  std::int64_t pool_max = 0;
  std::vector<SystemSample> samples;  // oldest first
  std::vector<SystemSample> minutes;  // oldest first
  std::vector<SystemPart> parts;
  std::vector<SystemInstance> instances;
  std::vector<SystemAlert> alerts;          // those that fire first, then the latest
  std::vector<SystemStatement> statements;  // the slowest first
};

}  // namespace dits
