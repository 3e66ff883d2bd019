// How the viewer's issues flow, from the log.
#pragma once

#include <cstdint>
#include <string_view>

#include "server/service/issues.hpp"
#include "shared/model/insights.hpp"

namespace dits {

// Of the issues that fit the query now, in the last `days` days of the zone. What the log does not know (an
// import brings issues as they are) is taken to be: an issue was in its workflow's first status until it was
// completed. Errors: invalid, naming q or Time-Zone.
Result<Insights> get_insights(ServiceContext& context,
                              const Viewer& viewer,
                              std::string_view query,
                              std::int64_t days,
                              const AskedZone& zone);

}  // namespace dits
