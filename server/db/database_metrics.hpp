// The figures of a database in Prometheus' text format.
#pragma once

#include <string>
#include <vector>

#include "server/db/pool.hpp"
#include "server/db/pooled_database.hpp"
#include "server/db/statement_stats.hpp"

namespace dits {

std::string pool_metrics(const PoolFigures& pool);
std::string traffic_metrics(const Traffic& traffic);

// A histogram for each statement that ran; their number is bounded by StatementStats.
std::string statement_metrics(const std::vector<StatementFigures>& statements);

}  // namespace dits
