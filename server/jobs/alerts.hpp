// Alerts: figures of the server against thresholds. What crosses one and stays there for a while fires, once;
// what comes back for a while is resolved, once.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/time.hpp"

namespace dits {

struct AlertThresholds {
  double disk_free_percent = 10;         // fires below
  double pool_wait_ms = 250;             // mean wait for a database connection; fires above
  double error_percent = 5;              // answers of 5xx among all; fires above
  std::chrono::hours backup_age{48};     // fires above; 0: never
  std::chrono::seconds replica_lag{30};  // fires above
  std::chrono::seconds holds_for{60};    // how long a threshold is crossed before the alert fires
};

// What is looked at. An absent value is not judged, and keeps its alert as it is.
struct AlertFigures {
  bool is_database_away = false;
  bool is_redis_away = false;
  std::optional<double> disk_free_percent;
  // Since the server's start, growing.
  std::uint64_t checkouts = 0;
  std::uint64_t wait_us = 0;
  std::uint64_t requests = 0;
  std::uint64_t failed_requests = 0;
  std::optional<std::chrono::seconds> backup_age;
  bool has_failed_backup = false;  // the last one
  std::optional<std::chrono::milliseconds> replica_lag;
  int replicas_away = 0;
  std::optional<std::chrono::seconds> certificate_left;  // until it ends; absent without TLS
  bool is_certificate_due = false;                       // it should have been renewed
  std::chrono::seconds certificate_begins_in{0};         // more than 0: it is not valid yet
};

struct Alert {
  std::string_view name;  // "disk": stable, a label of the metric
  std::string summary;    // what is wrong and what to do
  Timestamp since;        // the threshold was crossed
  std::optional<Timestamp> resolved_at = {};
};

struct AlertChange {
  Alert alert;
  bool is_firing = true;  // false: resolved
};

// Thread-safe.
class Alerts {
 public:
  explicit Alerts(const AlertThresholds& thresholds) : thresholds_(thresholds) {}

  // Judges the figures of this moment; answers what fired or was resolved by them.
  std::vector<AlertChange> look(const AlertFigures& figures, Timestamp now);

  // Those that fire now, by name.
  std::vector<Alert> firing() const;
  // Those that were resolved since the start, the latest first; at most `most_recent`.
  std::vector<Alert> recent() const;
  static constexpr std::size_t most_recent = 20;
  // All names there are, for figures that say 0 as well.
  static std::vector<std::string_view> names();

 private:
  struct State {
    bool is_firing = false;
    std::optional<Timestamp> crossed_at;  // in a row, against is_firing
    Alert alert;
  };
  // Two growing figures, what happened and how much of it is bad, as they were at the last verdict.
  struct Window {
    std::optional<Timestamp> began_at;
    std::uint64_t count = 0;
    std::uint64_t bad = 0;
  };
  // Bad ones for each that happened since the last verdict. Absent: so few that nobody knows yet; 0 when it
  // stays at that for long.
  static std::optional<double> share_of_bad(Window& window,
                                            std::uint64_t count,
                                            std::uint64_t bad,
                                            Timestamp now);

  // `summary` empty: all is well; nullopt: nobody knows.
  void judge(std::string_view name,
             const std::optional<std::string>& summary,
             Timestamp now,
             std::vector<AlertChange>& changes);

  const AlertThresholds thresholds_;
  mutable std::mutex mutex_;
  std::map<std::string_view, State> states_;
  Window checkouts_;
  Window requests_;
  std::deque<Alert> recent_;
};

// "ends in 9 days", "ends in 5 hours", "has ended": what is said of a certificate.
std::string certificate_end(std::chrono::seconds left);

// "is not valid yet: it begins in 5 hours".
std::string certificate_begin(std::chrono::seconds until);
// The sentence of an alert, or empty: all is well.
std::string certificate_warning(const AlertFigures& figures);

// {"alert":"disk","state":"firing","summary":"…","text":"…","since":"2026-…Z","instance":"…"}: what a webhook
// receives; "text" is what chat programs show.
std::string alert_to_json(const AlertChange& change, const std::string& instance);

}  // namespace dits
