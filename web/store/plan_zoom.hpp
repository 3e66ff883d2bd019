// How much time a plan shows at once.
#pragma once

#include <cstdint>
#include <string_view>

namespace dits::web {

enum class PlanZoom : std::uint8_t { day, week, month, quarter };
constexpr int plan_zoom_count = 4;
std::string_view name_of(PlanZoom zoom);  // "day": the word in the URL
float pixels_per_day(PlanZoom zoom);

}  // namespace dits::web
