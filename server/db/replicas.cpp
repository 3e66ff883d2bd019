#include "server/db/replicas.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "server/base/log.hpp"
#include "server/db/notifications.hpp"

namespace dits {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto lease_limit = 100ms;  // rather the primary than a wait
constexpr auto watch_limit = 400ms;  // for an answer to the watch
constexpr auto most_memory = 5min;   // of where the primary was

constexpr std::string_view ask_primary =
    "SELECT pg_current_wal_insert_lsn(), system_identifier, (SELECT count(*) FROM pg_locks l JOIN "
    "pg_database d "
    "ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = "
    "0 AND "
    "l.objid = $1 AND l.objsubid = 1) FROM pg_control_system()";
constexpr std::string_view ask_replica =
    "SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn(), '0/0'), system_identifier FROM "
    "pg_control_system()";
constexpr std::string_view ask_replayed_name = "dits.has_replayed";
constexpr std::string_view ask_replayed = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn";

// "db2:5432" of "postgresql://dits:secret@db2:5432/dits?x=y"; of anything else its number.
std::string name_of(const Secret& url, std::size_t number) {
  const std::string& text = url.reveal();
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return "replica" + std::to_string(number);
  std::string place = text.substr(scheme + 3, text.find_first_of("/?", scheme + 3) - scheme - 3);
  place.erase(0, place.rfind('@') + 1);
  std::erase_if(place, [](char c) { return c == '"' || c == '\\' || c == '\n'; });
  return place.empty() ? "replica" + std::to_string(number) : place;
}

}  // namespace

class ReadReplica {
 public:
  ReadReplica(PoolOptions options_, std::size_t number)
      : options(std::move(options_)), name(name_of(options.connection.url, number)) {}

  void set_state(bool up, std::string why) {
    const std::lock_guard lock(mutex);
    if (up != is_up || (!up && why_not.empty())) {
      if (up) log::info("replica is in use", {{"replica", name}});
      if (!up) log::warn("replica is left out", {{"replica", name}, {"reason", why}});
    }
    is_up = up;
    why_not = std::move(why);
  }

  const PoolOptions options;
  const std::string name;
  std::unique_ptr<Pool> pool;              // made by the watch before is_up is set for the first time
  std::unique_ptr<Connection> connection;  // of the watch alone
  std::atomic<bool> is_up = false;
  std::atomic<LogPosition> replayed = 0;
  std::atomic<std::int64_t> lag_ms = 0;
  std::atomic<std::uint64_t> reads = 0;
  std::mutex mutex;
  std::string why_not;
};

Replicas::Replicas(ReplicaOptions options, Pool& primary, CommitMarks& marks)
    : options_(std::move(options)), primary_(primary), marks_(marks) {
  for (const PoolOptions& one : options_.replicas)
    replicas_.push_back(std::make_unique<ReadReplica>(one, replicas_.size() + 1));
  thread_ = std::thread([this] { watch(); });
}

Replicas::~Replicas() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

ReplicaLease Replicas::checkout(UserId user_id) {
  if (is_blind_) return {};
  const std::optional<LogPosition> mark = marks_.last(user_id);
  if (!mark) return {};
  const std::size_t first = next_.fetch_add(1, std::memory_order_relaxed);
  for (std::size_t step = 0; step < replicas_.size(); ++step) {
    ReadReplica& replica = *replicas_[(first + step) % replicas_.size()];
    if (!replica.is_up) continue;
    Result<Lease> lease = replica.pool->checkout(Pool::Priority::ordinary, SteadyClock::now() + lease_limit);
    if (!lease) continue;  // whether it is away is for the watch to say
    if (*mark > 0) {
      // In a transaction of its own: the snapshot of the reading one must be taken after the answer.
      const std::array<Param, 1> params{Param(to_text(*mark))};
      const Command command{ask_replayed_name, ask_replayed, params, false};
      const Result<Rows> has_replayed = (*lease)->run(std::span(&command, 1));
      if (!has_replayed) leave_out(replica);
      if (!has_replayed || !(*has_replayed)[0].boolean(0)) continue;
    }
    ++replica.reads;
    return {std::move(*lease), &replica};
  }
  return {};
}

void Replicas::leave_out(ReadReplica& replica) { replica.set_state(false, "a connection to it broke"); }

