#include "server/db/notifications.hpp"

#include <array>
#include <chrono>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "server/base/back_off.hpp"
#include "server/base/log.hpp"

namespace dits {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t max_waiting = 10'000;
constexpr std::size_t max_batch = 500;
constexpr std::chrono::milliseconds health_interval = 2s;
constexpr auto health_limit = 1s;
constexpr std::chrono::milliseconds trust_interval = 300ms;  // while somebody wants to know
constexpr auto interest = 2s;                                // for which one question counts
constexpr auto steady_after = 2s;  // a connection that lasted so long was a good one

// A notification outlives nothing and may be lost with the server: no need to wait for the disk.
constexpr const char* no_wait_for_disk = "SET synchronous_commit = off";
constexpr std::string_view notify_all =
    "SELECT count(pg_notify(channel, payload)) FROM unnest($1::text[], $2::text[]) AS one(channel, payload)";

ConnectionOptions with_limits(ConnectionOptions options) {
  options.connect_timeout = 1s;
  options.statement_timeout = 2s;
  return options;
}

std::string array_literal(const std::vector<Notice>& notices, std::string Notice::*part) {
  std::string text = "{";
  for (const Notice& notice : notices) {
    text += text.size() > 1 ? ",\"" : "\"";
    for (const char c : notice.*part) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace

Notifications::Notifications(ConnectionOptions options, std::vector<std::string> channels, Handlers handlers)
    : options_(with_limits(std::move(options))),
      channels_(std::move(channels)),
      handlers_(std::move(handlers)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Notifications::~Notifications() {
  thread_.request_stop();
  wake();
  thread_.join();
  ::close(wake_);
}

void Notifications::send(const std::string& channel, const std::string& payload) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= max_waiting) waiting_.erase(waiting_.begin());
    waiting_.push_back({channel, payload});
  }
  wake();
}

void Notifications::wake() const { ::eventfd_write(wake_, 1); }

void Notifications::clear_wakes() const {
  eventfd_t count = 0;
  ::eventfd_read(wake_, &count);
}

bool Notifications::has_waiting() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void Notifications::pause(std::chrono::milliseconds at_most) const {
  pollfd entry{wake_, POLLIN, 0};
  ::poll(&entry, 1, static_cast<int>(at_most.count()));
  clear_wakes();
}

void Notifications::run(const std::stop_token& stop) {
  BackOff back_off(50ms, 2s);
  while (!stop.stop_requested() || has_waiting()) {
    if (channels_.empty() && !has_waiting()) {
      pause(1h);
      continue;
    }
    const auto start = SteadyClock::now();
    Result<std::unique_ptr<Connection>> connection = Connection::open(options_);
    Result<void> served = connection ? serve(**connection, stop) : connection.error();
    current_until_.store(0, std::memory_order_release);
    if (handlers_.on_state) handlers_.on_state(false);
    if (stop.stop_requested()) return;
    if (SteadyClock::now() - start > steady_after && connection) back_off.reset();
    if (!served && !std::exchange(is_told_lost_, true))
      log::warn("listening to the database ended", {{"reason", served.error().message}});
    // Not cut short by those who send: they can't while the database is away.
    const auto end = SteadyClock::now() + back_off.next();
    while (SteadyClock::now() < end && !stop.stop_requested())
      pause(std::chrono::duration_cast<std::chrono::milliseconds>(end - SteadyClock::now()) + 1ms);
  }
}

bool Notifications::is_current() {
  const auto now = SteadyClock::now().time_since_epoch();
  if (wanted_until_.load(std::memory_order_relaxed) < (now + interest / 2).count())
    wanted_until_.store((now + interest).count(), std::memory_order_relaxed);
  if (now.count() < current_until_.load(std::memory_order_acquire)) return true;
  if (!is_asked_.exchange(true)) wake();
  return false;
}

Result<void> Notifications::serve(Connection& connection, const std::stop_token& stop) {
  TRY(connection.run_script(no_wait_for_disk));
  for (const std::string& channel : channels_) TRY(connection.run_script("LISTEN " + channel));
  if (handlers_.holds_server_lock)
    TRY(connection.run_script("SELECT pg_advisory_lock_shared(" + std::to_string(server_lock) + ")"));
  if (handlers_.on_state) handlers_.on_state(true);
  if (std::exchange(is_told_lost_, false)) log::info("listening to the database again");
  return exchange(connection, stop);
}

// Until the connection is lost (an error), or all is said. What was told before a question was sent comes
// before its answer.
Result<void> Notifications::exchange(Connection& connection, const std::stop_token& stop) {
  SteadyClock::time_point asked{};
  while (true) {
    clear_wakes();
    is_asked_ = false;
    TRY(send_waiting(connection));
    if (stop.stop_requested()) return {};
    const auto now = SteadyClock::now();
    const bool is_wanted = now.time_since_epoch().count() < wanted_until_.load(std::memory_order_relaxed);
    const SteadyClock::time_point next = asked + (is_wanted ? trust_interval : health_interval);
    if (now < next) {
      TRY(handle_notices(connection,
                         std::chrono::duration_cast<std::chrono::milliseconds>(next - now) + 1ms));
      continue;
    }
    asked = now;
    if (!connection.ping(health_limit)) return unavailable("The database does not answer.");
    TRY(handle_notices(connection, 0ms));
    current_until_.store((asked + longest_trust).time_since_epoch().count(), std::memory_order_release);
  }
}

Result<void> Notifications::handle_notices(Connection& connection, std::chrono::milliseconds at_most) {
  for (const Notice& notice : TRY(connection.wait_for_notices(at_most, wake_)))
    handlers_.on_notice(notice, *this);
  return {};
}

Result<void> Notifications::send_waiting(Connection& connection) {
  while (true) {
    std::vector<Notice> batch;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return {};
      const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), max_batch));
      batch.assign(waiting_.begin(), waiting_.begin() + count);
      waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    }
    const Result<Rows> sent = connection.run_once(
        notify_all, {array_literal(batch, &Notice::channel), array_literal(batch, &Notice::payload)});
    if (sent) continue;
    const std::lock_guard lock(mutex_);
    waiting_.insert(waiting_.begin(), batch.begin(), batch.end());
    return sent.error();
  }
}

}  // namespace dits
