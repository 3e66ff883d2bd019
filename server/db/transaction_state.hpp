// What a Transaction holds, for the files of server/db that make and run one.
#pragma once

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
  // A deferred part's writes, and those of kept parts that were not sent yet.
  struct Held {
    Statement statement;
    std::vector<Param> params;
  };
  std::vector<Held> held = {};
  std::vector<Held> kept = {};
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
  // What ends the part before and begins the next one.
  void add_part_commands(std::vector<Command>& batch);
  void note_sent(bool is_done);
};

}  // namespace dits