std::vector<ReplicaFigures> Replicas::figures() const {
  std::vector<ReplicaFigures> out;
  for (const auto& replica : replicas_) {
    const std::lock_guard lock(replica->mutex);
    out.push_back({replica->name,
                   replica->is_up,
                   replica->is_up ? std::string{} : replica->why_not,
                   static_cast<double>(replica->lag_ms) / 1000.0,
                   replica->reads});
  }
  return out;
}

void Replicas::watch() {
  while (true) {
    look_at_primary();
    for (const auto& replica : replicas_) look_at(*replica);
    std::unique_lock lock(mutex_);
    if (stopping_.wait_for(lock, options_.watch_pause, [this] { return is_over_; })) return;
  }
}

// Where the primary is now; when it does not answer, the replicas are measured by where it was.
void Replicas::look_at_primary() {
  const Result<Lease> lease = primary_.checkout(Pool::Priority::system, SteadyClock::now() + watch_limit);
  if (!lease) return;
  const Result<Rows> rows = (*lease)->run_once(ask_primary, {server_lock});
  if (!rows) return;
  system_identifier_ = (*rows)[0].text(1);
  is_blind_ = (*rows)[0].int64(2) > 1 && !marks_.is_shared();
  const std::optional<LogPosition> position = parse_log_position((*rows)[0].text(0));
  const auto now = SteadyClock::now();
  if (position && (samples_.empty() || samples_.back().position < *position))
    samples_.push_back({now, *position});
  while (samples_.size() > 1 && now - samples_.front().at > most_memory) samples_.pop_front();
}

// Since when the primary has had something that this replica has not replayed.
std::chrono::milliseconds Replicas::lag_of(LogPosition replayed) const {
  const auto missing =
      std::ranges::find_if(samples_, [replayed](const Sample& sample) { return sample.position > replayed; });
  if (missing == samples_.end()) return 0ms;
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - missing->at);
}

void Replicas::look_at(ReadReplica& replica) {
  if (!replica.connection || !replica.connection->looks_alive()) {
    replica.connection.reset();
    ConnectionOptions asking = replica.options.connection;
    asking.application_name = "dits-watch";
    asking.connect_timeout = watch_limit;
    asking.statement_timeout = watch_limit;
    Result<std::unique_ptr<Connection>> opened = Connection::open(asking);
    if (!opened) return replica.set_state(false, "it does not answer");
    replica.connection = std::move(*opened);
  }
  const Result<Rows> rows = replica.connection->run_once(ask_replica);
  if (!rows) {
    replica.connection.reset();
    return replica.set_state(false, "it does not answer");
  }
  const Row row = (*rows)[0];
  if (is_blind_)
    return replica.set_state(
        false, "several servers use this database and, without a Redis, do not hear of each other's writes");
  if (!row.boolean(0)) return replica.set_state(false, "it is no replica, or was promoted");
  if (!system_identifier_.empty() && row.text(2) != system_identifier_)
    return replica.set_state(false, "it follows another primary");
  const LogPosition replayed = parse_log_position(row.text(1)).value_or(0);
  const auto lag = lag_of(replayed);
  replica.replayed = replayed;
  replica.lag_ms = lag.count();
  if (lag > options_.max_lag)
    return replica.set_state(false, "it lags " + std::to_string(lag.count()) + " ms");
  if (!replica.pool) {
    const Result<std::string> role = options_.role_of(*replica.connection);
    if (!role) return replica.set_state(false, role.error().message);
    PoolOptions serving = replica.options;
    serving.connection.role = *role;
    replica.pool = std::make_unique<Pool>(std::move(serving));
  }
  replica.pool->maintain();
  // It answers the watch; before it is used again it has to let the readers in as well.
  if (!replica.is_up && !replica.pool->checkout(Pool::Priority::system, SteadyClock::now() + watch_limit))
    return replica.set_state(false, "it lets no readers in");
  replica.set_state(true, {});
}

void add_replicas(MetricPage& page, const std::vector<ReplicaFigures>& replicas) {
  for (const ReplicaFigures& one : replicas) {
    const MetricPage::Label label{"replica", one.name};
    page.add(Metric::replica_up, {label}, one.is_up ? 1 : 0);
    page.add(Metric::replica_lag_seconds, {label}, one.lag_seconds);
    page.add(Metric::replica_reads, {label}, metric_value(one.reads));
  }
}

}  // namespace dits
