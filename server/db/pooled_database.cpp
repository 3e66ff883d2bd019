#include "server/db/pooled_database.hpp"

#include <array>

#include "server/base/log.hpp"
#include "server/db/own_statements.hpp"
#include "server/db/transaction_state.hpp"

namespace dits {

PooledDatabase::PooledDatabase(PoolOptions options, StatementLog statement_log)
    : disk_(options.disk), pool_(std::move(options)), statement_log_(statement_log) {}

Result<Rows> PooledDatabase::send(Connection& connection, std::span<const Command> commands) {
  ++round_trips_;
  commands_ += commands.size();
  return connection.run(commands);
}

Result<Rows> PooledDatabase::measure(Connection& connection,
                                     const Actor& actor,
                                     std::span<const Command> commands) {
  const auto start = std::chrono::steady_clock::now();
  Result<Rows> rows = send(connection, commands);
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

void PooledDatabase::use_replicas(ReplicaOptions options, std::unique_ptr<CommitMarks> marks) {
  marks_ = std::move(marks);
  replicas_ = std::make_unique<Replicas>(std::move(options), pool_, *marks_);
}

std::vector<ReplicaFigures> PooledDatabase::replica_figures() const {
  return replicas_ ? replicas_->figures() : std::vector<ReplicaFigures>{};
}

Result<void> PooledDatabase::check_room(Access access, std::int64_t coming_bytes) const {
  if (!disk_ || !is_write(access)) return {};
  return disk_->check(disk_use_of(access), coming_bytes);
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

Result<Rows> PooledDatabase::read_on(Connection& connection, const Actor& actor, const Command& command) {
  if (connection.reader() == actor) return measure(connection, actor, std::span(&command, 1));
  const std::array<Param, 2> who = actor_params(actor);
  const std::array<Command, 2> commands = {command_for(set_reader, who), command};
  connection.forget_reader();
  Result<Rows> rows = measure(connection, actor, commands);
  if (rows) connection.note_reader(actor);
  return rows;
}

Result<Rows> PooledDatabase::read_by(const Actor& actor, const Command& command) {
  const Pool::TimePoint deadline = pool_.deadline_from_now();
  Lease lease = TRY(pool_.checkout(priority_of(actor), deadline, actor));
  Result<Rows> rows = read_on(*lease.operator->(), actor, command);
  if (rows || !is_away(rows.error())) return rows;
  lease = Lease();
  lease = TRY(pool_.checkout(priority_of(actor), deadline, actor));
  return read_on(*lease.operator->(), actor, command);
}

Result<Rows> PooledDatabase::stale_read_by(const Actor& actor, const Command& command) {
  if (replicas_ && actor.user_id.is_set()) {
    if (const ReplicaLease from = replicas_->checkout(actor.user_id)) {
      Result<Rows> rows = read_on(*from.lease.operator->(), actor, command);
      if (rows || !is_replica_trouble(rows.error())) return rows;
      if (is_away(rows.error())) Replicas::leave_out(*from.replica);
    }
  }
  return read_by(actor, command);
}

Result<Rows> PooledDatabase::read(const Actor& actor,
                                  const Statement& statement,
                                  std::span<const Param> params) {
  return read_by(actor, command_for(statement, params));
}

Result<Rows> PooledDatabase::stale_read(const Actor& actor,
                                        const Statement& statement,
                                        std::span<const Param> params) {
  return stale_read_by(actor, command_for(statement, params));
}

Result<Rows> PooledDatabase::stale_read_computed(const Actor& actor,
                                                 std::string_view name,
                                                 const std::string& sql,
                                                 std::span<const Param> params) {
  const std::string prepared_name = name_of_computed(name, sql);
  return stale_read_by(actor, Command{prepared_name, sql, params, true});
}

}  // namespace dits
