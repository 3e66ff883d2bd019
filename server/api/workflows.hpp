// The resource /workflows, with the statuses of each.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> workflow_routes(ServiceContext& context);

}  // namespace dits
