// A picture of our own server, never larger than its place.
#pragma once

#include <string>
#include <string_view>

#include "web/widgets/geometry.hpp"

namespace dits::widgets {

// The height that it took. `text` stands for it while it loads, when it can't be had, and for those who do
// not see it.
float picture(
    std::string_view id, float x, float y, float width, const std::string& url, std::string_view text);

// The middle of the picture, filling `r`; false, and nothing drawn, while it is not there or when it can't be
// had.
bool thumbnail(Rect r, const std::string& url);

}  // namespace dits::widgets
