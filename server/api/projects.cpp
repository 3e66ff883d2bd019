// The resource /projects.
#include "server/api/projects.hpp"

#include "server/api/handlers.hpp"
#include "server/service/projects.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/project_json.hpp"

namespace dits {

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return list_response(TRY(list_projects(context, request.viewer)), project_to_json);
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  const ProjectId id = TRY(id_param<ProjectId>(request));
  return http::Response::ok(dump(project_to_json(TRY(get_project(context, request.viewer, id)))));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  Project draft = TRY(project_draft_from_json(body));
  const Project created = TRY(create_project(context, request.viewer, std::move(draft)));
  return http::Response::created(dump(project_to_json(created)),
                                 paths::path_with(paths::project, created.id));
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const ProjectId id = TRY(id_param<ProjectId>(request));
  const Json body = TRY(body_of(request));
  const ProjectPatch changes = TRY(project_patch_from_json(body));
  return http::Response::ok(dump(project_to_json(TRY(update_project(context, request.viewer, id, changes)))));
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const ProjectId id = TRY(id_param<ProjectId>(request));
  TRY(remove_project(context, request.viewer, id));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const ProjectId id = TRY(id_param<ProjectId>(request));
  return http::Response::ok(dump(project_to_json(TRY(restore_project(context, request.viewer, id)))));
}

std::vector<http::Route> project_routes(ServiceContext& context) {
  using http::Who;
  return {
      {http::Method::get,
       paths::projects,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists projects", {}, "ProjectPage"}},
      {http::Method::post,
       paths::projects,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates a project", "ProjectCreate", "Project"}},
      {http::Method::get,
       paths::project,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows a project", {}, "Project"}},
      {http::Method::patch,
       paths::project,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes a project", "ProjectChange", "Project"}},
      {http::Method::del,
       paths::project,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts a project into the trash"}},
      {http::Method::post,
       paths::project_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes a project out of the trash", {}, "Project"}},
  };
}

}  // namespace dits
