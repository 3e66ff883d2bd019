// The server, put together: from a configuration to a listening socket, in the order in which it reads.
#pragma once

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "server/backup/keeper.hpp"
#include "server/base/config.hpp"
#include "server/cache/credential_memory.hpp"
#include "server/cache/event_bus.hpp"
#include "server/cache/key_value.hpp"
#include "server/cache/names_memory.hpp"
#include "server/cache/rate_limit.hpp"
#include "server/cache/redis_pool.hpp"
#include "server/cache/redis_subscription.hpp"
#include "server/cache/session_cache.hpp"
#include "server/cache/stats_cache.hpp"
#include "server/db/notifications.hpp"
#include "server/db/pooled_database.hpp"
#include "server/db/roll_call.hpp"
#include "server/http/health.hpp"
#include "server/http/metrics.hpp"
#include "server/http/router.hpp"
#include "server/http/server.hpp"
#include "server/http/static_files.hpp"
#include "server/jobs/alert_courier.hpp"
#include "server/jobs/alerts.hpp"
#include "server/jobs/system_samples.hpp"
#include "server/migrate/database_setup.hpp"
#include "server/service/admin.hpp"
#include "server/service/attachment_files.hpp"
#include "server/service/auth.hpp"
#include "server/service/backups.hpp"
#include "server/service/context.hpp"
#include "server/service/passwords.hpp"
#include "server/service/word_keeper.hpp"

namespace dits {

// Everything is a member, so that what is used outlives its users: the order of the members is the order of
// the start.
class App {
 public:
  // Opens the database, migrates, seeds, and takes the port. On the main thread, which also has to run run():
  // PostgreSQL ends with it.
  // `opened_by` command: uses the database of a server that runs already, or starts it.
  static Result<std::unique_ptr<App>> create(const Config& config, OpenedBy opened_by = OpenedBy::server);

  // Serves until SIGTERM or SIGINT, then ends in order within five seconds. A second signal ends the process
  // at once. Errors: internal, when it no longer listens though nobody has stopped it.
  Result<void> run();

  // "http://127.0.0.1:3000".
  std::string url() const { return server_->url(); }
  // The one-time link's secret while there is no account, else empty.
  const std::string& setup_token() const { return setup_token_; }

 private:
  App(const Config& config, DatabasePlace place, PoolOptions pool, std::unique_ptr<RedisPool> redis);

  Result<void> make_setup_link();
  Result<void> listen(const Config& config);
  std::vector<http::Route> all_rows(const Config& config);
  http::RouterOptions router_options(const Config& config, http::TrustedProxies proxies);
  Result<Viewer> authenticate(const http::Credentials& credentials);
  void talk_to_other_instances();
  // What another program, or this one, told over the database.
  void hear(const Notice& notice, Notifications& answers);
  // The way to hear of revocations and names has opened or closed: what is remembered counts for nothing.
  void forget_what_was_remembered();
  void forget_all_names();
  bool hears_everything();
  void write_down_uses();
  // For `dits db info`: what this server is, its pool, its caches, its Redis (null without one).
  std::string figures() const;
  std::vector<http::ReadyCheck> ready_checks(const Config& config);
  Result<void> check_database();
  http::PartState migrations_state();
  http::PartState redis_state() const;
  http::PartState events_state() const;
  void add_database_metrics(MetricPage& page) const;
  void keep_backups(const Config& config);
  void add_backup_metrics(MetricPage& page) const;
  Result<Timestamp> trusted_now();
  void remove_old_things();
  void sweep_files();
  Result<Database*> studio_database();
  void maintain_studio();
  bool watch_until_stopped(int signals, const std::future<void>& served);
  void warn_about_demo(const Config& config);
  void add_cache_metrics(MetricPage& page) const;
  HitFigures session_hits() const;
  // Alerts (app_alerts.cpp).
  AlertFigures alert_figures() const;
  void add_certificate_figures(AlertFigures& figures) const;
  void log_certificate_warning() const;
  void add_alert_metrics(MetricPage& page) const;
  http::PartState alerts_state() const;
  void take_alert_care();
  // The administrator's page (app_system.cpp).
  SystemFigures system_figures() const;
  void take_sample();
  SystemInstance own_instance() const;
  void hear_figures(const std::string& text);
  std::vector<SystemInstance> instances();
  std::vector<SystemStatement> slowest_statements() const;
  SystemOverview system_overview(Timestamp since);
  void stop(std::chrono::steady_clock::time_point deadline);

  DatabasePlace place_;
  std::shared_ptr<const DiskSpace> disk_;  // null: the database is elsewhere
  PooledDatabase database_;
  std::unique_ptr<RedisPool> redis_;  // null without --redis-url
  std::mutex studio_mutex_;
  std::unique_ptr<PooledDatabase> studio_database_;  // made when somebody first opens Studio
  std::unique_ptr<KeyValue> key_value_;
  StatsCache stats_cache_;
  NamesMemory names_memory_;
  WordKeeper words_;
  SharedEventBus event_bus_;
  AttachmentFiles attachment_files_;
  // Of the thread that takes care.
  UnusedFiles unused_files_;
  std::optional<std::chrono::milliseconds> looked_at_clock_;
  ServiceContext services_;
  PasswordHasher passwords_;
  SessionCache session_cache_;
  RollCall roll_call_;
  CredentialMemory credential_memory_;
  AuthContext auth_;
  AdminContext admin_;
  RateLimit heavy_calls_;
  http::Metrics metrics_;
  Alerts alerts_;
  const Timestamp started_at_;
  SystemSamples samples_{http::Metrics::bounds_seconds};
  std::int64_t database_bytes_ = 0;  // of the thread that takes samples
  std::chrono::steady_clock::time_point next_size_look_{};
  std::vector<http::ReadyCheck> parts_;
  std::mutex instances_mutex_;
  // The servers on this database by address and process, and when they were last heard.
  std::map<std::pair<std::string, std::int64_t>,
           std::pair<SystemInstance, std::chrono::steady_clock::time_point>>
      instances_;
  std::chrono::steady_clock::time_point next_ask_{};
  std::optional<AlertCourier> alert_courier_;
  std::string data_dir_;
  std::string cookie_tag_;
  http::StaticFiles static_files_;
  std::unique_ptr<http::Router> router_;
  std::unique_ptr<http::HttpServer> server_;
  std::string setup_token_;
  // Last: their threads use what is above.
  ConnectionOptions listening_;
  std::unique_ptr<Notifications> notifications_;
  std::unique_ptr<RedisSubscription> redis_subscription_;
  std::unique_ptr<BackupKeeper> backups_;
  std::unique_ptr<BackupDesk> backup_desk_;
};

}  // namespace dits
