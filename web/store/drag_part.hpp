// Which part of the days of an issue is dragged.
#pragma once

#include <cstdint>

namespace dits::web {

// Of a span on a calendar or plan; link: from its end to what it shall block.
enum class DragPart : std::uint8_t { whole, start, due, link };

}  // namespace dits::web
