#include "server/app.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <system_error>
#include <thread>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "server/api/all_routes.hpp"
#include "server/api/idempotent.hpp"
#include "server/app_commit_marks.hpp"
#include "server/app_starting.hpp"
#include "server/base/clock.hpp"
#include "server/base/clock_witness.hpp"
#include "server/base/log.hpp"
#include "server/embedded/subprocess.hpp"
#include "server/http/outgoing.hpp"
#include "server/migrate/roles.hpp"
#include "server/seed/seed.hpp"
#include "server/service/accounts.hpp"
#include "server/service/aging.hpp"
#include "server/service/attachments.hpp"
#include "server/service/channels.hpp"
#include "server/service/trash.hpp"

namespace dits {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto request_budget = 2000ms;  // for running requests to finish
constexpr auto shutdown_budget = 3800ms;
constexpr auto pool_care = 5s;
constexpr auto hourly_care = 1h;
constexpr auto sweep_pause = 10min;
constexpr int studio_connections = 4;
constexpr CallRate heavy_calls{60, 10};

// Where instances tell each other of changes over Redis: "<user> <change_id>".
constexpr const char* redis_channel = "dits:changes";

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::sigaddset(&signals, signal);
  return signals;
}

Result<std::unique_ptr<RedisPool>> open_redis_of(const Config& config) {
  if (config.redis_url.is_empty()) return std::unique_ptr<RedisPool>();
  RedisPoolOptions options;
  options.doubtful_keys = {name_in_redis(SessionCache::lease_key)};
  return open_redis(config.redis_url, std::move(options));
}

std::unique_ptr<KeyValue> key_value_over(RedisPool* redis) {
  return redis == nullptr ? make_memory_key_value() : make_redis_key_value(*redis);
}

bool is_loopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

AlertThresholds thresholds_of(const Config& config) {
  AlertThresholds thresholds;
  thresholds.disk_free_percent = config.alert_disk_free_percent;
  thresholds.pool_wait_ms = config.alert_pool_wait_ms;
  thresholds.error_percent = config.alert_error_percent;
  thresholds.backup_age = std::chrono::hours(config.alert_backup_age_hours);
  thresholds.replica_lag = std::chrono::seconds(config.alert_replica_lag_seconds);
  thresholds.holds_for = std::chrono::seconds(config.alert_hold_seconds);
  return thresholds;
}

void warn_about_exposure(const Config& config) {
  if (is_loopback(config.host) || config.is_tls() || !config.trusted_proxies.empty()) return;
  log::warn("plain HTTP on a public address: passwords travel in the clear; use --tls-cert or a proxy",
            {{"host", config.host}});
}

}  // namespace

Result<std::unique_ptr<App>> App::create(const Config& config, OpenedBy opened_by) {
  std::optional<StartingServer> starting;
  const ShowUpgrade show = [&](const UpgradeProgress& progress) {
    if (!starting && !config.exit_when_ready) starting.emplace(config);
    if (starting) starting->show(progress);
  };
  DatabasePlace place = TRY(open_database_place(config, opened_by, show));
  starting.reset();
  TRY(bring_up_to_date(place, config, DirectoryUse::files));
  PoolOptions pool = TRY(pool_options_for(place, config));

  // From here on there may be threads: they inherit that signals wait for the main thread.
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::unique_ptr<RedisPool> redis = TRY(open_redis_of(config));
  auto app = std::unique_ptr<App>(new App(config, std::move(place), std::move(pool), std::move(redis)));
  if (config.seed) {
    const SeedSummary added = TRY(seed_demo(app->services_, app->passwords_));
    log::info(added.is_empty() ? "all of the demo data was there" : "demo data added",
              {{"account", demo_email}, {"issues", added.issues}});
  }
  if (config.exit_when_ready) return app;
  app->cookie_tag_ = TRY(installation_tag(app->place_, config));
  TRY(app->make_setup_link());
  TRY(app->listen(config));
  app->keep_backups(config);
  warn_about_exposure(config);
  app->warn_about_demo(config);
  return app;
}

