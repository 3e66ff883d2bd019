// The overview of a server as JSON, in both directions.
#pragma once

#include <string>
#include <string_view>

#include "shared/json/value.hpp"
#include "shared/model/system.hpp"

namespace dits {

// Samples go out as lists: {"series": ["requests2xx", …], "samples": [[unix_ms, figure or null, …], …], …}.
std::string system_overview_text(const SystemOverview& overview);
// Series that are not known here are passed over. Errors: invalid.
Result<SystemOverview> system_overview_from_text(std::string_view text);

}  // namespace dits
