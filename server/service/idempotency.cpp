#include "server/service/idempotency.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "server/base/crypto.hpp"
#include "server/base/log.hpp"
#include "server/db/commit_hook.hpp"

namespace dits {
namespace {

// The answer follows the change by a moment; so long a repeat waits for it.
constexpr int answer_polls = 10;
constexpr std::chrono::milliseconds answer_poll_interval{50};

Result<store::IdempotencyKey> key_of(const OnceRequest& once) {
  return store::IdempotencyKey{once.user_id, once.key, hex(sha256(TRY(once.fingerprint())))};
}

class Reservation final : public CommitHook {
 public:
  Reservation(Clock& clock, const OnceRequest& once) : clock_(clock), once_(once) {}

  Result<void> before_commit(Transaction& transaction, UserId user_id, std::int64_t change_id) override {
    if (user_id != once_.user_id) return {};
    const store::IdempotencyKey key = TRY(key_of(once_));
    TRY(store::reserve_idempotency_key(transaction, key, clock_.now(), change_id));
    is_made_ = true;
    return {};
  }
  bool is_made() const { return is_made_; }

 private:
  Clock& clock_;
  const OnceRequest& once_;
  bool is_made_ = false;
};

Result<std::optional<store::KeptRequest>> find_answered(ServiceContext& context, const OnceRequest& once) {
  std::optional<store::KeptRequest> found;
  for (int poll = 0; poll < answer_polls; ++poll) {
    found = TRY(store::find_idempotency_key({context.database, once.user_id}, once.user_id, once.key));
    if (!found || found->is_exact) return found;
    std::this_thread::sleep_for(answer_poll_interval);
  }
  return found;
}

Result<OnceAnswer> repeat(const OnceRequest& once, store::KeptRequest kept) {
  if (kept.request_hash != TRY(key_of(once)).request_hash) {
    Error error = invalid({}, "This Idempotency-Key came with another request before.");
    error.kind = "idempotency_key_reused";
    return error;
  }
  if (kept.answer.status == 0)
    return conflict("This request was carried out, but its answer is lost.", "already_applied");
  return OnceAnswer{std::move(kept.answer), true};
}

Result<void> keep(ServiceContext& context,
                  const OnceRequest& once,
                  const KeptAnswer& answer,
                  bool is_reserved) {
  const store::IdempotencyKey key = TRY(key_of(once));
  // The change is there: its answer is kept on a disk that has become full as well.
  Transaction transaction = TRY(context.database.begin(Actor::of_user(key.user_id),
                                                       is_reserved ? Access::freeing_write : Access::write));
  TRY(is_reserved ? store::keep_idempotent_answer(transaction, key, answer)
                  : store::insert_idempotent_answer(transaction, key, answer, context.clock.now()));
  return transaction.commit();
}

}  // namespace

Result<OnceAnswer> run_once(ServiceContext& context,
                            const OnceRequest& once,
                            const std::function<Result<KeptAnswer>()>& request) {
  constexpr std::size_t max_key_length = 200;
  const bool is_printable =
      std::all_of(once.key.begin(), once.key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (once.key.empty() || once.key.size() > max_key_length || !is_printable) {
    return invalid("Idempotency-Key", "must be 1 to 200 printable characters");
  }
  if (std::optional<store::KeptRequest> kept = TRY(find_answered(context, once)))
    return repeat(once, std::move(*kept));

  Reservation reservation(context.clock, once);
  Result<KeptAnswer> answer = [&] {
    const ScopedCommitHook hook(reservation);
    return request();
  }();
  if (!answer) {
    // The same request on another connection may have been quicker, and is why this one failed.
    Result<std::optional<store::KeptRequest>> again = find_answered(context, once);
    if (again) {
      std::optional<store::KeptRequest> quicker = std::move(again).value();
      if (quicker) return repeat(once, std::move(*quicker));
    }
    return std::move(answer).error();
  }
  const bool is_success = answer->status >= 200 && answer->status < 300;
  if (!is_success && !reservation.is_made()) return OnceAnswer{std::move(answer).value(), false};
  const Result<void> kept = keep(context, once, *answer, reservation.is_made());
  if (!kept) log::warn("answer not kept", {{"message", kept.error().message}});
  return OnceAnswer{std::move(answer).value(), false};
}

}  // namespace dits