App::App(const Config& config, DatabasePlace place, PoolOptions pool, std::unique_ptr<RedisPool> redis)
    : place_(std::move(place)),
      disk_(pool.disk),
      database_(pool, {std::chrono::milliseconds(config.slow_query_ms), config.dev}),
      redis_(std::move(redis)),
      key_value_(key_value_over(redis_.get())),
      stats_cache_(*key_value_),
      names_memory_([this] { return hears_everything(); }),
      words_(database_),
      attachment_files_(attachment_files_for(config)),
      services_{database_,
                system_clock(),
                event_bus_,
                &stats_cache_,
                nullptr,
                &attachment_files_,
                &names_memory_,
                &words_},
      session_cache_(redis_ ? key_value_.get() : nullptr),
      roll_call_(database_, calls_channel, answers_channel),
      credential_memory_({[this] { return hears_everything(); }, [this] { roll_call_.wait(); }}),
      auth_{services_, passwords_, session_cache_, config.open_registration, &credential_memory_},
      admin_{services_,
             database_,
             &session_cache_,
             [this] { return studio_database(); },
             [this](Timestamp since) { return Result<SystemOverview>(system_overview(since)); },
             &credential_memory_},
      heavy_calls_("heavy", heavy_calls, key_value_.get()),
      alerts_(thresholds_of(config)),
      started_at_(services_.clock.now()),
      data_dir_(config.data_dir) {
  if (!config.alert_webhook_url.is_empty()) {
    alert_courier_.emplace([webhook = config.alert_webhook_url](const std::string& json) {
      return http::post_json(webhook, json);
    });
  }
  listening_ = std::move(pool.connection);
  listening_.application_name = "dits-events";
  metrics_.add_source([this](MetricPage& page) { add_database_metrics(page); });
  metrics_.add_source([this](MetricPage& page) { add_cache_metrics(page); });
  metrics_.add_source([this](MetricPage& page) { add_alert_metrics(page); });
  if (!config.database_replica_urls.empty()) {
    database_.use_replicas(
        replica_options_for(config),
        redis_ ? make_shared_commit_marks(*redis_, *key_value_) : make_local_commit_marks());
  }
}

// On a full disk what is there is served all the same; a database that is silent for a moment is waited for.
Result<void> App::make_setup_link() {
  const auto deadline = SteadyClock::now() + 30s;
  Result<std::optional<std::string>> link = create_setup_token(services_);
  for (; !link && link.error().kind == "database_away" && SteadyClock::now() < deadline;
       std::this_thread::sleep_for(50ms))
    link = create_setup_token(services_);
  if (link) {
    setup_token_ = std::move(link).value().value_or("");
  } else if (link.error().kind == "disk_full") {
    log::warn("started on a full disk", {{"reason", link.error().message}});
  } else {
    return std::move(link).error();
  }
  return {};
}

Result<void> App::listen(const Config& config) {
  http::TrustedProxies proxies = TRY(http::TrustedProxies::parse(config.trusted_proxies));
  router_ = std::make_unique<http::Router>(router_options(config, std::move(proxies)));
  http::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.tls_certificate = config.tls_cert;
  options.tls_key = config.tls_key;
  // Whoever is at work beyond these would wait for a connection or a processor.
  options.busy_workers = std::max<std::size_t>(static_cast<std::size_t>(config.database_pool_max),
                                               2UL * std::thread::hardware_concurrency());
  server_ = std::make_unique<http::HttpServer>(std::move(options), *router_, metrics_);
  TRY(server_->bind());
  log_certificate_warning();
  talk_to_other_instances();
  return {};
}

std::vector<http::Route> App::all_rows(const Config& config) {
  std::vector<http::Route> rows = all_routes(services_, auth_, admin_);
  parts_ = ready_checks(config);
  for (http::Route& row : http::health_routes(metrics_, parts_)) rows.push_back(std::move(row));
  return rows;
}

// Opens the ways by which instances tell each other of changes and revocations. A change goes over Redis when
// there is one, and over the database when Redis can't take it, so both are listened to.
void App::talk_to_other_instances() {
  event_bus_.set_open("database", false);
  if (redis_) {
    event_bus_.set_open("redis", false);
    event_bus_.add_courier([this](const std::string& message) {
      return redis_->run({"PUBLISH", redis_channel, message}).has_value();
    });
    redis_subscription_ = std::make_unique<RedisSubscription>(
        redis_->url(),
        redis_channel,
        RedisSubscription::Handlers{[this](std::string_view message) { event_bus_.receive(message); },
                                    [this](bool is_open) { event_bus_.set_open("redis", is_open); }});
  }
  event_bus_.add_courier([this](const std::string& message) {
    notifications_->send(changes_channel, message);
    return true;
  });
  std::vector<std::string> channels{
      changes_channel, revocations_channel, names_channel, ask_channel, figures_channel};
  for (const std::string& channel : roll_call_.channels()) channels.push_back(channel);
  const auto on_notice = [this](const Notice& notice, Notifications& answers) { hear(notice, answers); };
  const auto on_state = [this](bool is_open) {
    forget_what_was_remembered();
    event_bus_.set_open("database", is_open);
  };
  notifications_ = std::make_unique<Notifications>(
      listening_, std::move(channels), Notifications::Handlers{on_notice, on_state, true});
}

