// What the machine's owner changes of an account that is there; see accounts.hpp. At least one administrator
// who can sign in always stays.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/service/context.hpp"
#include "shared/model/user.hpp"

namespace dits {

struct AccountChange {
  std::optional<std::string> email = {};
  std::optional<std::string> name = {};
  std::optional<Role> role = {};
  std::optional<bool> is_disabled =
      {};  // its sessions end (the database sees to it); its tokens count again when it is enabled
};

// The account after the change; unchanged, without an entry in its log, when nothing differs. A running
// server notices within two seconds. Errors: invalid; not_found; conflict, kinds "email_taken" and
// "last_administrator".
Result<User> change_account(ServiceContext& context, const std::string& email, const AccountChange& change);

// For ever, with everything that it owns. Errors: not_found; conflict, kind "last_administrator".
Result<void> delete_account(ServiceContext& context, const std::string& email);

}  // namespace dits
