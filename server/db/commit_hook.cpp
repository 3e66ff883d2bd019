// One pointer for each thread.
#include "server/db/commit_hook.hpp"

#include <utility>

namespace dits {
namespace {

thread_local CommitHook* waiting_hook = nullptr;

}  // namespace

ScopedCommitHook::ScopedCommitHook(CommitHook& hook) { waiting_hook = &hook; }
ScopedCommitHook::~ScopedCommitHook() { waiting_hook = nullptr; }

CommitHook* waiting_commit_hook() { return waiting_hook; }
void await_commit(CommitHook* hook) { waiting_hook = hook; }

Result<void> run_commit_hook(Transaction& transaction, UserId user_id, std::int64_t change_id) {
  CommitHook* const hook = std::exchange(waiting_hook, nullptr);
  if (hook == nullptr) return {};
  return hook->before_commit(transaction, user_id, change_id);
}

}  // namespace dits
