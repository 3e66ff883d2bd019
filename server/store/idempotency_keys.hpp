// Idempotency keys and the answers kept under them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/reader.hpp"

namespace dits::store {

struct IdempotencyKey {
  UserId user_id;
  std::string key;
  std::string request_hash;  // SHA-256 in hex
};

struct KeptAnswer {
  int status = 0;  // 0: the change was made, but its answer is not known
  std::string content_type;
  std::string headers = "{}";  // a JSON object
  std::string body;
};

struct KeptRequest {
  std::string request_hash;
  KeptAnswer answer;
  bool is_exact = false;  // what was really answered, not only what the change itself left behind
};

Result<std::optional<KeptRequest>> find_idempotency_key(Reader reader,
                                                        UserId user_id,
                                                        const std::string& key);
// In the transaction of the change, which is its user's; `change_id` is the one that the log got from it, 0
// when there are none or several. Errors: conflict (unique_violation) when another request with this key was
// quicker.
Result<void> reserve_idempotency_key(Transaction& transaction,
                                     const IdempotencyKey& key,
                                     Timestamp now,
                                     std::int64_t change_id);
// Replaces what was reserved. Does not wait for the disk.
Result<void> keep_idempotent_answer(Transaction& transaction,
                                    const IdempotencyKey& key,
                                    const KeptAnswer& answer);
Result<void> insert_idempotent_answer(Transaction& transaction,
                                      const IdempotencyKey& key,
                                      const KeptAnswer& answer,
                                      Timestamp now);
Result<std::int64_t> delete_old_idempotency_keys(Transaction& transaction, Timestamp before);

}  // namespace dits::store
