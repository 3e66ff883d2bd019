// Every change goes through here: a write transaction that numbers its changes, keeps their audit rows and
// tells the event bus.
//
// It holds the user's counters from its first statement on, so a user's writes follow one another: rules that
// look at other rows (cycles, names, statuses in use) hold without further locks, and change_id is gapless in
// commit order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/base/viewer.hpp"
#include "server/service/context.hpp"
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
  // Errors: not_found when the account is gone, and those of Database::begin.
  static Result<AuditedTransaction> begin(ServiceContext& context,
                                          const Viewer& viewer,
                                          Access access = Access::write);

  ServiceContext& context() { return *context_; }
  Transaction& transaction() { return transaction_; }
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
  // From now on changes say that they undo `change_id`.
  void set_undone(std::int64_t change_id) { undone_change_id_ = change_id; }
  // Writes what was remembered, so that statements after it see the rows; several changes of one transaction
  // form a group, which is undone as one. commit() calls it.
  Result<void> flush();

  // What the log knows of a thing that this transaction has removed for good, and of its parts, goes: that it
  // happened stays. Such changes are not undone.
  Result<void> redact(const Uuid& gone);

  // The head of the user's log. Errors: those of Transaction::commit.
  Result<std::int64_t> commit();

 private:
  AuditedTransaction(ServiceContext& context, const Viewer& viewer, Transaction transaction);
  std::string metadata_of(const Json& notes) const;

  ServiceContext* context_;
  Viewer viewer_;
  Transaction transaction_;
  Timestamp now_;
  store::UserCounters heads_;
  std::vector<AuditEntry> entries_;
  std::vector<Json> notes_;
  std::string group_;
  std::int64_t undone_change_id_ = 0;
};

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
