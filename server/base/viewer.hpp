// Who is asking, as the router found out, and what they may do. Every service call takes one.
#pragma once

#include <string>

#include "shared/core/id.hpp"
#include "shared/model/user.hpp"

namespace dits {

enum class Scope { none, read, write, admin };  // ascending: write includes read, admin includes write

enum class CredentialKind { none, session, token, command_line };

struct Viewer {
  UserId user_id;
  Role role = Role::user;
  Scope scope = Scope::none;
  CredentialKind credential = CredentialKind::none;
  SessionId session_id;    // set when credential is session
  ApiTokenId token_id;     // set when credential is token
  std::string ip_address;  // for the audit row
  std::string user_agent;
  std::string request_id;

  bool is_known() const { return user_id.is_set(); }
};

}  // namespace dits
