// What a Transaction holds, for the files of server/db that make and run one.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <vector>

#include "server/db/connection.hpp"
#include "server/db/database.hpp"
#include "server/db/pool.hpp"
#include "server/db/pooled_database.hpp"
#include "server/db/replicas.hpp"

namespace dits {

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
  // A deferred part's writes, and those of kept parts that were not sent yet, each with the rows of all parts
  // that could join it.
  struct Held {
    Statement statement;
    RowsToWrite rows;
  };
  std::vector<Held> held = {};
  std::vector<Held> kept = {};
  std::set<Uuid> kept_things = {};  // of those that others may still join
  std::size_t first_to_join = 0;    // the first of these
  int kept_parts = 0;
  std::size_t kept_bytes = 0;  // of their parameters
  int lost_parts = 0;
  // Savepoints have two names in turn, so that one whose making failed is never taken for the one before.
  bool has_parts = false;
  bool is_deferring = false;
  bool is_part_wanted = false;  // its savepoint goes out with the next statement
  bool is_part_spoilt = false;  // it is rolled back to before the next statement
  std::size_t savepoint = 0;    // 0: none was made yet; odd and even ones take turns

  // Gives the connection back, its transaction rolled back.
  void take_back();
  // The batch that runs `commands`, after what has to go before them: BEGIN and the actor, savepoints, what
  // is kept.
  Result<Rows> run(std::span<const Command> commands);
  Result<Rows> send(std::span<const Command> commands);
  // Puts the held writes with the kept ones.
  void keep_held();
  std::vector<Param> params_of(RowsToWrite& rows) const;
  // What is kept, into the batch; `params` has to live as long as it.
  void add_kept(std::vector<Command>& batch, std::vector<std::vector<Param>>& params);
  // What ends the part before and begins the next one.
  void add_part_commands(std::vector<Command>& batch);
  void note_sent(bool is_done);
};

}  // namespace dits
