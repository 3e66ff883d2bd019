// Every route of the API, in the order of the documentation.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/auth.hpp"
#include "server/service/context.hpp"

namespace dits {

// `context` and `auth` outlive the routes.
std::vector<http::Route> all_routes(ServiceContext& context, AuthContext& auth);

}  // namespace dits
