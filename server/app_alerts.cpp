// The server watches itself: figures for the alerts, and whom it tells.
#include <algorithm>
#include <filesystem>
#include <optional>

#include "server/app.hpp"
#include "server/base/log.hpp"

namespace dits {

namespace {

std::optional<std::filesystem::space_info> space_of(const std::string& directory) {
  std::error_code problem;
  const std::filesystem::space_info space = std::filesystem::space(directory, problem);
  if (problem || space.capacity == 0) return std::nullopt;
  return space;
}

}  // namespace

void App::add_certificate_figures(AlertFigures& figures) const {
  const auto certificate = server_->certificate_dates();
  if (!certificate) return;
  const Timestamp now = services_.clock.now();
  const auto until = [now](Timestamp time) {
    return std::chrono::seconds((time.unix_ms - now.unix_ms) / 1000);
  };
  figures.certificate_left = until(certificate->ends_at);
  figures.certificate_begins_in = until(certificate->begins_at);
  figures.is_certificate_due = now >= certificate->due_at;
}

// At the start, before an alert has held for long enough.
void App::log_certificate_warning() const {
  AlertFigures figures;
  add_certificate_figures(figures);
  if (const std::string warning = certificate_warning(figures); !warning.empty())
    log::warn("certificate", {{"reason", warning}});
}

AlertFigures App::alert_figures() const {
  AlertFigures figures;
  const PoolFigures pool = database_.pool_figures();
  figures.is_database_away = pool.is_away;
  figures.checkouts = pool.checkouts;
  figures.wait_us = pool.wait_us;
  for (const ReplicaFigures& replica : database_.replica_figures()) {
    if (!replica.is_up) ++figures.replicas_away;
    const auto lag = std::chrono::milliseconds(static_cast<std::int64_t>(replica.lag_seconds * 1000));
    figures.replica_lag = std::max(figures.replica_lag.value_or(lag), lag);
  }
  figures.is_redis_away = redis_ != nullptr && redis_->figures().is_away;
  if (const auto space = space_of(data_dir_)) {
    figures.disk_free_percent =
        100.0 * static_cast<double>(space->available) / static_cast<double>(space->capacity);
  }
  if (backups_) {
    const BackupState backups = backups_->state();
    figures.has_failed_backup = !backups.last_problem.empty();
    if (backups.last_good_at)
      figures.backup_age =
          std::chrono::seconds((services_.clock.now().unix_ms - backups.last_good_at->unix_ms) / 1000);
  }
  add_certificate_figures(figures);
  const http::Metrics::Totals totals = metrics_.totals();
  figures.requests = totals.requests;
  figures.failed_requests = totals.failed;
  return figures;
}

void App::add_alert_metrics(MetricPage& page) const {
  const std::vector<Alert> firing = alerts_.firing();
  for (const std::string_view name : Alerts::names()) {
    const bool is_firing =
        std::any_of(firing.begin(), firing.end(), [&](const Alert& alert) { return alert.name == name; });
    page.add(Metric::alert_firing, {{"alert", name}}, is_firing ? 1 : 0);
  }
  if (const auto space = space_of(data_dir_))
    page.add(Metric::disk_free_bytes, static_cast<double>(space->available));
}

// Alerts are warnings: the server serves, so they degrade it at most.
http::PartState App::alerts_state() const {
  http::PartState state;
  const std::vector<Alert> firing = alerts_.firing();
  state.facts = {{"firing", static_cast<std::int64_t>(firing.size())}};
  if (firing.empty()) return state;
  state.kind = http::PartState::Kind::degraded;
  for (const Alert& alert : firing) state.message += (state.message.empty() ? "" : " ") + alert.summary;
  return state;
}

void App::take_alert_care() {
  for (const AlertChange& change : alerts_.look(alert_figures(), services_.clock.now())) {
    const Alert& alert = change.alert;
    if (change.is_firing) {
      log::warn("alert", {{"name", alert.name}, {"summary", alert.summary}});
    } else {
      log::info("alert resolved", {{"name", alert.name}});
    }
    if (alert_courier_) alert_courier_->tell(alert_to_json(change, url()));
  }
}

}  // namespace dits
