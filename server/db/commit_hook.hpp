// Something that has to be written in the same transaction as a change, without the change knowing of it: the
// record of an Idempotency-Key, installed by the one who runs the request.
#pragma once

#include "server/db/database.hpp"

namespace dits {

class CommitHook {
 public:
  virtual ~CommitHook() = default;
  // Called once, before COMMIT, on the first transaction of `user_id` that this thread commits. An error
  // fails the commit.
  virtual Result<void> before_commit(Transaction& transaction, UserId user_id) = 0;
};

// Installs `hook` for this thread as long as it lives. Not nested.
class ScopedCommitHook {
 public:
  explicit ScopedCommitHook(CommitHook& hook);
  ~ScopedCommitHook();
  ScopedCommitHook(const ScopedCommitHook&) = delete;
  ScopedCommitHook& operator=(const ScopedCommitHook&) = delete;
};

// For Transaction::commit(): runs the hook of this thread, if one waits. Only write transactions on behalf of
// a user.
Result<void> run_commit_hook(Transaction& transaction, UserId user_id);

}  // namespace dits
