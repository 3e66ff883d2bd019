#include "server/db/pool.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <random>

#include "server/base/log.hpp"
#include "server/base/request_patience.hpp"
#include "server/db/sql_error.hpp"

namespace dits {

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds trusted_idle{
    30};  // a remote connection idle for longer is asked before it is lent
// One that is lent again so soon is not looked at: should the server have closed it meanwhile, its user finds
// out and takes another one, which then is.
constexpr milliseconds hardly_idle{100};
constexpr milliseconds ping_limit{500};
constexpr milliseconds short_wait{350};        // for a database that has been away for long
constexpr milliseconds last_wait{100};         // for a connection, in a request that has waited for long
constexpr milliseconds shortest_attempt{100};  // to connect, for one whose patience is over
constexpr milliseconds shortest_back_off{25};
constexpr milliseconds longest_back_off{500};

// Doubles with each failure; a random fifth keeps many servers from knocking at the same moment.
milliseconds back_off(int failures) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto base = std::min(longest_back_off, shortest_back_off * (1 << std::min(failures, 6)));
  return base + milliseconds(std::uniform_int_distribution<std::int64_t>(0, base.count() / 5)(random));
}

std::uint64_t us_since(SteadyClock::time_point start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start).count());
}

}  // namespace

Lease::Lease(Pool* pool, std::unique_ptr<Connection> connection)
    : pool_(pool), connection_(std::move(connection)) {}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    give_back();
    pool_ = other.pool_;
    connection_ = std::move(other.connection_);
  }
  return *this;
}

Lease::~Lease() { give_back(); }

