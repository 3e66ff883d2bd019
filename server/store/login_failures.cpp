#include "server/store/login_failures.hpp"

#include "server/store/login_failures.sql.hpp"
#include "server/store/reader.hpp"

namespace dits::store {

Result<std::optional<LoginFailures>> lock_login_failures(Transaction& transaction, const std::string& key) {
  return first_of(TRY(transaction.run(sql::lock_login_failures, {key})), [](Row row) {
    return LoginFailures{
        static_cast<std::int32_t>(row.int64(0)), row.timestamp(1), row.optional_timestamp(2)};
  });
}

Result<std::int32_t> insert_login_failure(Transaction& transaction, const std::string& key, Timestamp now) {
  return static_cast<std::int32_t>(TRY(transaction.run(sql::insert_login_failure, {key, now}))[0].int64(0));
}

Result<void> update_login_failures(Transaction& transaction,
                                   const std::string& key,
                                   const LoginFailures& failures) {
  TRY(transaction.run(sql::update_login_failures,
                      {key, failures.failures, failures.first_failure_at, failures.locked_until}));
  return {};
}

Result<void> delete_login_failures(Transaction& transaction, const std::string& key) {
  TRY(transaction.run(sql::delete_login_failures, {key}));
  return {};
}

Result<void> delete_old_login_failures(Transaction& transaction, Timestamp before) {
  TRY(transaction.run(sql::delete_old_login_failures, {before}));
  return {};
}

}  // namespace dits::store
