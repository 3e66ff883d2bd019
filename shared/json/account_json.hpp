// Bodies of /auth: registration, login, passwords and tokens. Each body is refused whole when one field is
// wrong.
#pragma once

#include <optional>
#include <string>

#include "shared/core/result.hpp"
#include "shared/core/time.hpp"
#include "shared/json/value.hpp"

namespace dits {

struct RegisterBody {
  std::string setup_token;  // empty: not given, which only an instance with open registration accepts
  std::string email;
  std::string name;
  std::string password;
};
struct LoginBody {
  std::string email;
  std::string password;
};
struct PasswordBody {
  std::string current_password;
  std::string new_password;
};
enum class TokenScope { read, write, admin };
std::string_view name_of(TokenScope scope);  // "READ", "WRITE", "ADMIN"
Result<TokenScope> token_scope_from_name(std::string_view name);
struct TokenBody {
  std::string name;
  TokenScope scope = TokenScope::read;
  std::optional<Timestamp> expires_at;  // none: does not expire
};

// E-mail, name and new password are checked by the rules of shared/model/user. A login's fields are only
// checked for being texts: what is wrong with them is said like a wrong password.
Result<RegisterBody> register_from_json(const Json& body);
Result<LoginBody> login_from_json(const Json& body);
Result<PasswordBody> password_change_from_json(const Json& body);
Result<TokenBody> token_from_json(const Json& body);

Json register_to_json(const RegisterBody& body);
Json login_to_json(const LoginBody& body);
Json password_change_to_json(const PasswordBody& body);
Json token_to_json(const TokenBody& body);

}  // namespace dits
