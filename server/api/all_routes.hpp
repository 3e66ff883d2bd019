// Every route of the API, in the order of the documentation.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/admin.hpp"
#include "server/service/auth.hpp"
#include "server/service/context.hpp"

namespace dits {

// `context`, `auth` and `admin` outlive the routes.
std::vector<http::Route> all_routes(ServiceContext& context, AuthContext& auth, AdminContext& admin);

}  // namespace dits
