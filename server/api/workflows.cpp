// The resource /workflows, with the statuses of each.
#include "server/api/workflows.hpp"

#include <limits>

#include "server/api/handlers.hpp"
#include "server/service/workflows.hpp"
#include "shared/api/paths.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/workflow_json.hpp"

namespace dits {

static Result<http::Response> get_list(ServiceContext& context, const http::Request& request) {
  TRY(request.refuse_unknown_query({}));
  return list_response(TRY(list_workflows(context, request.viewer)), workflow_to_json);
}

static Result<http::Response> get_one(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  return http::Response::ok(dump(workflow_to_json(TRY(get_workflow(context, request.viewer, id)))));
}

static Result<http::Response> create(ServiceContext& context, const http::Request& request) {
  const Json body = TRY(body_of(request));
  Workflow draft = TRY(workflow_draft_from_json(body));
  const Workflow created = TRY(create_workflow(context, request.viewer, std::move(draft)));
  return http::Response::created(dump(workflow_to_json(created)),
                                 paths::path_with(paths::workflow, created.id));
}

// "replacements": [{"from": status, "to": status}], which PATCH takes beside the fields of a workflow.
static Result<std::vector<StatusReplacement>> take_replacements(Json& body) {
  std::vector<StatusReplacement> replacements;
  const auto list = body.find("replacements");
  if (list == body.end()) return replacements;
  if (!list->is_array()) return invalid("replacements", "Must be a list of {from, to}.");
  for (const Json& element : *list) {
    FieldReader reader(element, "replacements.");
    StatusReplacement replacement;
    reader.require("from", replacement.from);
    reader.require("to", replacement.to);
    TRY(reader.finish());
    replacements.push_back(replacement);
  }
  body.erase("replacements");
  return replacements;
}

static Result<http::Response> change(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  Json body = TRY(body_of(request));
  const std::vector<StatusReplacement> replacements = TRY(take_replacements(body));
  const WorkflowPatch patch = TRY(workflow_patch_from_json(body));
  const Workflow changed = TRY(update_workflow(context, request.viewer, id, patch, replacements));
  return http::Response::ok(dump(workflow_to_json(changed)));
}

static Result<http::Response> remove(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  TRY(remove_workflow(context, request.viewer, id));
  return http::Response::no_content();
}

static Result<http::Response> restore(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  return http::Response::ok(dump(workflow_to_json(TRY(restore_workflow(context, request.viewer, id)))));
}

static Result<http::Response> get_statuses(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  const Workflow workflow = TRY(get_workflow(context, request.viewer, id));
  return list_response(workflow.statuses, status_to_json);
}

static Result<http::Response> post_status(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  const Json body = TRY(body_of(request));
  Status draft = TRY(status_draft_from_json(body));
  if (!body.contains("position")) draft.position = std::numeric_limits<std::int32_t>::max();
  const Status created = TRY(create_status(context, request.viewer, id, std::move(draft)));
  return http::Response::created(
      dump(status_to_json(created)),
      paths::path_with(paths::workflow_status, {to_string(id), to_string(created.id)}));
}

static Result<http::Response> patch_status(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  const StatusId status_id = TRY(id_param<StatusId>(request, "statusId"));
  const Json body = TRY(body_of(request));
  const Status after = TRY(update_status(context, request.viewer, id, status_id, [&](const Status& before) {
    return status_changed_by_json(body, before);
  }));
  return http::Response::ok(dump(status_to_json(after)));
}

static Result<http::Response> remove_one_status(ServiceContext& context, const http::Request& request) {
  const WorkflowId id = TRY(id_param<WorkflowId>(request));
  const StatusId status_id = TRY(id_param<StatusId>(request, "statusId"));
  TRY(request.refuse_unknown_query({"replacement"}));
  StatusId replacement;
  if (const std::optional<std::string_view> text = request.query("replacement")) {
    const Result<StatusId> parsed = parse_id<StatusTag>(*text);
    if (!parsed) return invalid("replacement", "Must be the id of a status.");
    replacement = *parsed;
  }
  TRY(remove_status(context, request.viewer, id, status_id, replacement));
  return http::Response::no_content();
}

std::vector<http::Route> workflow_routes(ServiceContext& context) {
  using http::Method;
  using http::Who;
  return {
      {Method::get,
       paths::workflows,
       Who::user,
       Scope::read,
       bound(context, get_list),
       {"Lists workflows", {}, "WorkflowPage"}},
      {Method::post,
       paths::workflows,
       Who::user,
       Scope::write,
       bound(context, create),
       {"Creates a workflow", "WorkflowCreate", "Workflow"}},
      {Method::get,
       paths::workflow,
       Who::user,
       Scope::read,
       bound(context, get_one),
       {"Shows a workflow", {}, "Workflow"}},
      {Method::patch,
       paths::workflow,
       Who::user,
       Scope::write,
       bound(context, change),
       {"Changes a workflow", "WorkflowChange", "Workflow"}},
      {Method::del,
       paths::workflow,
       Who::user,
       Scope::write,
       bound(context, remove),
       {"Puts a workflow into the trash"}},
      {Method::post,
       paths::workflow_restore,
       Who::user,
       Scope::write,
       bound(context, restore),
       {"Takes a workflow out of the trash", {}, "Workflow"}},
      {Method::get,
       paths::workflow_statuses,
       Who::user,
       Scope::read,
       bound(context, get_statuses),
       {"Lists the statuses of a workflow", {}, "StatusPage"}},
      {Method::post,
       paths::workflow_statuses,
       Who::user,
       Scope::write,
       bound(context, post_status),
       {"Adds a status", "StatusCreate", "Status"}},
      {Method::patch,
       paths::workflow_status,
       Who::user,
       Scope::write,
       bound(context, patch_status),
       {"Changes a status", "StatusChange", "Status"}},
      {Method::del,
       paths::workflow_status,
       Who::user,
       Scope::write,
       bound(context, remove_one_status),
       {"Removes a status; its issues get the replacement", {}, {}, "replacement"}},
  };
}

}  // namespace dits