bool App::hears_everything() { return notifications_ && notifications_->is_current(); }

void App::write_down_uses() {
  const Result<void> written = auth_.uses.write_down(database_);
  // A full disk is told by /readyz and the alerts.
  if (!written && written.error().kind != "disk_full")
    log::warn("uses of sessions and tokens wait", {{"reason", written.error().message}});
}

http::RouterOptions App::router_options(const Config& config, http::TrustedProxies proxies) {
  http::RouterOptions options;
  options.routes = all_rows(config);
  options.authenticate = [this](const http::Credentials& credentials) { return authenticate(credentials); };
  options.run_idempotent = [this](const http::Request& request, const http::Handler& handler) {
    return run_idempotent(services_, request, handler);
  };
  options.admit_heavy = [this](const Viewer& viewer) { return heavy_calls_.take(to_string(viewer.user_id)); };
  options.trusted_proxies = std::move(proxies);
  options.cookie_tag = cookie_tag_;
  options.allowed_origins = config.allowed_origins;
  options.static_files = &static_files_;
  return options;
}

Result<Viewer> App::authenticate(const http::Credentials& credentials) {
  Viewer viewer = TRY(credentials.bearer.empty() ? viewer_of_session(auth_, credentials.session)
                                                 : viewer_of_token(auth_, credentials.bearer));
  viewer.ip_address = credentials.ip_address;
  viewer.user_agent = credentials.user_agent;
  viewer.request_id = credentials.request_id;
  return viewer;
}

Result<Database*> App::studio_database() {
  const std::lock_guard lock(studio_mutex_);
  if (!studio_database_) {
    PoolOptions options;
    options.connection = TRY(studio_connection(place_.owner_url));
    options.min = 0;
    options.max = studio_connections;
    options.disk = disk_;
    studio_database_ = std::make_unique<PooledDatabase>(std::move(options), StatementLog{});
  }
  return studio_database_.get();
}

void App::maintain_studio() {
  const std::lock_guard lock(studio_mutex_);
  if (studio_database_) studio_database_->pool().maintain();
}

// Its password is in the documentation. A proxy or TLS makes no difference: whoever is let through may try
// it.
void App::warn_about_demo(const Config& config) {
  const bool is_reachable =
      !is_loopback(config.host) || !config.trusted_proxies.empty() || !config.allowed_origins.empty();
  if (!is_reachable || !find_account(services_, std::string(demo_email))) return;
  log::warn(
      "the demo account with its known password can be reached from outside; give it another one: dits user "
      "passwd",
      {{"account", demo_email}});
}

Result<void> App::run() {
  const sigset_t signals = watched_signals();
  const FileDescriptor descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor.is_open()) return system_error("cannot wait for signals");
  std::promise<void> served;
  const std::future<void> all_served = served.get_future();
  std::thread server([this, &served] {
    server_->run();
    served.set_value();
  });

  const bool is_asked_to = watch_until_stopped(descriptor.get(), all_served);
  // A second Ctrl-C ends us at once; PostgreSQL then ends by itself.
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  const auto start = SteadyClock::now();
  log::info("stopping");
  if (backups_) backups_->ask_to_stop();
  words_.ask_to_stop();
  event_bus_.stop();
  server_->stop();
  if (all_served.wait_for(request_budget) == std::future_status::timeout) {
    log::warn("requests are still running and are cut off");
    stop(start + shutdown_budget);
    std::_Exit(0);  // their threads still use what would be destroyed
  }
  server.join();
  write_down_uses();
  redis_subscription_.reset();
  notifications_.reset();
  stop(start + shutdown_budget);
  if (!is_asked_to)
    return internal("The server can't take connections any more and has stopped; start it again.");
  return {};
}

