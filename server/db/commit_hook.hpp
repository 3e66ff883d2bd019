// Something that has to be written in the same transaction as a change, without the change knowing of it: the
// record of an Idempotency-Key, installed by the one who runs the request.
#pragma once

#include <cstdint>

#include "server/db/database.hpp"

namespace dits {

class CommitHook {
 public:
  virtual ~CommitHook() = default;
  // Called once, before COMMIT, on the first transaction of `user_id` that this thread commits. `change_id`
  // is that of the one change which the audit log got from it; 0 when there was none, or several. An error
  // fails the commit.
  virtual Result<void> before_commit(Transaction& transaction, UserId user_id, std::int64_t change_id) = 0;
};

// Installs `hook` for this thread as long as it lives. Not nested.
class ScopedCommitHook {
 public:
  explicit ScopedCommitHook(CommitHook& hook);
  ~ScopedCommitHook();
  ScopedCommitHook(const ScopedCommitHook&) = delete;
  ScopedCommitHook& operator=(const ScopedCommitHook&) = delete;
};

// The hook of this thread that waits, and making it wait again: for who runs a transaction a second time.
CommitHook* waiting_commit_hook();
void await_commit(CommitHook* hook);

// For Transaction::commit() and for whoever knows the change: runs the hook of this thread, if one waits.
// Only write transactions on behalf of a user.
Result<void> run_commit_hook(Transaction& transaction, UserId user_id, std::int64_t change_id);

}  // namespace dits
