// The Database that the server uses: transactions on connections of a pool, measured by statement.
#pragma once

#include <chrono>

#include "server/db/database.hpp"
#include "server/db/pool.hpp"
#include "server/db/statement_stats.hpp"

namespace dits {

struct StatementLog {
  std::chrono::milliseconds slow{200};  // what takes longer is logged as a warning
  bool every_statement = false;
};

class PooledDatabase : public Database {
 public:
  PooledDatabase(PoolOptions options, StatementLog statement_log);

  Result<Transaction> begin(const Actor& actor, Access access) override;
  Result<Rows> read(const Actor& actor, const Statement& statement, std::span<const Param> params) override;
  using Database::read;

  Pool& pool() { return pool_; }
  PoolFigures pool_figures() const { return pool_.figures(); }
  const StatementStats& statement_stats() const { return stats_; }

 private:
  friend class Transaction;
  // Runs the batch and counts its last command.
  Result<Rows> measure(Connection& connection, std::span<const Command> commands);

  Pool pool_;
  StatementLog statement_log_;
  StatementStats stats_;
};

}  // namespace dits
