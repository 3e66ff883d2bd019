// How the server does, as the administrator's page shows it: samples over time, and the state at the moment.
#include <algorithm>

#include <unistd.h>

#include "server/app.hpp"
#include "server/base/files.hpp"
#include "server/base/process_figures.hpp"
#include "server/base/version.hpp"
#include "server/service/channels.hpp"
#include "server/store/admin.hpp"
#include "shared/json/fields.hpp"

namespace dits {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto size_pause = 60s;       // between two questions for the database's size
constexpr auto ask_pause = 8s;         // between two questions to the other servers
constexpr auto silent_instance = 30s;  // one that was not heard for so long is not shown

PartHealth health_of(http::PartState::Kind kind) {
  switch (kind) {
    case http::PartState::Kind::ok:
      return PartHealth::ok;
    case http::PartState::Kind::degraded:
      return PartHealth::degraded;
    case http::PartState::Kind::failed:
      return PartHealth::failed;
  }
  return PartHealth::failed;
}

SystemAlert alert_row(const Alert& alert) {
  return {std::string(alert.name), alert.summary, alert.since, alert.resolved_at};
}

}  // namespace

SystemFigures App::system_figures() const {
  SystemFigures figures;
  const http::Metrics::Totals totals = metrics_.totals();
  figures.requests = totals.requests;
  figures.refused_requests = totals.refused;
  figures.failed_requests = totals.failed;
  figures.times.assign(totals.times.begin(), totals.times.end());
  for (const StatementFigures& one : database_.statement_stats().all()) {
    figures.statements += one.calls;
    figures.statement_us += one.total_us;
  }
  for (const HitFigures& cache : {stats_cache_.figures(), session_hits()}) {
    figures.cache_hits += cache.hits;
    figures.cache_misses += cache.misses;
  }
  const PoolFigures pool = database_.pool_figures();
  figures.pool_busy = pool.size - pool.idle;
  figures.pool_idle = pool.idle;
  figures.pool_waiting = pool.waiting;
  figures.streams = static_cast<std::int64_t>(server_->open_streams());
  const ProcessFigures process = process_figures();
  figures.cpu_seconds = process.cpu_seconds;
  figures.memory_bytes = process.resident_bytes;
  if (redis_) figures.is_redis_away = redis_->figures().is_away;
  if (const std::int64_t free = free_disk_bytes(data_dir_); free >= 0) figures.disk_free_bytes = free;
  if (database_bytes_ > 0) figures.database_bytes = database_bytes_;
  for (const ReplicaFigures& replica : database_.replica_figures())
    figures.replica_lag_seconds = std::max(figures.replica_lag_seconds.value_or(0), replica.lag_seconds);
  const std::optional<Timestamp> backup =
      backups_ ? backups_->state().last_good_at : std::optional<Timestamp>();
  if (backup)
    figures.backup_age_seconds = static_cast<double>(services_.clock.now().unix_ms - backup->unix_ms) / 1000;
  return figures;
}

// Before the other care, which a webhook may hold up.
void App::take_sample() {
  if (SteadyClock::now() >= next_size_look_ && !database_.pool_figures().is_away) {
    next_size_look_ = SteadyClock::now() + size_pause;
    if (const auto info = store::read_database_info(database_)) database_bytes_ = info->size_bytes;
  }
  samples_.look(system_figures(), services_.clock.now());
}

SystemInstance App::own_instance() const {
  const PoolFigures pool = database_.pool_figures();
  return {url(), std::string(version_text()), ::getpid(), pool.size, pool.max, true};
}

// What a server, this one too, answered on the channel of figures.
void App::hear_figures(const std::string& text) {
  const Result<Json> json = parse_json(text);
  if (!json) return;
  SystemInstance instance;
  FieldReader reader(*json);
  reader.require("url", instance.url);
  reader.read("version", instance.version);
  reader.read("processId", instance.process_id);
  if (const Json* pool = reader.find("pool")) {
    FieldReader pool_reader(*pool);
    pool_reader.read("size", instance.pool_size);
    pool_reader.read("max", instance.pool_max);
  }
  if (!reader.result()) return;
  const std::lock_guard lock(instances_mutex_);
  instances_[{instance.url, instance.process_id}] = {instance, SteadyClock::now()};
}

// Those that were heard lately; asks them anew, for the next time.
std::vector<SystemInstance> App::instances() {
  std::vector<SystemInstance> all{own_instance()};
  const auto now = SteadyClock::now();
  const std::lock_guard lock(instances_mutex_);
  if (now >= next_ask_) {
    next_ask_ = now + ask_pause;
    notifications_->send(ask_channel, "");
  }
  std::erase_if(instances_, [&](const auto& entry) { return now - entry.second.second > silent_instance; });
  for (const auto& [key, heard] : instances_) {
    const bool is_own = key.first == all.front().url && key.second == all.front().process_id;
    if (!is_own) all.push_back(heard.first);
  }
  return all;
}

std::vector<SystemStatement> App::slowest_statements() const {
  std::vector<SystemStatement> all;
  for (const StatementFigures& one : database_.statement_stats().all()) {
    const double total_ms = static_cast<double>(one.total_us) / 1000;
    all.push_back({one.name,
                   static_cast<std::int64_t>(one.calls),
                   one.calls > 0 ? total_ms / static_cast<double>(one.calls) : 0,
                   static_cast<double>(one.max_us) / 1000,
                   total_ms,
                   {}});
  }
  std::ranges::stable_sort(all, std::greater{}, &SystemStatement::worst_ms);
  if (all.size() > most_system_statements) all.resize(most_system_statements);
  for (const SlowStatementFigures& slow : database_.slow_statements().all()) {
    const auto found = std::ranges::find(all, slow.name, &SystemStatement::name);
    if (found != all.end()) found->plan = slow.plan;
  }
  return all;
}

SystemOverview App::system_overview(Timestamp since) {
  SystemOverview overview;
  overview.at = services_.clock.now();
  overview.url = url();
  overview.version = version_text();
  overview.started_at = started_at_;
  overview.pool_max = database_.pool_figures().max;
  SystemSamples::Kept kept = samples_.later_than(since);
  overview.samples = std::move(kept.samples);
  overview.minutes = std::move(kept.minutes);
  for (const http::ReadyCheck& part : parts_) {
    const http::PartState state = part.check();
    overview.parts.push_back({part.name, health_of(state.kind), state.message});
  }
  overview.instances = instances();
  for (const Alert& alert : alerts_.firing()) overview.alerts.push_back(alert_row(alert));
  for (const Alert& alert : alerts_.recent()) overview.alerts.push_back(alert_row(alert));
  overview.statements = slowest_statements();
  return overview;
}

}  // namespace dits
