// Accounts as the machine's owner manages them, from the command line and at the first start. Nothing here is
// reachable over HTTP.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/base/viewer.hpp"
#include "server/service/context.hpp"
#include "server/service/passwords.hpp"
#include "server/store/users.hpp"
#include "shared/model/user.hpp"

namespace dits {

struct NewAccount {
  std::string email;
  std::string name;
  std::string password;
  std::optional<Role> role;  // none: administrator for the first account, user for the others
};

// Makes the account with all that it begins with. Errors: invalid with every refused field; conflict, when
// the address is taken.
Result<User> create_account(ServiceContext& context,
                            PasswordHasher& passwords,
                            const Viewer& viewer,
                            const NewAccount& account);
// In a transaction of Actor{id, system}: what create_account does when the password's hash is known.
Result<User> insert_account(ServiceContext& context,
                            Transaction& transaction,
                            const Viewer& viewer,
                            UserId id,
                            const NewAccount& account,
                            const std::string& password_hash);

using store::AccountRow;
Result<std::vector<AccountRow>> list_accounts(ServiceContext& context);
// Errors: not_found.
Result<User> find_account(ServiceContext& context, const std::string& email);
// Tells the log that the password is another now; never which. After the commit call
// settle_waiting_changes().
Result<void> record_password_change(Transaction& transaction,
                                    const Viewer& owner,
                                    Clock& clock,
                                    Timestamp now);

// Ends all of the account's sessions and its lock after wrong guesses, and not its tokens; a running server
// notices within two seconds. Errors: invalid, not_found.
Result<void> set_account_password(ServiceContext& context,
                                  PasswordHasher& passwords,
                                  const std::string& email,
                                  const std::string& password);

// The secret of a new one-time link while there is no account yet, else nullopt. It lives for a day; other
// processes may have printed theirs, and those stay good until the first account is made.
Result<std::optional<std::string>> create_setup_token(ServiceContext& context);
Result<bool> is_setup_token_good(ServiceContext& context, const std::string& token);

// Removes what had ended or was old at `now`: sessions, counters, answers; for a background job, now and
// then.
Result<void> forget_ended_credentials(ServiceContext& context, Timestamp now);

}  // namespace dits
