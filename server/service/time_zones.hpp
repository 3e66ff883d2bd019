// Whose days a call means: those of the zone that it names, else of the account's, else of UTC.
#pragma once

#include <string_view>

#include "server/service/context.hpp"
#include "shared/core/time_zone.hpp"

namespace dits {

// `named` is "Europe/Vienna", "UTC", "CET", "+02:00", or empty: then it is the one among the account's
// preferences, and UTC where that is none. Errors: invalid, "Time-Zone".
Result<TimeZone> time_zone_of(ServiceContext& context, const Viewer& viewer, std::string_view named);

// That there is a zone of this name. Errors: as above.
Result<void> check_time_zone(ServiceContext& context, const Viewer& viewer, std::string_view name);

}  // namespace dits
