// The figures of a database, for /metrics.
#pragma once

#include <vector>

#include "server/base/metrics.hpp"
#include "server/db/pool.hpp"
#include "server/db/pooled_database.hpp"
#include "server/db/statement_stats.hpp"

namespace dits {

void add_pool(MetricPage& page, const PoolFigures& pool);
void add_traffic(MetricPage& page, const Traffic& traffic);

// A histogram for each statement that ran; their number is bounded by StatementStats.
void add_statements(MetricPage& page, const std::vector<StatementFigures>& statements);

}  // namespace dits
