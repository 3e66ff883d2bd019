// /issues/{id}/attachments: files in, files out.
#pragma once

#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"

namespace dits {

std::vector<http::Route> attachment_routes(ServiceContext& context);

}  // namespace dits
