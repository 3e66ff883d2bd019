// Each alert's condition, and the patience before it fires.
#include "server/jobs/alerts.hpp"

#include <array>
#include <cmath>

#include "shared/json/value.hpp"

namespace dits {

namespace {

// Fewer than these say nothing about the others. One person makes few requests: they are collected for a
// while.
constexpr std::uint64_t telling_count = 20;
constexpr std::chrono::milliseconds longest_window = std::chrono::minutes(10);

constexpr std::array<std::string_view, 8> alert_names{
    "backup", "certificate", "database", "disk", "errors", "pool", "redis", "replicas"};

std::string rounded(double value) { return std::to_string(std::lround(value)); }

using Verdict = std::optional<std::string>;
const std::string all_is_well;

Verdict judge_disk(const AlertFigures& figures, const AlertThresholds& limits) {
  if (!figures.disk_free_percent) return std::nullopt;
  if (*figures.disk_free_percent >= limits.disk_free_percent) return all_is_well;
  return rounded(*figures.disk_free_percent) +
         "% of the data directory's disk is free. Make room: writes stop when it is full.";
}

Verdict judge_backup(const AlertFigures& figures, const AlertThresholds& limits) {
  if (figures.has_failed_backup)
    return "The last backup failed. The log says why; dits backup tries it again.";
  if (!figures.backup_age || limits.backup_age.count() == 0) return all_is_well;
  if (*figures.backup_age <= limits.backup_age) return all_is_well;
  return "The newest backup is " + std::to_string(figures.backup_age->count() / 3600) +
         " hours old. Look at the schedule (BACKUP_SCHEDULE), or run dits backup.";
}

Verdict judge_replicas(const AlertFigures& figures, const AlertThresholds& limits) {
  if (figures.replicas_away > 0) {
    return std::to_string(figures.replicas_away) +
           " of the read replicas cannot be used. Reads go to the primary meanwhile.";
  }
  if (!figures.replica_lag || *figures.replica_lag <= limits.replica_lag) return all_is_well;
  return "A read replica is " + std::to_string(figures.replica_lag->count() / 1000) +
         " seconds behind. Reads go to the primary meanwhile.";
}

Verdict judge_pool(const std::optional<double>& mean_us, const AlertThresholds& limits) {
  if (!mean_us) return std::nullopt;
  if (*mean_us / 1000.0 <= limits.pool_wait_ms) return all_is_well;
  return "Requests wait " + rounded(*mean_us / 1000.0) +
         " ms for a database connection. Raise DATABASE_POOL_MAX, or look for slow statements.";
}

Verdict judge_errors(const std::optional<double>& share, const AlertThresholds& limits) {
  if (!share) return std::nullopt;
  if (100.0 * *share <= limits.error_percent) return all_is_well;
  return rounded(100.0 * *share) +
         "% of the requests fail on the server's side. The log names each with its id.";
}

}  // namespace

// "13 days", "47 hours"; empty: less than an hour.
static std::string days_or_hours(std::chrono::seconds time) {
  constexpr std::int64_t hour = 3600;
  constexpr std::int64_t day = 24 * hour;
  const bool is_in_days = time.count() >= 2 * day;
  const std::int64_t count = time.count() / (is_in_days ? day : hour);
  if (count == 0) return {};
  return std::to_string(count) + (is_in_days ? " day" : " hour") + (count == 1 ? "" : "s");
}

std::string certificate_end(std::chrono::seconds left) {
  if (left.count() <= 0) return "has ended";
  const std::string time = days_or_hours(left);
  return time.empty() ? "ends within the hour" : "ends in " + time;
}

std::string certificate_begin(std::chrono::seconds until) {
  const std::string time = days_or_hours(until);
  return "is not valid yet: it begins " + (time.empty() ? "within the hour" : "in " + time);
}

std::string certificate_warning(const AlertFigures& figures) {
  if (!figures.certificate_left) return {};
  const bool is_early = figures.certificate_begins_in.count() > 0;
  if (is_early) {
    return "The TLS certificate " + certificate_begin(figures.certificate_begins_in) +
           ". Is the clock of this machine right? Else give TLS_CERT and TLS_KEY one that is valid.";
  }
  if (!figures.is_certificate_due) return {};
  return "The TLS certificate " + certificate_end(*figures.certificate_left) +
         ". Renew the files of TLS_CERT and TLS_KEY: they are read by themselves.";
}

std::vector<std::string_view> Alerts::names() { return {alert_names.begin(), alert_names.end()}; }

std::vector<AlertChange> Alerts::look(const AlertFigures& figures, Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::vector<AlertChange> changes;
  judge("backup", judge_backup(figures, thresholds_), now, changes);
  judge("certificate", certificate_warning(figures), now, changes);
  judge("database",
        figures.is_database_away ? "The database cannot be reached. dits doctor looks for the reason."
                                 : all_is_well,
        now,
        changes);
  judge("disk", judge_disk(figures, thresholds_), now, changes);
  judge("errors",
        judge_errors(share_of_bad(requests_, figures.requests, figures.failed_requests, now), thresholds_),
        now,
        changes);
  judge("pool",
        judge_pool(share_of_bad(checkouts_, figures.checkouts, figures.wait_us, now), thresholds_),
        now,
        changes);
  judge("redis",
        figures.is_redis_away ? "Redis cannot be reached. Everything works without it, only slower."
                              : all_is_well,
        now,
        changes);
  judge("replicas", judge_replicas(figures, thresholds_), now, changes);
  return changes;
}

std::optional<double> Alerts::share_of_bad(Window& window,
                                           std::uint64_t count,
                                           std::uint64_t bad,
                                           Timestamp now) {
  const Window before = window.began_at ? window : Window{now, count, bad};
  const Timestamp began = before.began_at.value_or(now);
  const std::uint64_t happened = count - before.count;
  const bool is_telling = happened >= telling_count;
  const bool is_over = now.unix_ms - began.unix_ms >= longest_window.count();
  window = is_telling || is_over ? Window{now, count, bad} : before;
  if (is_telling) return static_cast<double>(bad - before.bad) / static_cast<double>(happened);
  return is_over ? std::optional<double>(0.0) : std::nullopt;
}

void Alerts::judge(std::string_view name,
                   const Verdict& summary,
                   Timestamp now,
                   std::vector<AlertChange>& changes) {
  if (!summary) return;
  State& state = states_[name];
  const bool is_crossed = !summary->empty();
  if (is_crossed && state.is_firing) state.alert.summary = *summary;
  if (is_crossed == state.is_firing) {
    state.crossed_at.reset();
    return;
  }
  if (!state.crossed_at) state.crossed_at = now;
  const std::int64_t held_ms = now.unix_ms - state.crossed_at->unix_ms;
  if (held_ms < std::chrono::milliseconds(thresholds_.holds_for).count()) return;
  if (is_crossed) state.alert = {name, *summary, *state.crossed_at, std::nullopt};
  state.is_firing = is_crossed;
  state.crossed_at.reset();
  changes.push_back({state.alert, is_crossed});
  if (is_crossed) return;
  recent_.push_front(state.alert);
  recent_.front().resolved_at = now;
  if (recent_.size() > most_recent) recent_.pop_back();
}

std::vector<Alert> Alerts::firing() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alert> alerts;
  for (const auto& [name, state] : states_) {
    if (state.is_firing) alerts.push_back(state.alert);
  }
  return alerts;
}

std::vector<Alert> Alerts::recent() const {
  const std::lock_guard lock(mutex_);
  return {recent_.begin(), recent_.end()};
}

std::string alert_to_json(const AlertChange& change, const std::string& instance) {
  const Alert& alert = change.alert;
  const std::string state = change.is_firing ? "firing" : "resolved";
  return dump({{"alert", std::string(alert.name)},
               {"state", state},
               {"summary", alert.summary},
               {"text", "DITS " + instance + ": " + (change.is_firing ? "" : "resolved: ") + alert.summary},
               {"since", to_string(alert.since)},
               {"instance", instance}});
}

}  // namespace dits
