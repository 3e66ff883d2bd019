// The words of series and states.
#include "shared/model/system.hpp"

#include "shared/core/names.hpp"

namespace dits {

namespace {

constexpr Names<system_series_count> series_names{
    "requests2xx",  "requests4xx",     "requests5xx",   "latencyP50Ms",      "latencyP95Ms",
    "latencyP99Ms", "poolBusy",        "poolIdle",      "poolWaiting",       "statements",
    "statementMs",  "cacheHitPercent", "redisAway",     "streams",           "memoryBytes",
    "cpuPercent",   "diskFreeBytes",   "databaseBytes", "replicaLagSeconds", "backupAgeSeconds"};
constexpr Names<3> health_names{"ok", "degraded", "failed"};

}  // namespace

std::string_view name_of(SystemSeries series) { return name_in(series_names, series); }
Result<SystemSeries> system_series_from_name(std::string_view name) {
  return value_in<SystemSeries>(series_names, name, "series");
}

std::string_view name_of(PartHealth health) { return name_in(health_names, health); }
Result<PartHealth> part_health_from_name(std::string_view name) {
  return value_in<PartHealth>(health_names, name, "state");
}

}  // namespace dits
