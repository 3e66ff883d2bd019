// Every change goes through here: a write transaction that numbers its changes, keeps their audit rows and
// tells the event bus.
//
// It holds the user's counters from its first statement on, so a user's writes follow one another: rules that
// look at other rows (cycles, names, statuses in use) hold without further locks, and change_id is gapless in
// commit order. Small writes share a transaction, and so the wait for the disk, with those of the same user
// that arrive together (write_groups).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "server/base/viewer.hpp"
#include "server/db/commit_hook.hpp"
#include "server/service/context.hpp"
#include "server/service/write_groups.hpp"
#include "server/store/audit_logs.hpp"
#include "shared/json/value.hpp"
#include "shared/model/audit.hpp"

namespace dits {

// What an audit row is made of, before it has a number.
struct Change {
  AuditAction action = AuditAction::update;
  EntityType entity_type = EntityType::issue;
  Uuid entity_id;
  Json before;                  // the whole entity as JSON; null when it was not there
  Json after;                   // likewise; null when it is gone
  Json notes = Json::object();  // for the row's metadata: issueId, override, …
};

class AuditedTransaction {
 public:
  // A transaction of its own: for what may take long. Errors: not_found when the account is gone, and those
  // of Database::begin.
  static Result<AuditedTransaction> begin(ServiceContext& context,
                                          const Viewer& viewer,
                                          Access access = Access::write);
  // For a write of a few statements, which others wait for: its turn in a transaction that it shares. Errors:
  // those of WriteGroups::join.
  static Result<AuditedTransaction> join(ServiceContext& context,
                                         const Viewer& viewer,
                                         Turn turn = Turn::awaited,
                                         const IssueKey& wanted = {});

  ServiceContext& context() { return *context_; }
  Transaction& transaction() { return shared_ ? shared_->transaction() : own_.value(); }
  UserId user_id() const { return viewer_.user_id; }
  // The one moment at which everything in this transaction happens.
  Timestamp now() const { return now_; }
  template <typename IdType>
  IdType new_id() {
    return context_->clock.new_id<IdType>();
  }
  // The last change that is numbered so far.
  std::int64_t head() const { return heads_.last_change_id; }
  // The next number for an issue; a number is lost only with the whole transaction.
  std::int64_t take_issue_number() { return ++heads_.last_issue_number; }

  std::int64_t last_issue_number() const { return heads_.last_issue_number; }

  // Remembers a change; CREATE and RESTORE keep the whole new state, UPDATE and ARCHIVE the fields that
  // differ (and nothing when none does), DELETE the whole old state and what differs after it.
  void record(Change change);
  // What deferred writes of the user know without asking; null for others.
  WriteMemory* memory() { return shared_ ? shared_->memory() : nullptr; }
  std::vector<IssueKey> wanted() const { return shared_ ? shared_->wanted() : std::vector<IssueKey>(); }
  // How this transaction leaves an issue that its memory knows.
  void leave(const Issue& issue) {
    if (memory() != nullptr) left_issues_.push_back(issue);
  }
  // This transaction leaves the issue as PostgreSQL alone can tell: it is to be read again.
  void leave_unknown(IssueId id) {
    if (memory() != nullptr) memory()->forget(id);
    std::erase_if(left_issues_, [&](const Issue& issue) { return issue.id == id; });
  }

  // From now on changes say that they undo `change_id`.
  void set_undone(std::int64_t change_id) { undone_change_id_ = change_id; }
  // All changes from here on form one group, however few each flush() has of them.
  void begin_group();
  // Writes what was remembered, so that statements after it see the rows; several changes of one transaction
  // form a group, which is undone as one. commit() calls it.
  Result<void> flush();

  // What the log knows of a thing that this transaction has removed for good, and of its parts, goes: that it
  // happened stays. Such changes are not undone.
  Result<void> redact(const Uuid& gone);

  // The head of the user's log. Errors: those of Transaction::commit and SharedWrite::finish.
  Result<std::int64_t> commit();
  // For one that may not have been committed (see SharedWrite::give_up).
  Result<void> end() { return shared_ ? shared_->give_up() : Result<void>(); }

 private:
  AuditedTransaction(ServiceContext& context, const Viewer& viewer);
  std::string metadata_of(const Json& notes) const;

  ServiceContext* context_;
  Viewer viewer_;
  std::optional<Transaction> own_;  // one of the two
  std::optional<SharedWrite> shared_;
  Timestamp now_;
  store::UserCounters heads_;
  std::vector<AuditEntry> entries_;
  std::vector<Json> notes_;
  std::int64_t written_ = 0;  // changes
  std::string group_;
  std::int64_t undone_change_id_ = 0;
  bool touches_names_ = false;  // of what queries can name
  std::vector<Issue> left_issues_;
};

// Runs `work(AuditedTransaction&)`, which ends with its commit() unless it refuses, in a turn of a
// transaction that it shares. What it answers is sure when this returns: what it has seen of other writes is
// there.
template <typename Work>
std::invoke_result_t<Work, AuditedTransaction&> write_in_turn(ServiceContext& context,
                                                              const Viewer& viewer,
                                                              Work work,
                                                              Turn turn = Turn::awaited,
                                                              const IssueKey& wanted = {}) {
  AuditedTransaction shared = TRY(AuditedTransaction::join(context, viewer, turn, wanted));
  auto answer = work(shared);
  TRY(shared.end());
  return answer;
}

// The same so that what it writes goes out together with other writes of the user; once more by itself when
// it was lost with one of those. `work` reads nothing that it has written; `wanted` is the issue that it will
// ask for.
template <typename Work>
std::invoke_result_t<Work, AuditedTransaction&> write_together(ServiceContext& context,
                                                               const Viewer& viewer,
                                                               const IssueKey& wanted,
                                                               Work work) {
  CommitHook* const hook = waiting_commit_hook();
  auto answer = write_in_turn(context, viewer, work, Turn::deferred, wanted);
  if (answer || answer.error().kind != write_again) return answer;
  await_commit(hook);
  return write_in_turn(context, viewer, work);
}

// For what takes away, and what brings that back: on a disk that is too full for what it would share, it runs
// by itself, from the room that is set aside.
template <typename Work>
std::invoke_result_t<Work, AuditedTransaction&> free_in_turn(ServiceContext& context,
                                                             const Viewer& viewer,
                                                             Work work) {
  CommitHook* const hook = waiting_commit_hook();
  auto answer = write_in_turn(context, viewer, work);
  if (answer || answer.error().kind != "disk_full") return answer;
  await_commit(hook);
  AuditedTransaction own = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  return work(own);
}

// One change on a transaction of the caller's own: address and agent are the viewer's, the moment is the
// entry's. Returns its change_id; the caller commits and tells the event bus.
Result<std::int64_t> record_change(Transaction& transaction, const Viewer& viewer, AuditEntry entry);

// The same for a change of credentials, which must not wait for whatever holds the account's counters, an
// import perhaps: the entry gets its number when they are free. After the commit call
// settle_waiting_changes().
Result<void> record_waiting_change(Transaction& transaction,
                                   const Viewer& viewer,
                                   Clock& clock,
                                   AuditEntry entry);
// Gives the account's waiting entries their numbers, unless its counters are held at this moment: then a
// later call does, and until then the log does not show them.
void settle_waiting_changes(ServiceContext& context, UserId user_id);
// For all accounts; for a background job.
Result<void> settle_all_waiting_changes(ServiceContext& context);

}  // namespace dits
