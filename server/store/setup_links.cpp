#include "server/store/setup_links.hpp"

#include "server/store/setup_links.sql.hpp"

namespace dits::store {

Result<void> insert_setup_link(Transaction& transaction,
                               const std::string& token_hash,
                               Timestamp now,
                               Timestamp expires_at) {
  TRY(transaction.run(sql::insert_setup_link, {token_hash, now, expires_at}));
  return {};
}

Result<bool> has_setup_link(Transaction& transaction, const std::string& token_hash, Timestamp now) {
  return !TRY(transaction.run(sql::has_setup_link, {token_hash, now})).empty();
}

Result<bool> use_setup_link(Transaction& transaction, const std::string& token_hash, Timestamp now) {
  return TRY(transaction.run(sql::use_setup_link, {token_hash, now})).affected() == 1;
}

Result<void> delete_ended_setup_links(Transaction& transaction, Timestamp now) {
  TRY(transaction.run(sql::delete_ended_setup_links, {now}));
  return {};
}

Result<void> delete_setup_links(Transaction& transaction) {
  TRY(transaction.run(sql::delete_setup_links));
  return {};
}

}  // namespace dits::store
