// How issues flow as JSON, in both directions.
#pragma once

#include <string>
#include <string_view>

#include "shared/json/value.hpp"
#include "shared/model/insights.hpp"

namespace dits {

std::string insights_text(const Insights& insights);
// Errors: invalid.
Result<Insights> insights_from_text(std::string_view text);

}  // namespace dits
