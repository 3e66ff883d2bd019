// What the server tells of itself: /readyz, /metrics, and the figures for commands.
#include <algorithm>
#include <chrono>

#include <unistd.h>

#include "server/app.hpp"
#include "server/base/disk_space.hpp"
#include "server/base/files.hpp"
#include "server/base/version.hpp"
#include "server/db/database_metrics.hpp"
#include "server/store/migrations.hpp"
#include "shared/json/value.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;

constexpr auto ready_limit = 500ms;

// With an external database there may be no data directory yet.
Result<void> check_disk(const std::string& directory) {
  const std::int64_t free = free_disk_bytes(directory);
  if (free < 0 || free >= disk_reserves_at(directory).write_bytes) return {};
  return unavailable("The disk of the data directory is full; writes are refused until there is room.");
}

}  // namespace

std::vector<http::ReadyCheck> App::ready_checks(const Config& config) {
  using http::PartState;
  std::vector<http::ReadyCheck> checks{
      {"database", [this] { return PartState::of(check_database()); }},
      {"migrations", [this] { return migrations_state(); }},
      {"disk", [directory = std::string(config.data_dir)] { return PartState::of(check_disk(directory)); }},
      {"events", [this] { return events_state(); }},
      {"alerts", [this] { return alerts_state(); }}};
  if (redis_) checks.push_back({"redis", [this] { return redis_state(); }});
  return checks;
}

// Another instance may have migrated the database since this one started.
http::PartState App::migrations_state() {
  using http::PartState;
  const Result<std::vector<Migration>> known = embedded_migrations();
  if (!known) return PartState::of(known.error());
  const Result<std::vector<std::string>> applied = store::list_migration_names(database_);
  if (!applied) return PartState::of(applied.error());
  std::int64_t pending = 0;
  for (const Migration& migration : *known) {
    if (std::ranges::find(*applied, migration.name) == applied->end()) ++pending;
  }
  const auto unknown = static_cast<std::int64_t>(applied->size() + static_cast<std::size_t>(pending)) -
                       static_cast<std::int64_t>(known->size());
  PartState state;
  state.facts = {{"applied", static_cast<std::int64_t>(applied->size())}, {"pending", pending}};
  if (pending > 0) {
    state.kind = PartState::Kind::failed;
    state.message = "The database lacks migrations that this server needs. Restart it with --migrate.";
  } else if (unknown > 0) {
    state.kind = PartState::Kind::degraded;
    state.message = "The database has migrations of a newer DITS. Restart this server with the newer one.";
  }
  return state;
}

http::PartState App::redis_state() const {
  using http::PartState;
  redis_->run({"PING"});  // does not wait while it is known to be away
  const RedisFigures redis = redis_->figures();
  PartState state;
  state.facts = {{"connections", static_cast<std::int64_t>(redis.connections)},
                 {"outages", static_cast<std::int64_t>(redis.outages)}};
  if (redis.is_away) {
    state.kind = PartState::Kind::degraded;
    state.message = "Redis is away (" + redis.reason +
                    "). Everything works without it, only slower; no action is needed if it comes back.";
    state.facts.emplace_back("awaySeconds", redis.away_for.count() / 1000);
  }
  return state;
}

http::PartState App::events_state() const {
  if (!event_bus_.is_deaf()) return {};
  return {http::PartState::Kind::degraded,
          "Changes made by other instances are looked for every two seconds instead of being told at once."};
}

Result<void> App::check_database() {
  const auto deadline = std::chrono::steady_clock::now() + ready_limit;
  while (true) {
    const Lease lease = TRY(database_.pool().checkout(Pool::Priority::system, deadline));
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (lease->ping(std::max(left, std::chrono::milliseconds(1)))) return {};
    // A connection that was just cut says nothing about the database: another one is asked.
    if (std::chrono::steady_clock::now() >= deadline) return unavailable("The database does not answer.");
  }
}

