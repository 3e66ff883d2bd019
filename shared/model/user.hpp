// The person who owns everything. DITS serves one developer; more accounts on one instance share nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class Role { user, admin };
std::string_view name_of(Role role);  // "USER", "ADMIN"
Result<Role> role_from_name(std::string_view name);

struct User {
  UserId id;
  std::string email;
  std::string name;
  std::string avatar;              // URL path or empty
  std::string preferences = "{}";  // a JSON object, kept as the web app wrote it
  Role role = Role::user;
  Timestamp created_at;
  Timestamp updated_at;
};

struct UserPatch {
  std::optional<std::string> name;
  std::optional<std::string> avatar;
  std::optional<std::string> preferences;
};

void apply(const UserPatch& patch, User& user);

// Errors: invalid with the field's name. An address is 3..254 bytes with one '@' and a dotted or local
// domain.
Result<void> validate_email(std::string_view email);
Result<void> validate_user_name(std::string_view name);     // 1..100 code points
Result<void> validate_password(std::string_view password);  // 8..128 code points

}  // namespace dits
