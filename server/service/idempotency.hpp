// A POST with an Idempotency-Key happens once: the key is written in the transaction of the change, so that
// after any crash either both are there or neither is, and a repeat is answered what the first request was.
#pragma once

#include <functional>
#include <string>

#include "server/service/context.hpp"
#include "server/store/idempotency_keys.hpp"

namespace dits {

using store::KeptAnswer;

struct OnceRequest {
  UserId user_id;
  std::string key;  // as the client chose it
  // Method, address and body: the same key must mean the same request. Asked for when all of the body was
  // taken, or has to be taken for this. Errors: those of taking it.
  std::function<Result<std::string>()> fingerprint;
};

struct OnceAnswer {
  KeptAnswer answer;
  bool is_repeat = false;
};

// Runs `request`, or answers what it was answered before. What fails is not kept: it may be tried again.
// Errors: invalid, for a key of wrong form, or with kind "idempotency_key_reused" for one that came with
// another request; conflict, kind "already_applied", when the change was made but its answer is lost; and
// those of `request`.
Result<OnceAnswer> run_once(ServiceContext& context,
                            const OnceRequest& once,
                            const std::function<Result<KeptAnswer>()>& request);

}  // namespace dits