void App::add_database_metrics(MetricPage& page) const {
  add_pool(page, database_.pool_figures());
  add_replicas(page, database_.replica_figures());
  add_traffic(page, database_.traffic());
  add_statements(page, database_.statement_stats().all());
  page.add(Metric::events_deaf, event_bus_.is_deaf() ? 1 : 0);
}

std::string App::figures() const {
  const auto count = [](auto value) { return static_cast<std::int64_t>(value); };
  const auto hits = [&](const HitFigures& figures) {
    return Json{{"hits", count(figures.hits)}, {"misses", count(figures.misses)}};
  };
  const PoolFigures pool = database_.pool_figures();
  Json json{{"url", url()},
            {"processId", count(::getpid())},
            {"version", std::string(version_text())},
            {"pool",
             {{"size", pool.size},
              {"idle", pool.idle},
              {"max", pool.max},
              {"waiting", pool.waiting},
              {"checkouts", count(pool.checkouts)},
              {"waits", count(pool.waits)},
              {"waitMs", count(pool.wait_us / 1000)},
              {"timeouts", count(pool.timeouts)},
              {"connects", count(pool.connects)},
              {"failedConnects", count(pool.failed_connects)},
              {"reconnects", count(pool.reconnects)}}},
            {"caches",
             {{"stats", hits(stats_cache_.figures())},
              {"sessions", hits(session_hits())},
              {"names", hits(names_memory_.figures().asked)}}}};
  for (const ReplicaFigures& replica : database_.replica_figures()) {
    json["replicas"].push_back({{"name", replica.name},
                                {"isUp", replica.is_up},
                                {"reason", replica.why_not},
                                {"lagMs", count(replica.lag_seconds * 1000)},
                                {"reads", count(replica.reads)}});
  }
  if (redis_) {
    const RedisFigures redis = redis_->figures();
    json["redis"] = {{"connections", count(redis.connections)},
                     {"max", count(redis.max)},
                     {"commands", count(redis.commands)},
                     {"failures", count(redis.failures)},
                     {"outages", count(redis.outages)},
                     {"reason", redis.reason}};
  }
  return dump(json);
}

// Who is signed in is known to this process, or to what all of them share.
HitFigures App::session_hits() const {
  const HitFigures own = credential_memory_.figures().asked;
  const HitFigures shared = session_cache_.figures();
  return {own.hits + shared.hits, own.misses + shared.misses};
}

void App::add_cache_metrics(MetricPage& page) const {
  const auto add_hits = [&](std::string_view cache, const HitFigures& figures) {
    page.add(Metric::cache_hits, {{"cache", cache}}, metric_value(figures.hits));
    page.add(Metric::cache_misses, {{"cache", cache}}, metric_value(figures.misses));
  };
  const auto add_memory = [&](std::string_view memory, const MemoryFigures& figures) {
    page.add(Metric::memory_entries, {{"memory", memory}}, static_cast<double>(figures.entries));
    page.add(Metric::memory_bytes, {{"memory", memory}}, static_cast<double>(figures.bytes));
  };
  add_hits("stats", stats_cache_.figures());
  add_hits("sessions", session_hits());
  add_hits("names", names_memory_.figures().asked);
  add_memory("credentials", credential_memory_.figures());
  add_memory("names", names_memory_.figures());
  add_memory("words", words_.figures());
  if (!redis_) return;
  const RedisFigures redis = redis_->figures();
  page.add(Metric::redis_away, redis.is_away ? 1 : 0);
  page.add(Metric::redis_connections, static_cast<double>(redis.connections));
  page.add(Metric::redis_idle, static_cast<double>(redis.idle));
  page.add(Metric::redis_commands, metric_value(redis.commands));
  page.add(Metric::redis_command_seconds, static_cast<double>(redis.command_us) / 1e6);
  page.add(Metric::redis_failures, metric_value(redis.failures));
  page.add(Metric::redis_refused, metric_value(redis.refused));
  page.add(Metric::redis_connects, metric_value(redis.connects));
  page.add(Metric::redis_outages, metric_value(redis.outages));
}

}  // namespace dits
