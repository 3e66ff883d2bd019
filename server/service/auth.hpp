// Accounts and how one gets into them: registration, login, logout, passwords, and who a credential belongs
// to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/cache/credential_memory.hpp"
#include "server/cache/session_cache.hpp"
#include "server/service/context.hpp"
#include "server/service/credential_uses.hpp"
#include "server/service/passwords.hpp"
#include "shared/json/account_json.hpp"
#include "shared/model/user.hpp"

namespace dits {

struct AuthContext {
  ServiceContext& services;
  PasswordHasher& passwords;
  SessionCache& session_cache;
  bool open_registration = false;      // anybody may make an account
  CredentialMemory* memory = nullptr;  // null: this process remembers nobody by itself
  CredentialUses uses = {};            // for the wiring to write down
};

// How long a session lives: without use, and at all.
constexpr std::int64_t session_idle_ms = 24LL * 3600 * 1000;
constexpr std::int64_t session_absolute_ms = 30LL * 24 * 3600 * 1000;

struct SignedIn {
  User user;
  SessionId session_id;
  std::string session_token;  // for the cookie; kept nowhere else
};

// Makes the first account for whoever holds the one-time link, later ones only when registration is open. The
// first account is an administrator. Errors: invalid; forbidden, when the link is wrong, used or too old;
// conflict, when the address is taken.
Result<SignedIn> register_account(AuthContext& auth, const Viewer& viewer, const RegisterBody& body);

// Errors: unauthorized, one for all that can be wrong; unavailable with kind "rate_limited".
Result<SignedIn> sign_in(AuthContext& auth, const Viewer& viewer, const LoginBody& body);
Result<void> sign_out(AuthContext& auth, const Viewer& viewer);

// After the commit of whatever ends a session or token: from when it returns on, no instance accepts it any
// more. Takes a round trip or two; a second when an instance does not answer, and a second and a half more
// when the shared cache can't be reached.
void tell_of_revocation(AuthContext& auth);

// Who holds this session cookie or token. Errors: unauthorized.
Result<Viewer> viewer_of_session(AuthContext& auth, const std::string& session_token);
Result<Viewer> viewer_of_token(AuthContext& auth, const std::string& api_token);

Result<User> get_me(ServiceContext& context, const Viewer& viewer);
Result<User> update_me(ServiceContext& context, const Viewer& viewer, const UserPatch& patch);
// Ends all other sessions. Errors: invalid (field currentPassword).
Result<void> change_password(AuthContext& auth, const Viewer& viewer, const PasswordBody& body);

}  // namespace dits
