#include "server/store/idempotency_keys.hpp"

#include "server/store/idempotency_keys.sql.hpp"

namespace dits::store {

Result<std::optional<KeptRequest>> find_idempotency_key(Reader reader,
                                                        UserId user_id,
                                                        const std::string& key) {
  return first_of(TRY(reader.run(sql::find_idempotency_key, {user_id, key})), [](Row row) {
    KeptAnswer answer{static_cast<int>(row.int64(1)),
                      std::string(row.text(2)),
                      std::string(row.text(3)),
                      std::string(row.text(4))};
    return KeptRequest{std::string(row.text(0)), std::move(answer), !row.is_null(3)};
  });
}

Result<void> reserve_idempotency_key(Transaction& transaction,
                                     const IdempotencyKey& key,
                                     Timestamp now,
                                     std::int64_t change_id) {
  RowsToWrite rows{std::vector<ArrayText>(4)};
  rows.add_row({key.key, key.request_hash, now, change_id});
  return transaction.write(sql::reserve_idempotency_keys, std::move(rows));
}

Result<void> keep_idempotent_answer(Transaction& transaction,
                                    const IdempotencyKey& key,
                                    const KeptAnswer& answer) {
  TRY(transaction.run(sql::commit_without_waiting));
  TRY(transaction.run(
      sql::keep_idempotent_answer,
      {key.user_id, key.key, answer.status, answer.content_type, answer.headers, answer.body}));
  return {};
}

Result<void> insert_idempotent_answer(Transaction& transaction,
                                      const IdempotencyKey& key,
                                      const KeptAnswer& answer,
                                      Timestamp now) {
  TRY(transaction.run(sql::insert_idempotent_answer,
                      {key.user_id,
                       key.key,
                       key.request_hash,
                       answer.status,
                       answer.content_type,
                       answer.headers,
                       answer.body,
                       now}));
  return {};
}

Result<std::int64_t> delete_old_idempotency_keys(Transaction& transaction, Timestamp before) {
  return TRY(transaction.run(sql::delete_old_idempotency_keys, {before})).affected();
}

}  // namespace dits::store
