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

// The height that it takes now, without drawing it. It is loaded for this, as it is for being drawn.
float picture_height(float width, const std::string& url);

// The middle of the picture, filling `r`; false, and nothing drawn, while it is not there or when it can't be
// had.
bool thumbnail(Rect r, const std::string& url);

}  // namespace dits::widgets
