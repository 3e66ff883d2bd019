#include "server/service/admin.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/store/admin.hpp"

namespace dits {

static Json pool_json(const PoolFigures& pool) {
  return {{"size", pool.size},
          {"idle", pool.idle},
          {"waiting", pool.waiting},
          {"max", pool.max},
          {"checkouts", pool.checkouts},
          {"waits", pool.waits},
          {"waitMs", static_cast<double>(pool.wait_us) / 1000.0},
          {"timeouts", pool.timeouts},
          {"connects", pool.connects},
          {"failedConnects", pool.failed_connects},
          {"reconnects", pool.reconnects},
          {"isAway", pool.is_away}};
}

Result<Json> database_info(AdminContext& admin) {
  const store::DatabaseInfo info = TRY(store::read_database_info(admin.database));
  const double blocks = static_cast<double>(info.blocks_hit + info.blocks_read);
  Json json = Json::object();
  json["server"] = {{"version", info.server_version},
                    {"startedAt", to_string(info.started_at)},
                    {"connections", info.connections},
                    {"maxConnections", info.max_connections}};
  json["database"] = {
      {"name", info.name},
      {"sizeBytes", info.size_bytes},
      {"hasChecksums", info.has_checksums},
      {"cacheHitRatio", blocks > 0 ? Json(static_cast<double>(info.blocks_hit) / blocks) : Json(nullptr)},
      {"commits", info.commits},
      {"rollbacks", info.rollbacks},
      {"deadlocks", info.deadlocks},
      {"temporaryBytes", info.temporary_bytes}};
  json["pool"] = pool_json(admin.database.pool_figures());
  return json;
}

Json statement_figures(AdminContext& admin) {
  std::vector<StatementFigures> all = admin.database.statement_stats().all();
  std::stable_sort(all.begin(), all.end(), [](const StatementFigures& a, const StatementFigures& b) {
    return a.total_us > b.total_us;
  });
  Json items = Json::array();
  for (const StatementFigures& one : all) {
    const double total_ms = static_cast<double>(one.total_us) / 1000.0;
    items.push_back({{"name", one.name},
                     {"calls", one.calls},
                     {"errors", one.errors},
                     {"rows", one.rows},
                     {"totalMs", total_ms},
                     {"meanMs", one.calls > 0 ? total_ms / static_cast<double>(one.calls) : 0.0},
                     {"maxMs", static_cast<double>(one.max_us) / 1000.0}});
  }
  return {{"items", std::move(items)}, {"nextCursor", nullptr}};
}

}  // namespace dits
