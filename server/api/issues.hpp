// The resource /issues.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> issue_routes(ServiceContext& context);
// What hangs on an issue: labels, relations, comments, git links.
std::vector<http::Route> issue_part_routes(ServiceContext& context);

}  // namespace dits
