// The resource /views.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> saved_view_routes(ServiceContext& context);

}  // namespace dits
