// A picture of our own server, never larger than its place.
#pragma once

#include <string>
#include <string_view>

namespace dits::widgets {

// The height that it took. `text` stands for it while it loads, when it can't be had, and for those who do
// not see it.
float picture(
    std::string_view id, float x, float y, float width, const std::string& url, std::string_view text);

}  // namespace dits::widgets
