// The resource /areas.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> area_routes(ServiceContext& context);

}  // namespace dits
