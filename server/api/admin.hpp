// The routes below /admin, for administrators alone.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/admin.hpp"

namespace dits {

// `admin` outlives the routes.
std::vector<http::Route> admin_routes(AdminContext& admin);
// Those of Studio.
std::vector<http::Route> studio_routes(AdminContext& admin);

}  // namespace dits
