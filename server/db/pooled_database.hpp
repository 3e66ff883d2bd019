// The Database that the server uses: transactions on connections of a pool, measured by statement.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "server/db/database.hpp"
#include "server/db/pool.hpp"
#include "server/db/replicas.hpp"
#include "server/db/slow_statements.hpp"
#include "server/db/statement_stats.hpp"

namespace dits {

// What went to PostgreSQL since the start.
struct Traffic {
  std::uint64_t round_trips = 0;
  std::uint64_t commands = 0;  // BEGIN and its like among them
};

struct StatementLog {
  std::chrono::milliseconds slow{200};  // what takes longer is logged as a warning
  bool every_statement = false;
};

class PooledDatabase : public Database {
 public:
  PooledDatabase(PoolOptions options, StatementLog statement_log);

  Result<Transaction> begin(const Actor& actor, Access access) override;
  Result<Rows> read(const Actor& actor, const Statement& statement, std::span<const Param> params) override;
  Result<Rows> stale_read(const Actor& actor,
                          const Statement& statement,
                          std::span<const Param> params) override;
  Result<Rows> stale_read_computed(const Actor& actor,
                                   std::string_view name,
                                   const std::string& sql,
                                   std::span<const Param> params) override;
  using Database::read;
  using Database::stale_read;

  // From now on stale reads go to these replicas. Once, before anybody reads or writes.
  void use_replicas(ReplicaOptions options, std::unique_ptr<CommitMarks> marks);

  Pool& pool() { return pool_; }
  PoolFigures pool_figures() const { return pool_.figures(); }
  std::vector<ReplicaFigures> replica_figures() const;  // empty without replicas
  Traffic traffic() const { return {round_trips_.load(), commands_.load()}; }
  const StatementStats& statement_stats() const { return stats_; }
  const SlowStatements& slow_statements() const { return slow_; }

  // Looks after the pool, and asks for the plans of new slow statements and logs them. Called now and then,
  // by one thread at a time.
  void maintain();

 private:
  friend class Transaction;
  // Every batch of a transaction or a read goes through here.
  Result<Rows> send(Connection& connection, std::span<const Command> commands);
  // Runs the batch and counts its last command.
  Result<Rows> measure(Connection& connection, const Actor& actor, std::span<const Command> commands);
  // Every read outside of a transaction goes through here: whatever the session was before, it is the
  // actor's.
  Result<Rows> read_on(Connection& connection, const Actor& actor, const Command& command);
  Result<Rows> read_by(const Actor& actor, const Command& command);
  Result<Rows> stale_read_by(const Actor& actor, const Command& command);
  void explain(const SlowRun& run);
  // Is there room for what `access` writes? Errors: unavailable, kind "disk_full".
  Result<void> check_room(Access access, std::int64_t coming_bytes = 0) const;

  const std::shared_ptr<const DiskSpace> disk_;
  Pool pool_;
  StatementLog statement_log_;
  std::atomic<std::uint64_t> round_trips_{0};
  std::atomic<std::uint64_t> commands_{0};
  StatementStats stats_;
  SlowStatements slow_;
  std::unique_ptr<CommitMarks> marks_;
  std::unique_ptr<Replicas> replicas_;  // watches the pool: ends first
};

}  // namespace dits
