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

std::string App::database_metrics() const {
  return pool_metrics(database_.pool_figures()) + replica_metrics(database_.replica_figures()) +
         traffic_metrics(database_.traffic()) + statement_metrics(database_.statement_stats().all()) +
         http::metric_lines("dits_events_deaf",
                            "gauge",
                            "1 while changes by other instances are polled for.",
                            event_bus_.is_deaf() ? 1 : 0);
}

std::string App::memory_metrics() const {
  std::string entries = metric_head("dits_memory_entries", "gauge", "What this process remembers.");
  std::string bytes = metric_head("dits_memory_bytes", "gauge", "How much memory that takes.");
  const auto add = [&](std::string_view name, const MemoryFigures& figures) {
    const std::string label = "{memory=\"" + std::string(name) + "\"} ";
    entries += "dits_memory_entries" + label + std::to_string(figures.entries) + "\n";
    bytes += "dits_memory_bytes" + label + std::to_string(figures.bytes) + "\n";
  };
  add("credentials", credential_memory_.figures());
  add("names", names_memory_.figures());
  add("words", words_.figures());
  return entries + bytes;
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

std::string App::cache_metrics() const {
  const auto hits = [](const std::string& cache, const HitFigures& figures) {
    return "dits_cache_hits_total{cache=\"" + cache + "\"} " + std::to_string(figures.hits) +
           "\ndits_cache_misses_total{cache=\"" + cache + "\"} " + std::to_string(figures.misses) + "\n";
  };
  std::string text =
      "# HELP dits_cache_hits_total Questions that a cache could answer.\n# TYPE dits_cache_hits_total "
      "counter\n# HELP dits_cache_misses_total Questions that it could not.\n# TYPE "
      "dits_cache_misses_total counter\n" +
      hits("stats", stats_cache_.figures()) + hits("sessions", session_hits()) +
      hits("names", names_memory_.figures().asked) + memory_metrics();
  if (!redis_) return text;
  const RedisFigures redis = redis_->figures();
  const auto count = [](std::uint64_t value) { return static_cast<double>(value); };
  return text +
         http::metric_lines(
             "dits_redis_away", "gauge", "1 while Redis can't be reached.", redis.is_away ? 1 : 0) +
         http::metric_lines(
             "dits_redis_connections", "gauge", "Open connections to Redis.", count(redis.connections)) +
         http::metric_lines("dits_redis_idle", "gauge", "Of these, idle.", count(redis.idle)) +
         http::metric_lines(
             "dits_redis_commands_total", "counter", "Commands answered.", count(redis.commands)) +
         http::metric_lines("dits_redis_command_seconds_total",
                            "counter",
                            "Time spent waiting for their answers.",
                            count(redis.command_us) / 1e6) +
         http::metric_lines(
             "dits_redis_failures_total", "counter", "Commands without an answer.", count(redis.failures)) +
         http::metric_lines("dits_redis_refused_total",
                            "counter",
                            "Commands not tried, because Redis was away.",
                            count(redis.refused)) +
         http::metric_lines(
             "dits_redis_connects_total", "counter", "Connections made.", count(redis.connects)) +
         http::metric_lines(
             "dits_redis_outages_total", "counter", "Times Redis went away.", count(redis.outages));
}

}  // namespace dits
