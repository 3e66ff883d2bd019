// The resource /labels.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> label_routes(ServiceContext& context);

}  // namespace dits
