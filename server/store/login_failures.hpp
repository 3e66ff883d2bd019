// Counted attempts to sign in. All run as Actor::of_system, in a transaction of their own.
#pragma once

#include <optional>
#include <string>

#include "server/db/database.hpp"

namespace dits::store {

struct LoginFailures {
  std::int32_t failures = 0;
  Timestamp first_failure_at;
  std::optional<Timestamp> locked_until;
};

// Holds the row until the transaction ends.
Result<std::optional<LoginFailures>> lock_login_failures(Transaction& transaction, const std::string& key);
// Adds one to a key that had no row; how many there are now, as others may have been quicker.
Result<std::int32_t> insert_login_failure(Transaction& transaction, const std::string& key, Timestamp now);
Result<void> update_login_failures(Transaction& transaction,
                                   const std::string& key,
                                   const LoginFailures& failures);
Result<void> delete_login_failures(Transaction& transaction, const std::string& key);
Result<void> delete_old_login_failures(Transaction& transaction, Timestamp before);

}  // namespace dits::store
