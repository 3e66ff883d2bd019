// The roles of the database: the owner, who makes the schema, the app role, which serves requests
// without the right to change the schema and under row-level security.
#pragma once

#include <string>

#include "server/db/connection.hpp"
#include "shared/core/result.hpp"

namespace dits {

// Makes the app role where we may, and grants it what requests need. Call after each migration.
Result<void> grant_app_role(Connection& owner);

// Is the app role there with all it needs, or (for a plain owner, who serves the requests itself) not needed?
Result<bool> app_role_is_ready(Connection& owner);

// Lets a plain owner's backup see every row: forced row-level security binds it too, so each such table gets
// a policy that opens reading to a session that says dits.backup = on. A login that bypasses row-level
// security needs none. True when the session must say so.
Result<bool> open_tables_for_backup(Connection& owner);

// Studio's login, which sees all rows and no secrets; what it may do is in roles.cpp.
inline constexpr std::string_view studio_role = "dits_studio";
// How Studio's pool logs in on the owner's database (`database`: instead of the URL's). Errors: unavailable,
// with what somebody has to do, when the role is not there and we may not make it.
Result<ConnectionOptions> studio_connection(const Secret& owner_url, std::string_view database = {});

// The role that the pool must take on this database: "dits_app" when the login could bypass row-level
// security (a superuser, or BYPASSRLS), else empty: forced row-level security binds a plain owner too.
// Errors: unavailable when such a login lacks the role.
Result<std::string> role_for_pool(Connection& login);

}  // namespace dits
