// The database as services see it: transactions on pooled connections, always on behalf of somebody.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "server/db/actor.hpp"
#include "server/db/array_text.hpp"
#include "server/db/param.hpp"
#include "server/db/rows.hpp"
#include "server/db/statement.hpp"
#include "shared/core/result.hpp"

namespace dits {

// read: READ ONLY, and REPEATABLE READ so that several statements see one state.
// stale_read: the same, and a read replica may answer, when there are any: what the user has committed is
// there, what others or other servers did may be missing for some seconds. For what is only shown and is
// nobody's own step to the next write: lists, search, figures, history. Never for credentials, sync or
// events.
// write: refused (kind "disk_full") as soon as the disk of an embedded database is nearly full, at its begin
// and at each of its statements. bulk_write: the same, earlier: for imports. urgent_write: the same, later:
// for what begins and ends access. freeing_write: last of all, from the room that is set aside: for what
// takes away, and what brings that back.
enum class Access { read, stale_read, write, bulk_write, urgent_write, freeing_write };

// Rows for a statement that takes them as arrays, one a column, behind the user, its first parameter. The
// columns may differ in length when the statement makes several things of them.
struct RowsToWrite {
  // One value for each of the first columns.
  void add_row(std::initializer_list<Param> values);

  std::vector<ArrayText> columns;
  // What the rows are of, and what they point at that may be written beside them: two rows about one thing
  // are written one after the other.
  std::vector<Uuid> things = {};
};

// An open transaction on one connection. Rolls back when it is destroyed without commit().
//
// Errors of run(): 23505 -> conflict, kind "unique_violation", field = constraint name; 23503 -> not_found,
// kind "foreign_key_violation", field = constraint; 23514/23502/22xxx -> invalid, kind "check_violation",
// field = constraint or column; 40001/40P01 -> conflict, kind "serialization_failure"; 57014/55P03 (timeouts)
// -> unavailable, kind "timeout"; a replica that got lost between the statements of a stale_read ->
// unavailable, kind "replica_lost" (see Database::stale_read); 53100 -> unavailable, kind "disk_full"; a lost
// connection -> unavailable, kind "database_away"; raise with SQLSTATE DT001 -> invalid with its message;
// anything else -> internal. After an error the transaction can only be rolled back.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  Result<Rows> run(const Statement& statement, std::span<const Param> params);
  Result<Rows> run(const Statement& statement, std::initializer_list<Param> params = {}) {
    return run(statement, std::span<const Param>(params.begin(), params.size()));
  }
  // For statements whose text is computed (the query language): still parameters only. Prepared under a name
  // made from `name` and a hash of `sql`, so that equal shapes are planned once.
  Result<Rows> run_computed(std::string_view name, const std::string& sql, std::span<const Param> params);

  // Closes the connection at the end instead of lending it again: after statements that a person typed, which
  // may have left locks and settings behind.
  void keep_connection_private();

  // From now on an answer keeps only so many of its rows as fit into about `bytes`, and says that it was cut:
  // nobody knows how much a statement gives that a person typed. A single row of more than twice that much
  // is an error (invalid, kind "sql_error"), and the connection is given up.
  void limit_answers(std::size_t bytes);

  // Writes rows of the actor's. In a deferred part they are held back, and go out in one statement with those
  // that other parts have for it; their errors come later. Else the statement is run.
  Result<void> write(const Statement& statement, RowsToWrite rows);

  // A write transaction may be made of parts, each of which can be taken back alone: what comes after
  // begin_part(), until the next one. Costs no round trip: savepoints go out with the statements.
  //
  // What a deferred part writes is held back until keep_part(), and then goes out with whatever comes next,
  // the commit at the latest: it reads nothing that it has written. When PostgreSQL refuses something in the
  // same batch, all kept parts that it carried are lost (see take_lost_parts), the ones before them are not,
  // and the transaction goes on after take_back_part().
  enum class Part { awaited, deferred };
  void begin_part(Part part);
  void keep_part();
  // Nothing of the part has happened, and the transaction goes on, after a failed statement too.
  void take_back_part();
  // Sends what is kept, and waits for it.
  Result<void> settle();
  // How many kept parts were lost since the last call: the last ones that were kept.
  int take_lost_parts();
  bool has_lost_parts() const;

  // The connection broke: nothing of this transaction will be there, and it can't go on.
  bool is_lost() const;

  // Runs the commit hook of this thread (commit_hook.hpp), unless the transaction has parts, which belong to
  // different requests. Errors: conflict, kind "parts_lost", when kept parts were lost, and the transaction
  // is still open; unavailable, kind "commit_unknown", when the connection broke while committing: the change
  // may be there or not, and repeating the request with its Idempotency-Key settles which.
  Result<void> commit();

 private:
  friend class PooledDatabase;
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Thread-safe. Owned by the wiring; the pool behind it is in pool.hpp.
class Database {
 public:
  virtual ~Database() = default;

  // Waits for a connection at most the pool's wait limit. Errors: unavailable (pool exhausted, database
  // away).
  virtual Result<Transaction> begin(const Actor& actor, Access access) = 0;

  // One read statement in its own implicit transaction, one round trip. The session stays the actor's for
  // reads, so that the next one of the same actor is the statement alone.
  virtual Result<Rows> read(const Actor& actor,
                            const Statement& statement,
                            std::span<const Param> params) = 0;
  Result<Rows> read(const Actor& actor,
                    const Statement& statement,
                    std::initializer_list<Param> params = {}) {
    return read(actor, statement, std::span<const Param>(params.begin(), params.size()));
  }

  // The same for Access::stale_read. A replica that fails is replaced by the primary.
  virtual Result<Rows> stale_read(const Actor& actor,
                                  const Statement& statement,
                                  std::span<const Param> params) = 0;
  // For a statement whose text is computed (see Transaction::run_computed).
  virtual Result<Rows> stale_read_computed(const Actor& actor,
                                           std::string_view name,
                                           const std::string& sql,
                                           std::span<const Param> params) = 0;

  // Runs `work(Transaction&)`, which answers with a Result, in a stale_read transaction; once more from its
  // beginning on the primary when the replica got lost in the middle. The transaction is only read from.
  template <typename Work>
  std::invoke_result_t<Work, Transaction&> stale_read(const Actor& actor, Work work) {
    {
      Transaction transaction = TRY(begin(actor, Access::stale_read));
      auto answer = work(transaction);
      if (answer || answer.error().kind != "replica_lost") return answer;
    }
    Transaction transaction = TRY(begin(actor, Access::read));
    return work(transaction);
  }
};

}  // namespace dits