Result<Timestamp> App::trusted_now() {
  const auto running = machine_running_time();
  const auto ran = looked_at_clock_ ? std::optional(running - *looked_at_clock_) : std::nullopt;
  const Timestamp now = TRY(look_at_clock(services_, ran));
  looked_at_clock_ = running;
  return now;
}

void App::remove_old_things() {
  const Result<Timestamp> now = trusted_now();
  if (!now) return log::warn("cannot remove what is old", {{"reason", now.error().message}});
  if (const auto done = forget_ended_credentials(services_, *now); !done)
    log::warn("cannot forget ended credentials", {{"reason", done.error().message}});
  const Result<std::int64_t> purged = purge_expired_trash(services_, *now);
  if (!purged) {
    log::warn("cannot purge the trash", {{"reason", purged.error().message}});
  } else if (*purged > 0) {
    log::info("purged what was in the trash for 30 days", {{"things", *purged}});
  }
}

// The clock is looked at as often, so that a jump is seen soon.
void App::sweep_files() {
  if (const auto now = trusted_now(); !now)
    log::warn("cannot look at the clock", {{"reason", now.error().message}});
  const Result<std::int64_t> removed = remove_unused_files(services_, unused_files_, SteadyClock::now());
  if (!removed) {
    log::warn("cannot remove unused files", {{"reason", removed.error().message}});
  } else if (*removed > 0) {
    log::info("removed files of purged attachments", {{"files", *removed}});
  }
}

// Looks after PostgreSQL and the pool until a signal says to stop: true; or until nobody listens any more.
bool App::watch_until_stopped(int signals, const std::future<void>& served) {
  auto next_pool_care = SteadyClock::now();
  auto next_removal = SteadyClock::now() + hourly_care;
  auto next_sweep = SteadyClock::now();
  // To a service SIGHUP says that its files are others; to what was started by hand, that its terminal is
  // gone.
  const bool has_terminal = ::isatty(STDIN_FILENO) == 1 || ::isatty(STDERR_FILENO) == 1;
  std::future<void> care;
  while (true) {
    auto pause = std::chrono::milliseconds(1000);
    if (place_.cluster) pause = std::min(pause, place_.cluster->watch());
    pollfd entry{signals, POLLIN, 0};
    ::poll(&entry, 1, static_cast<int>(pause.count()));
    embedded::reap_orphans();
    signalfd_siginfo info{};
    while (::read(signals, &info, sizeof info) == sizeof info) {
      const bool means_reload = info.ssi_signo == SIGHUP && !has_terminal;
      if (means_reload) server_->reload_certificate(true);
      if (info.ssi_signo == SIGCHLD || means_reload) continue;
      event_bus_.stop();  // care that is under way is waited for, and looks at it
      return true;
    }
    if (served.wait_for(0s) == std::future_status::ready) return false;
    // Not on this thread: a database that is away must not keep us from starting it again.
    const bool is_free = !care.valid() || care.wait_for(0s) == std::future_status::ready;
    if (is_free && SteadyClock::now() >= next_pool_care) {
      next_pool_care = SteadyClock::now() + pool_care;
      const bool is_hour_over = SteadyClock::now() >= next_removal;
      if (is_hour_over) next_removal = SteadyClock::now() + hourly_care;
      const bool is_sweep_due = SteadyClock::now() >= next_sweep;
      if (is_sweep_due) next_sweep = SteadyClock::now() + sweep_pause;
      const auto take_care = [this, is_hour_over, is_sweep_due] {
        take_sample();
        server_->reload_certificate(false);
        database_.maintain();
        maintain_studio();
        write_down_uses();
        if (const auto done = settle_all_waiting_changes(services_); !done)
          log::warn("entries of the log wait", {{"reason", done.error().message}});
        take_alert_care();
        if (is_hour_over) remove_old_things();
        if (is_sweep_due) sweep_files();
      };
      try {
        care = std::async(std::launch::async, take_care);
      } catch (const std::system_error& error) {  // no more threads to be had
        log::warn("cannot look after the database now", {{"reason", error.what()}});
      }
    }
  }
}

void App::stop(SteadyClock::time_point deadline) {
  database_.pool().close_idle();
  if (const std::lock_guard lock(studio_mutex_); studio_database_) studio_database_->pool().close_idle();
  if (!place_.cluster) return;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  place_.cluster->stop(std::max(left, std::chrono::milliseconds(500)));
  log::info("stopped");
}

}  // namespace dits
