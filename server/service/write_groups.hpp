// Writes of one user that arrive together share a transaction: one waits for the disk, and all are answered.
//
// A user's writes follow one another anyway, because each holds the counters of the log until its commit. So
// the first one begins a transaction, and those that come while it works take their turns in it, each in a
// part of its own, so that one that is refused leaves the others alone. Who finds nobody waiting commits for
// all; those that come meanwhile begin the next one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/db/database.hpp"
#include "server/service/write_memory.hpp"
#include "server/store/audit_logs.hpp"

namespace dits {

struct ServiceContext;
class WriteGroups;

// Told after each commit: figures that are kept and readers that wait.
void tell_commit(ServiceContext& context, UserId user_id, std::int64_t head);

// How a write takes its turn. awaited: each statement is waited for. deferred: its writes go out together
// with those of others (see Transaction::begin_part), and it reads nothing that it has written.
using Turn = Transaction::Part;

// The kind of an error by which a deferred write was lost with what it was sent with: to be done again, with
// an awaited turn.
inline constexpr const char* write_again = "write_again";

// One write's turn in a transaction that it shares. At the end of the scope it is given up.
class SharedWrite {
 public:
  SharedWrite(SharedWrite&& other) noexcept = default;
  SharedWrite& operator=(SharedWrite&&) = delete;
  ~SharedWrite();

  Transaction& transaction();
  // Where the log stands for this write.
  const store::UserCounters& heads() const;
  // What deferred turns share; null for an awaited one, which sees what may yet be taken back.
  WriteMemory* memory();
  // What others, who wait, will ask for.
  std::vector<IssueKey> wanted() const;
  struct Done {
    store::UserCounters heads;
    bool touches_names = false;  // of workflows, projects, areas, labels
    std::vector<Issue> issues;   // as a deferred write leaves them
  };
  // Ends the turn; returns when what was done is committed. Errors: those of Transaction::commit; those by
  // which the transaction was lost in another write's turn; conflict, kind write_again.
  Result<void> finish(const Done& done);
  // Ends the turn and takes back what was not finished; returns when it is sure that what this write has seen
  // of those before it is there. Errors: as finish().
  Result<void> give_up();

 private:
  friend class WriteGroups;
  struct Group;
  SharedWrite(WriteGroups& groups, std::shared_ptr<Group> group, Turn turn);

  WriteGroups* groups_;
  std::shared_ptr<Group> group_;  // null: the turn is over
  Turn turn_;
};

struct WriteGroupLimits {
  // PostgreSQL keeps the numbers of so many savepoints of a transaction at hand; with more, everybody's reads
  // grow slower.
  int members = 60;
  // For which others may join; the first one waits for its answer meanwhile.
  std::chrono::milliseconds growth{30};
  // For one's turn: as long as PostgreSQL would wait for the counters.
  std::chrono::milliseconds wait{4'000};
  // Half of the server's workers: the other half is there for other users.
  std::size_t waiting = 128;
};

// Thread-safe.
class WriteGroups {
 public:
  explicit WriteGroups(WriteGroupLimits limits = {}) : limits_(limits) {}

  // Waits for the user's turn; `wanted` is the issue that the write will ask for, if any. Errors:
  // unavailable, kind "timeout", when the turn does not come, kind "busy", when too many wait already;
  // not_found when the account is gone; those of Database::begin, which all who wait are told.
  Result<SharedWrite> join(ServiceContext& context, UserId user_id, Turn turn, const IssueKey& wanted);

  // What is remembered of a user's names from one group to the next is not believed any more.
  void forget_names(UserId user_id);
  void forget_all_names();

  // How many wait for their turn at this moment, of all users.
  std::size_t waiting() const;

 private:
  friend class SharedWrite;
  using Group = SharedWrite::Group;

  struct Waiter {
    IssueKey wanted;
    std::condition_variable called;
    bool is_called = false;
    std::shared_ptr<Group> group;  // null: this one begins the next
    std::optional<Error> refused;  // no turn comes
  };
  // Of a user one of whose writes has the turn.
  struct Line {
    std::deque<Waiter*> waiting;
  };
  // What is remembered between groups, while the log stands there.
  struct Kept {
    store::LockedLog log;
    WriteMemory memory;
  };

  Result<std::shared_ptr<Group>> wait_for_turn(UserId user_id, const IssueKey& wanted);
  Result<std::shared_ptr<Group>> begin_group(ServiceContext& context, UserId user_id);
  Result<std::shared_ptr<Group>> open_group(ServiceContext& context, UserId user_id);
  // Ends the turn of one whose work was broken off by an exception.
  void break_off(const std::shared_ptr<Group>& group) noexcept;
  Result<void> settle(const std::shared_ptr<Group>& group);
  void end_turn(const std::shared_ptr<Group>& group);
  bool may_grow(const Group& group) const;
  void commit(Group& group);
  Result<void> commit_and_tell(Group& group);
  Result<void> commit_what_is_left(Group& group);
  // Those that were lost with the last batch are to be done again; how many they are.
  int note_lost(Group& group);
  // With mutex_ held.
  void call_next(UserId user_id, std::shared_ptr<Group> group);
  void refuse_all(UserId user_id, const Error& error);
  void take_memory(Group& group);
  void keep_memory(Group& group);

  const WriteGroupLimits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<UserId, Line, IdHash> lines_;
  std::unordered_map<UserId, Kept, IdHash> kept_;
  std::uint64_t times_forgotten_ = 0;
};

}  // namespace dits
