// Accounts in the database. Before a login nobody is known: most calls here run in a transaction of
// Actor::of_system.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/model/user.hpp"

namespace dits::store {

struct UserWithPassword {
  User user;
  std::string password_hash;  // PHC string
  std::optional<Timestamp> disabled_at = {};
};

struct AccountRow {
  User user;
  std::optional<Timestamp> disabled_at;
  std::int64_t tokens = 0;  // that have not been revoked
};

Result<std::optional<User>> find_user(Reader reader, UserId id);
Result<std::optional<UserWithPassword>> find_user_by_email(Transaction& transaction,
                                                           const std::string& email);
// As it is at this moment: other changes of it, its password among them, wait until the transaction ends.
Result<std::optional<UserWithPassword>> hold_user(Transaction& transaction, UserId id);
// Errors: not_found.
Result<std::string> find_password_hash(Reader reader, UserId id);
Result<std::vector<AccountRow>> list_accounts(Transaction& transaction);
Result<std::int64_t> count_other_administrators(Transaction& transaction, UserId id);
Result<std::int64_t> count_users(Transaction& transaction);

// Holds back other registrations until the transaction ends.
Result<void> lock_users(Transaction& transaction);
// Errors: conflict (unique_violation) when the address is taken.
Result<void> insert_user(Transaction& transaction, const UserWithPassword& account);
Result<void> update_user(Transaction& transaction, const User& user);
// Address, name, role and whether it is disabled. Errors: conflict (unique_violation) when the address is
// taken.
Result<void> change_account(Transaction& transaction, const User& user, std::optional<Timestamp> disabled_at);
Result<void> delete_account(Transaction& transaction, UserId id);
Result<void> update_password_hash(Transaction& transaction,
                                  UserId id,
                                  const std::string& hash,
                                  Timestamp now);

}  // namespace dits::store
