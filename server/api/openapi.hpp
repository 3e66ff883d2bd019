// The OpenAPI 3.1 document and a page to read it, both made from the route tables and the schemas of
// shared/api.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http/route.hpp"

namespace dits {

std::string openapi_document(const std::vector<http::Route>& routes);
// HTML without script or style of its own; the style sheet is docs_style().
std::string docs_page(const std::vector<http::Route>& routes);
std::string_view docs_style();

// One line a route: method, path, who, scope, what is special. Kept in tests/golden/routes.txt.
std::string routes_listing(const std::vector<http::Route>& routes);

// /api/openapi.json, /api/docs and its style sheet, telling of `routes` and of themselves.
std::vector<http::Route> openapi_routes(const std::vector<http::Route>& routes);

}  // namespace dits
