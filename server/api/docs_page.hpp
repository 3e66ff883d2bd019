// The OpenAPI document as a page to read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http/route.hpp"

namespace dits {

// HTML without script or style of its own; the style sheet is docs_style().
std::string docs_page(const std::vector<http::Route>& routes);
std::string_view docs_style();  // CSS

}  // namespace dits
