// Everybody who may come to the API, with what they show, and what that makes of them.
#pragma once

#include <string>
#include <vector>

#include "tests/http/support/in_process_server.hpp"

namespace dits::test {

struct Caller {
  std::string name;
  Headers headers;
  std::string query = {};  // behind the target, where a credential does not belong
  // As whom they act; null: as nobody, who is answered 401.
  const Account* account = nullptr;
  Scope scope = Scope::none;
  bool is_session = false;
  bool is_admin = false;
  bool is_from_elsewhere = false;  // by what its headers say: with a cookie, or none, it changes nothing

  // What the row of the table says about this caller: 401, 403, or 0 when they are let in.
  int refusal_by(const http::Route& route) const;
};

// Three accounts of a server that know nothing of each other.
struct ThreeAccounts {
  Account owner;
  Account stranger;
  Account administrator;

  explicit ThreeAccounts(InProcessServer& server);
};

// Each with credentials of its own, so that a call which ends a session ends nobody else's.
std::vector<Caller> make_callers(InProcessServer& server, const ThreeAccounts& accounts);

}  // namespace dits::test
