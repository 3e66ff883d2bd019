// The resource /views.
#include "server/api/saved_views.hpp"

#include "server/api/handlers.hpp"
#include "server/service/saved_views.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/saved_view_json.hpp"

namespace dits {

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return list_response(TRY(list_saved_views(context, request.viewer)), saved_view_to_json);
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  const SavedViewId id = TRY(id_param<SavedViewId>(request));
  return http::Response::ok(dump(saved_view_to_json(TRY(get_saved_view(context, request.viewer, id)))));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  SavedView draft = TRY(saved_view_draft_from_json(body));
  const SavedView created = TRY(create_saved_view(context, request.viewer, std::move(draft)));
  return http::Response::created(dump(saved_view_to_json(created)),
                                 paths::path_with(paths::view, created.id));
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const SavedViewId id = TRY(id_param<SavedViewId>(request));
  const Json body = TRY(body_of(request));
  const SavedViewPatch changes = TRY(saved_view_patch_from_json(body));
  return http::Response::ok(
      dump(saved_view_to_json(TRY(update_saved_view(context, request.viewer, id, changes)))));
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const SavedViewId id = TRY(id_param<SavedViewId>(request));
  TRY(remove_saved_view(context, request.viewer, id));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const SavedViewId id = TRY(id_param<SavedViewId>(request));
  return http::Response::ok(dump(saved_view_to_json(TRY(restore_saved_view(context, request.viewer, id)))));
}

std::vector<http::Route> saved_view_routes(ServiceContext& context) {
  using http::Who;
  return {
      {http::Method::get,
       paths::views,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists views", {}, "SavedViewPage"}},
      {http::Method::post,
       paths::views,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates a view", "SavedViewCreate", "SavedView"}},
      {http::Method::get,
       paths::view,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows a view", {}, "SavedView"}},
      {http::Method::patch,
       paths::view,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes a view", "SavedViewChange", "SavedView"}},
      {http::Method::del,
       paths::view,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts a view into the trash"}},
      {http::Method::post,
       paths::view_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes a view out of the trash", {}, "SavedView"}},
  };
}

}  // namespace dits
