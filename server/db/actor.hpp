// On whose behalf statements run.
#pragma once

#include "shared/core/id.hpp"

namespace dits {

// Whom row-level security sees: what dits.user_id (and dits.system) say. `system` is for what happens before
// or beside a login (sessions, tokens, registration, schema_migrations): it opens the tables of accounts,
// never a user's owned tables.
struct Actor {
  UserId user_id;
  bool system = false;

  static Actor of_user(UserId id) { return {id, false}; }
  static Actor of_system() { return {{}, true}; }
  friend bool operator==(const Actor&, const Actor&) = default;
};

}  // namespace dits