void Lease::give_back() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Pool::Pool(PoolOptions options)
    : options_(std::move(options)),
      watch_([this] { return Connection::server_answers(options_.connection, ServerWatch::probe_limit); },
             [this] { note_silence(); }) {
  figures_.max = options_.max;
  knocker_ = std::thread([this] { keep_knocking(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  knocking_.notify_one();
  knocker_.join();
}

Pool::TimePoint Pool::deadline_from_now() const {
  const TimePoint now = SteadyClock::now();
  return std::max(RequestPatience::began().value_or(now) + options_.wait_limit, now + last_wait);
}

bool Pool::may_take(Priority priority) const {
  const int reserved = priority == Priority::ordinary && options_.max >= 3 ? 1 : 0;
  return lent_ + opening_ < options_.max - reserved;
}

// A server that lets no more connections in is there as long as it answers over those that we have.
bool Pool::is_away() const { return failures_ > 0 && watch_.heard_at() <= failed_at_; }

void Pool::note_failure() {
  ++failures_;
  failed_at_ = SteadyClock::now();
  next_attempt_ = failed_at_ + back_off(failures_);
  knocking_.notify_one();
}

// Until when it is worth waiting. A request asks for several connections in turn: only the first one of those
// that find the database away waits for long.
Pool::TimePoint Pool::patience(TimePoint start, TimePoint deadline) const {
  if (!is_away()) return deadline;
  const TimePoint began = RequestPatience::began().value_or(start);
  return std::min({deadline,
                   began + options_.wait_limit,
                   std::max(start + short_wait, away_since_ + options_.wait_limit)});
}

Result<Lease> Pool::checkout(Priority priority, TimePoint deadline, const std::optional<Actor>& reader) {
  const TimePoint start = SteadyClock::now();
  std::unique_lock lock(mutex_);
  ++figures_.checkouts;
  bool has_waited = false;
  while (true) {
    if (may_take(priority)) {
      if (auto connection = take_idle(lock, reader)) return Lease(this, std::move(connection));
      if (failures_ == 0) {
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
        auto opened = open_one(lock, std::clamp(left, shortest_attempt, options_.connection.connect_timeout));
        if (opened) return Lease(this, std::move(opened).value());
        if (opened.error().code == ErrorCode::invalid) return std::move(opened).error();
        continue;
      }
    }
    const TimePoint now = SteadyClock::now();
    const TimePoint limit = patience(start, deadline);
    if (now >= limit) {
      ++figures_.timeouts;
      if (is_away()) return database_away();
      return unavailable(
          "The server is busy: every database connection is in use. Please try again shortly.");
    }
    if (!has_waited) ++figures_.waits;
    has_waited = true;
    ++figures_.waiting;
    std::unique_ptr<Connection> given = wait(lock, priority, limit);
    --figures_.waiting;
    figures_.wait_us += us_since(std::max(start, now));
    if (given) return Lease(this, std::move(given));
  }
}

// What was handed over, counted as lent; nothing when the time is over or there is a reason to look again.
std::unique_ptr<Connection> Pool::wait(std::unique_lock<std::mutex>& lock,
                                       Priority priority,
                                       TimePoint until) {
  const auto waiter = std::make_shared<Waiter>();
  Waiters& waiters = priority == Priority::system ? system_waiters_ : ordinary_waiters_;
  waiters.push_back(waiter);
  if (failures_ > 0) knocking_.notify_one();
  waiter->wake.wait_until(lock, until, [&] { return waiter->given || waiter->is_called; });
  if (!waiter->given) std::erase(waiters, waiter);
  return std::move(waiter->given);
}

// Those of whom the first is next, and may be served now; null when there is nobody.
Pool::Waiters* Pool::next_waiters() {
  if (!system_waiters_.empty() && may_take(Priority::system)) return &system_waiters_;
  if (!ordinary_waiters_.empty() && may_take(Priority::ordinary)) return &ordinary_waiters_;
  return nullptr;
}

// A connection that nobody has goes to whoever is next, to be woken by the caller without the lock, or is
// idle.
std::shared_ptr<Pool::Waiter> Pool::offer(std::unique_ptr<Connection> connection) {
  Waiters* const waiters = next_waiters();
  if (waiters == nullptr) {
    idle_.push_back({std::move(connection), SteadyClock::now()});
    return nullptr;
  }
  std::shared_ptr<Waiter> first = std::move(waiters->front());
  waiters->pop_front();
  first->given = std::move(connection);
  ++lent_;
  return first;
}

// Something has changed other than that a connection came back: everybody looks again.
void Pool::call_waiters() {
  for (const Waiters* waiters : {&system_waiters_, &ordinary_waiters_}) {
    for (const std::shared_ptr<Waiter>& waiter : *waiters) {
      waiter->is_called = true;
      waiter->wake.notify_one();
    }
  }
}

// Of the idle connections whose session is the reader's, else of all, the one that was used last, when it is
// alive. Counts it as lent.
std::unique_ptr<Connection> Pool::take_idle(std::unique_lock<std::mutex>& lock,
                                            const std::optional<Actor>& reader) {
  while (!idle_.empty()) {
    const auto fits = [&](const Idle& idle) { return reader && idle.connection->reader() == reader; };
    const auto fitting = std::find_if(idle_.rbegin(), idle_.rend(), fits);
    const auto chosen = fitting == idle_.rend() ? std::prev(idle_.end()) : std::prev(fitting.base());
    Idle candidate = std::move(*chosen);
    idle_.erase(chosen);
    const auto idle_for = SteadyClock::now() - candidate.since;
    ++lent_;
    if (idle_for < hardly_idle && candidate.since > lost_at_) return std::move(candidate.connection);
    lock.unlock();
    const bool is_long_idle = idle_for > trusted_idle && !candidate.connection->is_local();
    const bool is_alive =
        candidate.connection->looks_alive() && (!is_long_idle || candidate.connection->ping(ping_limit));
    if (!is_alive) candidate.connection.reset();
    lock.lock();
    if (is_alive) return std::move(candidate.connection);
    --lent_;
    ++figures_.reconnects;
    call_waiters();
  }
  return nullptr;
}

// Opens a connection without holding the lock. Counts it as lent.
Result<std::unique_ptr<Connection>> Pool::open_one(std::unique_lock<std::mutex>& lock, milliseconds at_most) {
  ++opening_;
  lock.unlock();
  ConnectionOptions options = options_.connection;
  options.connect_timeout = at_most;
  auto opened = Connection::open(options);
  if (opened) (*opened)->doubt_silence(watch_);
  lock.lock();
  --opening_;
  if (opened) {
    if (failures_ > 0) log::info("database is back", {{"failed_attempts", failures_}});
    failures_ = 0;
    ++lent_;
    ++figures_.connects;
  } else {
    if (failures_ == 0) log::warn("database is away", {{"reason", opened.error().message}});
    if (!is_away()) away_since_ = SteadyClock::now();
    ++figures_.failed_connects;
    note_failure();
  }
  call_waiters();
  return opened;
}

// One that nobody asked for goes to whoever is next.
void Pool::hand_over(std::unique_ptr<Connection> connection) {
  --lent_;
  if (const std::shared_ptr<Waiter> next = offer(std::move(connection))) next->wake.notify_one();
}

// Not for a pool that nobody asks and that has what it promises.
bool Pool::has_to_knock() const {
  const bool is_asked = !system_waiters_.empty() || !ordinary_waiters_.empty();
  const int size = static_cast<int>(idle_.size()) + lent_ + opening_;
  return failures_ > 0 && (is_asked || size < options_.min) && lent_ + opening_ < options_.max;
}

// While the database is away, one attempt at a time is enough.
void Pool::keep_knocking() {
  std::unique_lock lock(mutex_);
  while (true) {
    knocking_.wait(lock, [&] { return is_over_ || has_to_knock(); });
    knocking_.wait_until(lock, next_attempt_, [&] { return is_over_; });
    if (is_over_) return;
    if (!has_to_knock() || SteadyClock::now() < next_attempt_) continue;
    try {
      if (auto opened = open_one(lock, options_.connection.connect_timeout))
        hand_over(std::move(opened).value());
    } catch (const std::exception& error) {  // no memory: the next attempt may have some
      if (!lock.owns_lock()) lock.lock();
      opening_ = std::max(0, opening_ - 1);
      note_failure();
      log::error("no connection to the database", {{"reason", error.what()}});
    }
  }
}

// One that waited for an answer found that nobody is there.
void Pool::note_silence() {
  std::deque<Idle> closing;
  const std::lock_guard lock(mutex_);
  if (failures_ == 0) log::warn("database is away", {{"reason", "it does not answer"}});
  if (!is_away()) away_since_ = SteadyClock::now() - options_.wait_limit;  // who asked has waited that long
  if (failures_ > 0) --failures_;  // silence is told by many, and is one failure
  note_failure();
  closing.swap(idle_);  // as silent as the one that asked
  call_waiters();
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  const bool is_reusable = connection->is_idle();
  const bool is_lost = connection->is_broken();
  if (!is_reusable) connection.reset();
  std::shared_ptr<Waiter> next;
  {
    const std::lock_guard lock(mutex_);
    --lent_;
    if (is_lost) {
      ++figures_.reconnects;
      lost_at_ = SteadyClock::now();
    }
    if (is_reusable) next = offer(std::move(connection));
    if (!is_reusable) call_waiters();
  }
  if (next) next->wake.notify_one();
}

void Pool::maintain() {
  std::deque<Idle> closing;
  std::unique_lock lock(mutex_);
  const TimePoint now = SteadyClock::now();
  while (!idle_.empty() && static_cast<int>(idle_.size()) + lent_ > options_.min &&
         now - idle_.front().since > options_.keep_idle) {
    closing.push_back(std::move(idle_.front()));
    idle_.pop_front();
  }
  while (static_cast<int>(idle_.size()) + lent_ + opening_ < options_.min && failures_ == 0) {
    if (auto opened = open_one(lock, options_.connection.connect_timeout))
      hand_over(std::move(opened).value());
  }
  lock.unlock();  // closing says farewell to the server and needs no lock
}

void Pool::close_idle() {
  std::deque<Idle> closing;
  const std::lock_guard lock(mutex_);
  closing.swap(idle_);
}

PoolFigures Pool::figures() const {
  const std::lock_guard lock(mutex_);
  PoolFigures now = figures_;
  now.idle = static_cast<int>(idle_.size());
  now.size = now.idle + lent_;
  now.is_away = is_away();
  return now;
}

}  // namespace dits
