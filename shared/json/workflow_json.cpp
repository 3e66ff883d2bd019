#include "shared/json/workflow_json.hpp"

#include "shared/core/sorting.hpp"
#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

enum class Source { server, body };

void read_status_fields(FieldReader& reader, Status& status) {
  reader.read("name", status.name);
  reader.read("color", status.color);
  reader.read("position", status.position);
  reader.read("isClosed", status.is_closed);
}

// Reads the list into `into`; positions follow the order of a body, and what our own server sent is sorted by
// them.
void read_statuses(FieldReader& reader, const Json& list, Source source, std::vector<Status>& into) {
  if (!list.is_array()) {
    reader.refuse("statuses", "Must be a list of statuses");
    return;
  }
  into.clear();
  for (std::size_t at = 0; at < list.size(); ++at) {
    FieldReader element(list[at], "statuses[" + std::to_string(at) + "].");
    Status status;
    element.read("id", status.id);
    read_status_fields(element, status);
    if (source == Source::body) {
      element.require_name("name", status.name);
      element.refuse_read_only({"workflowId", "createdAt", "updatedAt"});
      status.position = static_cast<std::int32_t>(at);
    } else {
      element.read("workflowId", status.workflow_id);
      element.read("createdAt", status.created_at);
      element.read("updatedAt", status.updated_at);
    }
    const Result<void> read = source == Source::body ? element.finish() : element.result();
    if (!read) reader.refuse(read.error());
    into.push_back(std::move(status));
  }
  sort_stably(into, [](const Status& a, const Status& b) { return a.position < b.position; });
}

void read_transitions(FieldReader& reader, const Json& list, std::vector<Transition>& into) {
  if (!list.is_array()) {
    reader.refuse("transitions", "Must be a list of {from, to}");
    return;
  }
  into.clear();
  for (std::size_t at = 0; at < list.size(); ++at) {
    FieldReader element(list[at], "transitions[" + std::to_string(at) + "].");
    Transition transition;
    element.require("from", transition.from);
    element.require("to", transition.to);
    if (const Result<void> read = element.finish(); !read) reader.refuse(read.error());
    into.push_back(std::move(transition));
  }
}

void read_own_fields(FieldReader& reader, Workflow& workflow, Source source) {
  reader.read("id", workflow.id);
  reader.read_reference("projectId", workflow.project_id);
  reader.read("name", workflow.name);
  if (const Json* list = reader.find("transitions")) read_transitions(reader, *list, workflow.transitions);
  if (const Json* list = reader.find("statuses")) read_statuses(reader, *list, source, workflow.statuses);
}

Json statuses_to_json(const std::vector<Status>& statuses) {
  Json list = Json::array();
  for (const Status& status : statuses) list.push_back(status_to_json(status));
  return list;
}

}  // namespace

Json status_to_json(const Status& status) {
  ObjectValue out;
  out.put("id", status.id);
  out.put("workflowId", status.workflow_id);
  out.put("name", status.name);
  out.put("color", status.color);
  out.put("position", status.position);
  out.put("isClosed", status.is_closed);
  out.put("createdAt", status.created_at);
  out.put("updatedAt", status.updated_at);
  return out.take();
}

Json transitions_to_json(const std::vector<Transition>& transitions) {
  Json list = Json::array();
  for (const Transition& transition : transitions) {
    ObjectValue out;
    out.put("from", transition.from);
    out.put("to", transition.to);
    list.push_back(out.take());
  }
  return list;
}

Json workflow_to_json(const Workflow& workflow) {
  ObjectValue out;
  out.put("id", workflow.id);
  out.put("projectId", workflow.project_id);
  out.put("name", workflow.name);
  out.put("isDefault", workflow.is_default);
  Json json = out.take();
  json["transitions"] = transitions_to_json(workflow.transitions);
  json["statuses"] = statuses_to_json(workflow.statuses);
  json["createdAt"] = to_value(workflow.created_at);
  json["updatedAt"] = to_value(workflow.updated_at);
  json["deletedAt"] = to_value(workflow.deleted_at);
  return json;
}

Result<void> apply_workflow_values(const Json& values, Workflow& workflow) {
  FieldReader reader(values);
  read_own_fields(reader, workflow, Source::server);
  reader.read("isDefault", workflow.is_default);
  reader.read("createdAt", workflow.created_at);
  reader.read("updatedAt", workflow.updated_at);
  reader.read("deletedAt", workflow.deleted_at);
  return reader.result();
}

Result<Workflow> workflow_from_json(const Json& json) {
  Workflow workflow;
  TRY(apply_workflow_values(json, workflow));
  return workflow;
}

Result<std::vector<Transition>> transitions_from_json(const Json& json) {
  const Json wrapped = {{"transitions", json}};
  FieldReader reader(wrapped);
  std::vector<Transition> transitions;
  read_transitions(reader, json, transitions);
  TRY(reader.result());
  return transitions;
}

Result<Workflow> workflow_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Workflow workflow;
  read_own_fields(reader, workflow, Source::body);
  reader.require_name("name", workflow.name);
  if (reader.is_object() && reader.find("statuses") == nullptr) reader.refuse("statuses", "Is required");
  reader.refuse_read_only({"isDefault", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(workflow));
  return workflow;
}

Result<WorkflowPatch> workflow_patch_from_json(const Json& body) {
  FieldReader reader(body);
  WorkflowPatch patch;
  reader.read_name_change("name", patch.name);
  reader.read_reference_change("projectId", patch.project_id);
  if (const Json* list = reader.find("transitions")) {
    read_transitions(reader, *list, patch.transitions.emplace());
  }
  if (const Json* list = reader.find("statuses")) {
    read_statuses(reader, *list, Source::body, patch.statuses.emplace());
  }
  reader.refuse_read_only({"id", "isDefault", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  return patch;
}

Json workflow_patch_to_json(const WorkflowPatch& patch) {
  Json json = Json::object();
  if (patch.name) json["name"] = *patch.name;
  if (patch.project_id) json["projectId"] = to_value(*patch.project_id);
  if (patch.transitions) json["transitions"] = transitions_to_json(*patch.transitions);
  if (patch.statuses) {
    Json list = Json::array();
    for (const Status& status : *patch.statuses) {
      ObjectValue out;
      if (status.id.is_set()) out.put("id", status.id);
      out.put("name", status.name);
      out.put("color", status.color);
      out.put("isClosed", status.is_closed);
      list.push_back(out.take());
    }
    json["statuses"] = std::move(list);
  }
  return json;
}

Result<Status> status_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Status status;
  reader.read("id", status.id);
  read_status_fields(reader, status);
  reader.require_name("name", status.name);
  reader.refuse_read_only({"workflowId", "createdAt", "updatedAt"});
  TRY(reader.finish());
  return status;
}

Result<Status> status_changed_by_json(const Json& body, Status before) {
  FieldReader reader(body);
  read_status_fields(reader, before);
  reader.read_name("name", before.name);
  reader.refuse_read_only({"id", "workflowId", "createdAt", "updatedAt"});
  TRY(reader.finish());
  return before;
}

}  // namespace dits
