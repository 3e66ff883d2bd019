#include "server/db/pooled_database.hpp"

#include <array>
#include <cstdio>
#include <functional>

#include "server/base/log.hpp"
#include "server/db/commit_hook.hpp"
#include "server/db/sql_error.hpp"

namespace dits {

namespace {

// Names with a dot are ours; a name in a .sql file has none.
constexpr Statement begin_write{"dits.begin_write", "BEGIN"};
constexpr Statement begin_read{"dits.begin_read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
constexpr Statement set_actor{
    "dits.set_actor", "SELECT set_config('dits.user_id', $1, true), set_config('dits.system', $2, true)"};
constexpr Statement set_reader{
    "dits.set_reader",
    "SELECT set_config('dits.user_id', $1, true), set_config('dits.system', $2, true), "
    "set_config('transaction_read_only', 'on', true)"};
constexpr Statement commit_statement{"dits.commit", "COMMIT"};
// Not before the commit's own record, wherever exactly that lies.
constexpr Statement commit_mark{"dits.commit_mark", "SELECT pg_current_wal_insert_lsn()"};
constexpr Statement rollback_statement{"dits.rollback", "ROLLBACK"};

Command command_for(const Statement& statement, std::span<const Param> params = {}) {
  return {statement.name, statement.sql, params, false};
}

std::array<Param, 2> actor_params(const Actor& actor) {
  return {Param(actor.user_id.is_set() ? to_string(actor.user_id) : std::string{}),
          Param(actor.system ? "on" : "off")};
}

Pool::Priority priority_of(const Actor& actor) {
  return actor.system ? Pool::Priority::system : Pool::Priority::ordinary;
}

bool is_write(Access access) { return access != Access::read && access != Access::stale_read; }

DiskUse disk_use_of(Access access) {
  if (access == Access::bulk_write) return DiskUse::bulk;
  return access == Access::urgent_write ? DiskUse::urgent : DiskUse::write;
}

bool is_away(const Error& error) { return error.kind == "database_away"; }

// What a replica may fail with where the primary would not: it died, it was too slow, the query stood in the
// way of its recovery, or it does not know a newer schema yet.
bool is_replica_trouble(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::internal ||
         error.kind == "serialization_failure";
}

// FNV-1a, for names: 64 bits are plenty for the shapes of queries one server sees, and the connection's own
// text decides what runs.
std::string name_of_computed(std::string_view name, std::string_view sql) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  std::array<char, 20> digits{};
  std::snprintf(digits.data(), digits.size(), ".%016llx", static_cast<unsigned long long>(hash));
  return std::string(name.substr(0, 40)) + digits.data();
}

}  // namespace

PooledDatabase::PooledDatabase(PoolOptions options, StatementLog statement_log)
    : disk_(options.disk), pool_(std::move(options)), statement_log_(statement_log) {}

Result<Rows> PooledDatabase::measure(Connection& connection,
                                     const Actor& actor,
                                     std::span<const Command> commands) {
  const auto start = std::chrono::steady_clock::now();
  Result<Rows> rows = connection.run(commands);
  const auto time =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  const Command& command = commands.back();
  const std::string_view name =
      command.is_computed ? command.name.substr(0, command.name.rfind('.')) : command.name;
  const std::int64_t count = !rows ? 0 : rows->column_count() > 0 ? rows->size() : rows->affected();
  stats_.record(name, time, count, !rows);
  const double ms = static_cast<double>(time.count()) / 1000.0;
  if (time >= statement_log_.slow) {
    log::warn("slow statement", {{"statement", name}, {"ms", ms}, {"rows", count}});
    slow_.note(name, command, actor, time, count);
  } else if (statement_log_.every_statement) {
    log::info("statement", {{"statement", name}, {"ms", ms}, {"rows", count}});
  }
  return rows;
}

void PooledDatabase::maintain() {
  pool_.maintain();
  for (const SlowRun& run : slow_.take_unexplained()) explain(run);
}

// Without ANALYZE: the statement is planned, not run. The plan names no value: what users wrote is not for
// the log.
void PooledDatabase::explain(const SlowRun& run) {
  const Result<std::string> plan = [&]() -> Result<std::string> {
    Transaction transaction = TRY(begin(run.actor, Access::read));
    std::string text;
    for (const Row row : TRY(transaction.run_computed("dits.explain", "EXPLAIN " + run.sql, run.params))) {
      if (!text.empty()) text += '\n';
      text += row.text(0);
    }
    return without_quoted_values(text);
  }();
  if (!plan)
    return log::warn("no plan of a slow statement",
                     {{"statement", run.name}, {"reason", plan.error().message}});
  log::info("plan of a slow statement",
            {{"statement", run.name}, {"ms", static_cast<double>(run.us) / 1000.0}, {"plan", *plan}});
  slow_.set_plan(run.name, *plan);
}

struct Transaction::State {
  PooledDatabase& database;
  Lease lease;
  Actor actor;
  Access access;
  Pool::TimePoint deadline;        // until when a lost connection may be replaced
  ReadReplica* replica = nullptr;  // whose connection it is; null: the primary's
  bool is_begun = false;           // BEGIN goes out together with the first statement
  bool is_failed = false;
  bool is_over = false;
  bool is_private = false;     // the connection is closed at the end
  std::size_t most_bytes = 0;  // of an answer

