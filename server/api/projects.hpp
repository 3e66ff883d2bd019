// The resource /projects.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> project_routes(ServiceContext& context);

}  // namespace dits
