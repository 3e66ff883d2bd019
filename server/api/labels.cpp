// The resource /labels.
#include "server/api/labels.hpp"

#include "server/api/handlers.hpp"
#include "server/service/labels.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/label_json.hpp"

namespace dits {

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return list_response(TRY(list_labels(context, request.viewer)), label_to_json);
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  const LabelId id = TRY(id_param<LabelId>(request));
  return http::Response::ok(dump(label_to_json(TRY(get_label(context, request.viewer, id)))));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  Label draft = TRY(label_draft_from_json(body));
  const Label created = TRY(create_label(context, request.viewer, std::move(draft)));
  return http::Response::created(dump(label_to_json(created)), paths::path_with(paths::label, created.id));
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const LabelId id = TRY(id_param<LabelId>(request));
  const Json body = TRY(body_of(request));
  const LabelPatch changes = TRY(label_patch_from_json(body));
  return http::Response::ok(dump(label_to_json(TRY(update_label(context, request.viewer, id, changes)))));
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const LabelId id = TRY(id_param<LabelId>(request));
  TRY(remove_label(context, request.viewer, id));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const LabelId id = TRY(id_param<LabelId>(request));
  return http::Response::ok(dump(label_to_json(TRY(restore_label(context, request.viewer, id)))));
}

std::vector<http::Route> label_routes(ServiceContext& context) {
  using http::Who;
  return {
      {http::Method::get,
       paths::labels,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists labels", {}, "LabelPage"}},
      {http::Method::post,
       paths::labels,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates a label", "LabelCreate", "Label"}},
      {http::Method::get,
       paths::label,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows a label", {}, "Label"}},
      {http::Method::patch,
       paths::label,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes a label", "LabelChange", "Label"}},
      {http::Method::del,
       paths::label,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts a label into the trash"}},
      {http::Method::post,
       paths::label_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes a label out of the trash", {}, "Label"}},
  };
}

}  // namespace dits
