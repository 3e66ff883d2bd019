// The resource /auth: registration, login, the account itself, its sessions and tokens.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/auth.hpp"

namespace dits {

// `auth` outlives the routes.
std::vector<http::Route> auth_routes(AuthContext& auth);

}  // namespace dits
