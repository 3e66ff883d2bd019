// What the forms of the account hold when they are sent.
#pragma once

#include <string>

namespace dits::web {

// Who signs in, or makes the first account.
struct Credentials {
  std::string email;
  std::string password;
  std::string name;
};
struct PasswordChange {
  std::string current;
  std::string next;
};
struct TokenRequest {
  std::string name;
  std::string scope = "write";  // "read", "write", "admin"
  int days = 0;                 // 0: does not expire
};

}  // namespace dits::web
