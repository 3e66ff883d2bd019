// The OpenAPI 3.1 document, made from the route tables and the schemas of shared/api.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http/route.hpp"
#include "shared/json/value.hpp"

namespace dits {

std::string openapi_document(const std::vector<http::Route>& routes);
// Its parts: the schemas by their names, what a token needs ("write"), and the heading a route belongs to.
Json openapi_schemas(const std::vector<http::Route>& routes);
std::string_view name_of_scope(Scope scope);
std::string tag_of(const http::Route& route);

// One line a route: method, path, who, scope, what is special. Kept in tests/golden/routes.txt.
std::string routes_listing(const std::vector<http::Route>& routes);

// /api/openapi.json, /api/docs and its style sheet, telling of `routes` and of themselves.
std::vector<http::Route> openapi_routes(const std::vector<http::Route>& routes);

}  // namespace dits
