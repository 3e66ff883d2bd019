#include "server/app.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "server/api/all_routes.hpp"
#include "server/api/idempotent.hpp"
#include "server/base/clock.hpp"
#include "server/base/log.hpp"
#include "server/http/health.hpp"
#include "server/seed/seed.hpp"
#include "server/service/accounts.hpp"

namespace dits {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto request_budget = 2000ms;  // for running requests to finish
constexpr auto shutdown_budget = 3800ms;
constexpr auto ready_limit = 500ms;
constexpr auto pool_care = 5s;
constexpr auto credential_care = 1h;
constexpr double heavy_burst = 60;
constexpr double heavy_per_second = 10;

sigset_t watched_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::sigaddset(&signals, signal);
  return signals;
}

Result<std::unique_ptr<KeyValue>> make_key_value(const Config& config) {
  if (config.redis_url.is_empty()) return make_memory_key_value();
  return make_redis_key_value(config.redis_url);
}

// Below this PostgreSQL soon refuses writes.
constexpr std::uintmax_t disk_reserve_bytes = 64 * 1024 * 1024;

Result<void> check_disk(const std::string& directory) {
  std::error_code problem;
  const std::filesystem::space_info space = std::filesystem::space(directory, problem);
  // With an external database there may be no data directory yet.
  if (problem || space.available >= disk_reserve_bytes) return {};
  return unavailable(
      "The disk of the data directory is nearly full; writes will be refused until there is room.");
}

bool is_loopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

void warn_about_exposure(const Config& config) {
  if (is_loopback(config.host) || config.is_tls() || !config.trusted_proxies.empty()) return;
  log::warn("plain HTTP on a public address: passwords travel in the clear; use --tls-cert or a proxy",
            {{"host", config.host}});
}

}  // namespace

Result<std::unique_ptr<App>> App::create(const Config& config) {
  DatabasePlace place = TRY(open_database_place(config, OpenedBy::server));
  TRY(bring_up_to_date(place, config));
  PoolOptions pool = TRY(pool_options_for(place, config));
  std::unique_ptr<KeyValue> key_value = TRY(make_key_value(config));

  // From here on there may be threads: they inherit that signals wait for the main thread.
  const sigset_t signals = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto app = std::unique_ptr<App>(new App(config, std::move(place), std::move(pool), std::move(key_value)));
  if (config.seed) TRY(seed_demo(app->services_, app->passwords_));
  if (config.exit_when_ready) return app;
  app->setup_token_ = TRY(create_setup_token(app->services_)).value_or("");
  TRY(app->listen(config));
  warn_about_exposure(config);
  app->warn_about_demo(config);
  return app;
}

App::App(const Config& config, DatabasePlace place, PoolOptions pool, std::unique_ptr<KeyValue> key_value)
    : place_(std::move(place)),
      database_(std::move(pool), {std::chrono::milliseconds(config.slow_query_ms), config.dev}),
      key_value_(std::move(key_value)),
      event_bus_(make_local_event_bus()),
      services_{database_, system_clock(), *event_bus_},
      session_cache_(*key_value_),
      auth_{services_, passwords_, session_cache_, config.open_registration},
      heavy_calls_(heavy_burst, heavy_per_second) {
  metrics_.add_source([this] { return database_metrics(); });
}

Result<void> App::listen(const Config& config) {
  http::TrustedProxies proxies = TRY(http::TrustedProxies::parse(config.trusted_proxies));
  router_ = std::make_unique<http::Router>(router_options(config, std::move(proxies)));
  http::ServerOptions options;
  options.host = config.host;
  options.port = config.port;
  options.tls_certificate = config.tls_cert;
  options.tls_key = config.tls_key;
  server_ = std::make_unique<http::HttpServer>(std::move(options), *router_, metrics_);
  TRY(server_->bind());
  return {};
}

