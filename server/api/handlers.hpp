// What the handlers of all resources share: reading ids, bodies and preconditions, and writing lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/route.hpp"
#include "server/service/context.hpp"
#include "shared/json/value.hpp"

namespace dits {

using ContextHandler = Result<http::Response> (*)(ServiceContext&, const http::Request&);

// The handler as a row of a route table holds it. `context` must outlive it.
http::Handler bound(ServiceContext& context, ContextHandler handler);

// The id in the path; what is no UUID does not exist. Errors: not_found.
Result<Uuid> uuid_param(const http::Request& request, std::string_view name = "id");
template <typename IdType>
Result<IdType> id_param(const http::Request& request, std::string_view name = "id") {
  return IdType{TRY(uuid_param(request, name))};
}

// The body as a JSON object. Errors: invalid.
Result<Json> body_of(const http::Request& request);

// The versions that If-Match names ("7", W/"7" or 7, or several); none when the header is absent or "*".
// Errors: invalid.
Result<std::vector<std::int64_t>> if_match(const http::Request& request);

// A whole number within bounds from the query; `otherwise` when absent. Errors: invalid.
Result<std::int64_t> integer_query(const http::Request& request,
                                   std::string_view name,
                                   std::int64_t otherwise,
                                   std::int64_t least,
                                   std::int64_t most);

// "true" or "1", "false" or "0"; false when absent. Errors: invalid.
Result<bool> flag_query(const http::Request& request, std::string_view name);
// The header Time-Zone; empty: there is none. Errors: invalid, when it says nothing or stands there twice.
Result<std::string_view> zone_of(const http::Request& request);

// {"items": […], "nextCursor": null}: a list that has no further page.
template <typename Entity>
http::Response list_response(const std::vector<Entity>& entities, Json (*to_json)(const Entity&)) {
  Json items = Json::array();
  for (const Entity& entity : entities) items.push_back(to_json(entity));
  return http::Response::ok(dump({{"items", std::move(items)}, {"nextCursor", nullptr}}));
}

}  // namespace dits