  // Gives the connection back, its transaction rolled back.
  void take_back();
  // The batch that runs `command`, after BEGIN and the actor when it is the first one.
  Result<Rows> run(const Command& command);
  Result<Rows> send(const Command& command);
};

Result<Rows> Transaction::State::send(const Command& command) {
  if (is_begun) return database.measure(*lease.operator->(), actor, std::span(&command, 1));
  const std::array<Param, 2> params = actor_params(actor);
  const std::array<Command, 3> commands = {
      command_for(is_write(access) ? begin_write : begin_read), command_for(set_actor, params), command};
  return database.measure(*lease.operator->(), actor, commands);
}

void Transaction::State::take_back() {
  if (lease && is_private) lease->retire();
  if (lease && !lease->is_broken() && !lease->is_idle()) {
    const Command command = command_for(rollback_statement);
    // When it fails the connection is not idle, and is closed instead of going back.
    static_cast<void>(lease->run(std::span(&command, 1)));
  }
  lease = Lease();
  replica = nullptr;
}

Result<Rows> Transaction::State::run(const Command& command) {
  if (is_over || is_failed) return internal("a statement after the end of its transaction");
  // In the middle too: what goes on for minutes must stop before the disk is full.
  if (Result<void> room = database.check_room(access); !room) {
    is_failed = true;
    return std::move(room).error();
  }
  Result<Rows> rows = send(command);
  const bool is_replica_lost = !rows && replica != nullptr && is_replica_trouble(rows.error());
  if (is_replica_lost && is_away(rows.error())) Replicas::leave_out(*replica);
  if (is_replica_lost && is_begun) {
    Error lost = unavailable("A read replica got lost. Please try again.");
    lost.kind = "replica_lost";
    rows = std::move(lost);
  }
  if (!rows && !is_begun && (is_replica_lost || is_away(rows.error()))) {
    // Nothing of this transaction has been seen yet: a connection that died while it was idle is simply
    // replaced, a replica by the primary.
    take_back();
    is_failed = true;  // unless there is another one
    lease = TRY(database.pool().checkout(priority_of(actor), deadline));
    rows = send(command);
  }
  is_begun = true;
  is_failed = !rows;
  return rows;
}

Transaction::Transaction(std::unique_ptr<State> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Transaction::~Transaction() {
  if (state_) state_->take_back();
}

Result<Rows> Transaction::run(const Statement& statement, std::span<const Param> params) {
  return state_->run(command_for(statement, params));
}

Result<Rows> Transaction::run_computed(std::string_view name,
                                       const std::string& sql,
                                       std::span<const Param> params) {
  const std::string prepared_name = name_of_computed(name, sql);
  return state_->run({prepared_name, sql, params, true, state_->most_bytes});
}

void Transaction::keep_connection_private() { state_->is_private = true; }
void Transaction::limit_answers(std::size_t bytes) { state_->most_bytes = bytes; }

Result<void> Transaction::commit() {
  State& state = *state_;
  if (state.is_over || state.is_failed) return internal("a commit after a failed statement");
  if (is_write(state.access) && state.actor.user_id.is_set()) {
    TRY(run_commit_hook(*this, state.actor.user_id));
  }
  state.is_over = true;
  if (!state.is_begun) return {};
  // With replicas, where the commit lies in the log comes back in the same round trip.
  const bool is_marked = state.database.replicas_ && is_write(state.access) && state.actor.user_id.is_set();
  const std::array<Command, 2> commands = {command_for(commit_statement), command_for(commit_mark)};
  const Result<Rows> done = state.database.measure(
      *state.lease.operator->(), state.actor, std::span(commands).first(is_marked ? 2 : 1));
  if (state.is_private) state.lease->retire();
  state.lease = Lease();
  if (done && is_marked)
    state.database.marks_->note(state.actor.user_id, parse_log_position((*done)[0].text(0)).value_or(~0ULL));
  if (done) return {};
  Error error = done.error();
  if (is_away(error) && is_write(state.access)) {
    error.kind = "commit_unknown";
    error.message =
        "The connection to the database broke while saving: the change may or may not be there. Please try "
        "again.";
  }
  return error;
}

void PooledDatabase::use_replicas(ReplicaOptions options, std::unique_ptr<CommitMarks> marks) {
  marks_ = std::move(marks);
  replicas_ = std::make_unique<Replicas>(std::move(options), pool_, *marks_);
}

std::vector<ReplicaFigures> PooledDatabase::replica_figures() const {
  return replicas_ ? replicas_->figures() : std::vector<ReplicaFigures>{};
}

Result<void> PooledDatabase::check_room(Access access) const {
  if (!disk_ || !is_write(access)) return {};
  return disk_->check(disk_use_of(access));
}

Result<Transaction> PooledDatabase::begin(const Actor& actor, Access access) {
  TRY(check_room(access));
  const Pool::TimePoint deadline = pool_.deadline_from_now();
  ReplicaLease from;
  if (access == Access::stale_read && replicas_ && actor.user_id.is_set())
    from = replicas_->checkout(actor.user_id);
  if (!from) from.lease = TRY(pool_.checkout(priority_of(actor), deadline));
  return Transaction(std::unique_ptr<Transaction::State>(
      new Transaction::State{*this, std::move(from.lease), actor, access, deadline, from.replica}));
}

Result<Rows> PooledDatabase::read(const Actor& actor,
                                  const Statement& statement,
                                  std::span<const Param> params) {
  const Pool::TimePoint deadline = pool_.deadline_from_now();
  const std::array<Param, 2> who = actor_params(actor);
  const std::array<Command, 2> commands = {command_for(set_reader, who), command_for(statement, params)};
  Lease lease = TRY(pool_.checkout(priority_of(actor), deadline));
  Result<Rows> rows = measure(*lease.operator->(), actor, commands);
  if (rows || !is_away(rows.error())) return rows;
  lease = Lease();
  lease = TRY(pool_.checkout(priority_of(actor), deadline));
  return measure(*lease.operator->(), actor, commands);
}

Result<Rows> PooledDatabase::stale_read(const Actor& actor,
                                        const Statement& statement,
                                        std::span<const Param> params) {
  if (replicas_ && actor.user_id.is_set()) {
    if (const ReplicaLease from = replicas_->checkout(actor.user_id)) {
      const std::array<Param, 2> who = actor_params(actor);
      const std::array<Command, 2> commands = {command_for(set_reader, who), command_for(statement, params)};
      Result<Rows> rows = measure(*from.lease.operator->(), actor, commands);
      if (rows || !is_replica_trouble(rows.error())) return rows;
      if (is_away(rows.error())) Replicas::leave_out(*from.replica);
    }
  }
  return read(actor, statement, params);
}

}  // namespace dits
