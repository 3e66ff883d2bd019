// When alerts fire and when they are taken back.
#include "server/jobs/alerts.hpp"

#include <doctest/doctest.h>

#include "shared/json/value.hpp"

using namespace dits;
using namespace std::chrono_literals;

namespace {

struct Watch {
  AlertThresholds thresholds;
  Alerts alerts{thresholds};
  Timestamp now{1'770'022'800'000};

  std::vector<AlertChange> after(std::chrono::seconds time, const AlertFigures& figures) {
    now.unix_ms += std::chrono::milliseconds(time).count();
    return alerts.look(figures, now);
  }
};

}  // namespace

TEST_CASE("an alert fires once when its threshold stays crossed, and is resolved once") {
  Watch watch;
  AlertFigures full;
  full.disk_free_percent = 4.6;
  AlertFigures roomy;
  roomy.disk_free_percent = 40;
  CHECK(watch.after(0s, full).empty());
  CHECK(watch.after(30s, full).empty());
  const std::vector<AlertChange> fired = watch.after(30s, full);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].alert.name == "disk");
  CHECK(fired[0].is_firing);
  CHECK(fired[0].alert.summary.starts_with("5% "));
  CHECK(fired[0].alert.since.unix_ms == 1'770'022'800'000);
  CHECK(watch.after(600s, full).empty());
  CHECK(watch.alerts.firing().size() == 1);
  CHECK(watch.after(10s, roomy).empty());
  CHECK(watch.alerts.firing().size() == 1);
  const std::vector<AlertChange> resolved = watch.after(60s, roomy);
  REQUIRE(resolved.size() == 1);
  CHECK(!resolved[0].is_firing);
  REQUIRE(watch.alerts.recent().size() == 1);
  CHECK(watch.alerts.recent()[0].name == "disk");
  CHECK(watch.alerts.recent()[0].resolved_at == watch.now);
  CHECK(watch.alerts.firing().empty());
}

TEST_CASE("a threshold that is crossed for a moment only is no alert") {
  Watch watch;
  AlertFigures away;
  away.is_database_away = true;
  for (int i = 0; i < 10; ++i) {
    CHECK(watch.after(40s, away).empty());
    CHECK(watch.after(1s, {}).empty());
  }
}

TEST_CASE("rates are those since the last look, and few requests say nothing") {
  Watch watch;
  AlertFigures figures;
  figures.requests = 100'000;
  figures.failed_requests = 90'000;  // long ago
  CHECK(watch.after(0s, figures).empty());
  figures.requests += 10;
  figures.failed_requests += 10;
  CHECK(watch.after(61s, figures).empty());
  CHECK(watch.after(61s, figures).empty());
  std::size_t fired = 0;
  for (int i = 0; i < 3; ++i) {
    figures.requests += 100;
    figures.failed_requests += 10;
    fired += watch.after(31s, figures).size();
  }
  CHECK(fired == 1);
  CHECK(watch.alerts.firing().at(0).name == "errors");
}

TEST_CASE("requests that all fail are an alert, however few come at once; silence ends it") {
  Watch watch;
  AlertFigures figures;
  std::size_t fired = 0;
  for (int i = 0; i < 60; ++i) {
    figures.requests += 3;
    figures.failed_requests += 3;
    fired += watch.after(5s, figures).size();
  }
  CHECK(fired == 1);
  REQUIRE(watch.alerts.firing().size() == 1);
  CHECK(watch.alerts.firing()[0].summary.starts_with("100% "));
  CHECK(watch.after(300s, figures).empty());
  CHECK(watch.alerts.firing().size() == 1);
  for (int i = 0; i < 200; ++i) watch.after(5s, figures);
  CHECK(watch.alerts.firing().empty());
}

TEST_CASE("a certificate that should have been renewed is told with its days, and no more once it is") {
  Watch watch;
  AlertFigures figures;
  figures.certificate_left = 24h * 5;  // of six: it is renewed every three
  watch.after(0s, figures);
  CHECK(watch.after(60s, figures).empty());
  figures.certificate_left = 24h * 13;
  figures.is_certificate_due = true;
  watch.after(0s, figures);
  const std::vector<AlertChange> fired = watch.after(60s, figures);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].alert.name == "certificate");
  CHECK(fired[0].alert.summary.starts_with("The TLS certificate ends in 13 days. "));
  figures.certificate_left = -1h;
  watch.after(1s, figures);
  CHECK(watch.alerts.firing()[0].summary.starts_with("The TLS certificate has ended. "));
  figures.certificate_left = 24h * 90;
  figures.is_certificate_due = false;
  watch.after(0s, figures);
  CHECK(watch.after(60s, figures).size() == 1);
  CHECK(watch.alerts.firing().empty());
}

TEST_CASE("the end of a certificate is said in days, then in hours") {
  CHECK(certificate_end(24h * 13 + 5h) == "ends in 13 days");
  CHECK(certificate_end(24h * 2 - 1s) == "ends in 47 hours");
  CHECK(certificate_end(1h) == "ends in 1 hour");
  CHECK(certificate_end(59min) == "ends within the hour");
  CHECK(certificate_end(0s) == "has ended");
}

TEST_CASE("backups that fail, are old, or are not wanted") {
  Watch watch;
  AlertFigures figures;
  CHECK(watch.after(0s, figures).empty());
  figures.backup_age = 49h;
  watch.after(0s, figures);
  CHECK(watch.after(60s, figures).size() == 1);
  figures.backup_age = 1h;
  watch.after(0s, figures);
  CHECK(watch.after(60s, figures).size() == 1);
  figures.has_failed_backup = true;
  watch.after(0s, figures);
  CHECK(watch.after(60s, figures).size() == 1);
  AlertThresholds never;
  never.backup_age = 0h;
  Alerts unworried(never);
  AlertFigures old;
  old.backup_age = 9999h;
  unworried.look(old, {1});
  CHECK(unworried.look(old, {1'000'000}).empty());
}

TEST_CASE("a webhook is told which alert, in which state, since when") {
  const AlertChange change{{"disk", "4% of the disk is free.", Timestamp{1'770'022'800'000}}, true};
  const Result<Json> json = parse_json(alert_to_json(change, "http://127.0.0.1:3000"));
  REQUIRE(json);
  CHECK((*json)["alert"] == "disk");
  CHECK((*json)["state"] == "firing");
  CHECK((*json)["since"] == "2026-02-02T09:00:00.000Z");
  CHECK((*json)["text"] == "DITS http://127.0.0.1:3000: 4% of the disk is free.");
}
