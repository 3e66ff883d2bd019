// What only administrators may ask: the state of the database and of the pool, and which statements take
// long. The routes say who = admin; nothing here asks again.
#pragma once

#include <functional>

#include "server/cache/credential_memory.hpp"
#include "server/cache/session_cache.hpp"
#include "server/db/pooled_database.hpp"
#include "server/service/context.hpp"
#include "shared/json/value.hpp"
#include "shared/model/system.hpp"

namespace dits {

struct AdminContext {
  ServiceContext& services;
  PooledDatabase& database;  // the pool whose figures are shown
  SessionCache* session_cache = nullptr;
  // The database as Studio's own login sees it. Errors: unavailable, with what somebody has to do.
  std::function<Result<Database*>()> studio = [] {
    return Result<Database*>(unavailable("Studio is not set up here."));
  };
  // How the server does, with the samples that are later than `since`. Set by the wiring of a server.
  std::function<Result<SystemOverview>(Timestamp since)> system = [](Timestamp) {
    return Result<SystemOverview>(unavailable("Nobody takes samples here."));
  };
  CredentialMemory* memory = nullptr;  // null: this process remembers nobody by itself
};

// {"server": {…}, "database": {…}, "pool": {…}}. Errors: unavailable.
Result<Json> database_info(AdminContext& admin);

// Every named statement since the start of this process, the one that took the most time in all first.
Json statement_figures(AdminContext& admin);

}  // namespace dits
