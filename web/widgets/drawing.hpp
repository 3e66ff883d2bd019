// What may end the program while it is drawn: the platform's mark of it, for screens.
#pragma once

#include "web/platform/drawing.hpp"

namespace dits::widgets {

using dits::Drawing;
using dits::forgive_drawing;
using dits::has_ended_drawing;

}  // namespace dits::widgets
