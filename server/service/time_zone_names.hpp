// Names of time zones that are no places: "GMT", "CET", "Japan".
#pragma once

#include <string_view>

namespace dits {

// The place whose clock such a name means, whatever its case; empty: it is none of these. PostgreSQL would
// take some of them for abbreviations, which have no summer.
std::string_view place_of_zone_name(std::string_view name);

}  // namespace dits
