// How a list is shown, as the JSON of a saved view's settings and of the browser's storage.
#pragma once

#include <string>
#include <string_view>

#include "web/store/state.hpp"

namespace dits::web {

std::string to_text(const Display& display);
// What is missing or not known keeps its default.
Display display_from_text(std::string_view text);

}  // namespace dits::web