std::vector<http::Route> App::all_rows(const Config& config) {
  std::vector<http::Route> rows = all_routes(services_, auth_);
  std::vector<http::ReadyCheck> checks{
      {"database", [this] { return check_database(); }},
      {"disk", [directory = std::string(config.data_dir)] { return check_disk(directory); }}};
  for (http::Route& row : http::health_routes(metrics_, std::move(checks))) rows.push_back(std::move(row));
  return rows;
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

Result<void> App::check_database() {
  const Lease lease =
      TRY(database_.pool().checkout(Pool::Priority::system, SteadyClock::now() + ready_limit));
  if (lease->ping(ready_limit)) return {};
  return unavailable("The database does not answer.");
}

std::string App::database_metrics() const {
  const PoolFigures pool = database_.pool_figures();
  std::string text =
      http::metric_lines("dits_pool_connections", "gauge", "Open database connections.", pool.size) +
      http::metric_lines("dits_pool_connections_max", "gauge", "Database connections allowed.", pool.max) +
      http::metric_lines("dits_pool_idle", "gauge", "Open connections that nobody uses.", pool.idle) +
      http::metric_lines("dits_pool_waiting", "gauge", "Requests that wait for a connection.", pool.waiting) +
      http::metric_lines(
          "dits_pool_checkouts_total", "counter", "Connections lent.", static_cast<double>(pool.checkouts)) +
      http::metric_lines("dits_pool_waits_total",
                         "counter",
                         "Checkouts that had to wait.",
                         static_cast<double>(pool.waits)) +
      http::metric_lines("dits_pool_wait_seconds_total",
                         "counter",
                         "Time waited.",
                         static_cast<double>(pool.wait_us) / 1e6) +
      http::metric_lines("dits_pool_timeouts_total",
                         "counter",
                         "Checkouts that waited in vain.",
                         static_cast<double>(pool.timeouts)) +
      http::metric_lines("dits_pool_reconnects_total",
                         "counter",
                         "Dead connections replaced.",
                         static_cast<double>(pool.reconnects)) +
      http::metric_lines(
          "dits_database_away", "gauge", "1 while the database can't be reached.", pool.is_away ? 1 : 0);
  text +=
      "# HELP dits_statement_seconds_total Time spent in each SQL statement.\n# TYPE "
      "dits_statement_seconds_total counter\n";
  const std::vector<StatementFigures> statements = database_.statement_stats().all();
  for (const StatementFigures& one : statements) {
    text += "dits_statement_seconds_total{statement=\"" + one.name + "\"} " +
            std::to_string(static_cast<double>(one.total_us) / 1e6) + "\n";
  }
  text +=
      "# HELP dits_statement_calls_total Calls of each SQL statement.\n# TYPE dits_statement_calls_total "
      "counter\n";
  for (const StatementFigures& one : statements) {
    text += "dits_statement_calls_total{statement=\"" + one.name + "\"} " + std::to_string(one.calls) + "\n";
  }
  return text;
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
  const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  std::promise<void> served;
  const std::future<void> all_served = served.get_future();
  std::thread server([this, &served] {
    server_->run();
    served.set_value();
  });

  const bool is_asked_to = watch_until_stopped(descriptor, all_served);
  ::close(descriptor);
  // A second Ctrl-C ends us at once; PostgreSQL then ends by itself.
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  const auto start = SteadyClock::now();
  log::info("stopping");
  event_bus_->stop();
  server_->stop();
  if (all_served.wait_for(request_budget) == std::future_status::timeout) {
    log::warn("requests are still running and are cut off");
    stop(start + shutdown_budget);
    std::_Exit(0);  // their threads still use what would be destroyed
  }
  server.join();
  stop(start + shutdown_budget);
  if (!is_asked_to)
    return internal("The server can't take connections any more and has stopped; start it again.");
  return {};
}

// Looks after PostgreSQL and the pool until a signal says to stop: true; or until nobody listens any more.
bool App::watch_until_stopped(int signals, const std::future<void>& served) {
  auto next_pool_care = SteadyClock::now();
  auto next_credential_care = SteadyClock::now() + credential_care;
  std::future<void> care;
  while (true) {
    auto pause = std::chrono::milliseconds(1000);
    if (place_.cluster) pause = std::min(pause, place_.cluster->watch());
    pollfd entry{signals, POLLIN, 0};
    ::poll(&entry, 1, static_cast<int>(pause.count()));
    signalfd_siginfo info{};
    while (::read(signals, &info, sizeof info) == sizeof info) {
      if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT || info.ssi_signo == SIGHUP) return true;
    }
    if (served.wait_for(0s) == std::future_status::ready) return false;
    // Not on this thread: a database that is away must not keep us from starting it again.
    const bool is_free = !care.valid() || care.wait_for(0s) == std::future_status::ready;
    if (is_free && SteadyClock::now() >= next_pool_care) {
      next_pool_care = SteadyClock::now() + pool_care;
      const bool is_credential_time = SteadyClock::now() >= next_credential_care;
      if (is_credential_time) next_credential_care = SteadyClock::now() + credential_care;
      care = std::async(std::launch::async, [this, is_credential_time] {
        database_.pool().maintain();
        if (!is_credential_time) return;
        if (const auto done = forget_ended_credentials(services_); !done)
          log::warn("cannot forget ended credentials", {{"reason", done.error().message}});
      });
    }
  }
}

void App::stop(SteadyClock::time_point deadline) {
  database_.pool().close_idle();
  if (!place_.cluster) return;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  place_.cluster->stop(std::max(left, std::chrono::milliseconds(500)));
  log::info("stopped");
}

}  // namespace dits
