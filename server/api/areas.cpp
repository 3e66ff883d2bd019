// The resource /areas.
#include "server/api/areas.hpp"

#include "server/api/handlers.hpp"
#include "server/service/areas.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/area_json.hpp"

namespace dits {

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return list_response(TRY(list_areas(context, request.viewer)), area_to_json);
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  const AreaId id = TRY(id_param<AreaId>(request));
  return http::Response::ok(dump(area_to_json(TRY(get_area(context, request.viewer, id)))));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  Area draft = TRY(area_draft_from_json(body));
  const Area created = TRY(create_area(context, request.viewer, std::move(draft)));
  return http::Response::created(dump(area_to_json(created)), paths::path_with(paths::area, created.id));
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const AreaId id = TRY(id_param<AreaId>(request));
  const Json body = TRY(body_of(request));
  const AreaPatch changes = TRY(area_patch_from_json(body));
  return http::Response::ok(dump(area_to_json(TRY(update_area(context, request.viewer, id, changes)))));
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const AreaId id = TRY(id_param<AreaId>(request));
  TRY(remove_area(context, request.viewer, id));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const AreaId id = TRY(id_param<AreaId>(request));
  return http::Response::ok(dump(area_to_json(TRY(restore_area(context, request.viewer, id)))));
}

std::vector<http::Route> area_routes(ServiceContext& context) {
  using http::Who;
  return {
      {http::Method::get,
       paths::areas,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists areas", {}, "AreaPage"}},
      {http::Method::post,
       paths::areas,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates an area", "AreaCreate", "Area"}},
      {http::Method::get,
       paths::area,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows an area", {}, "Area"}},
      {http::Method::patch,
       paths::area,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes an area", "AreaChange", "Area"}},
      {http::Method::del,
       paths::area,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts an area into the trash"}},
      {http::Method::post,
       paths::area_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes an area out of the trash", {}, "Area"}},
  };
}

}  // namespace dits
