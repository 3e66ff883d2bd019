// What Dear ImGui is given for a text that it cannot draw by itself: each run of it that the browser has to
// draw (text_runs.hpp) stands as one character of the private use area, whose picture the browser makes
// (glyphs.hpp). So runs are measured, packed and drawn as all other characters are.
#pragma once

#include <string_view>

namespace dits::widgets {

// The text itself, or what stands for it, until the next call.
std::string_view shaped(std::string_view text);

}  // namespace dits::widgets
