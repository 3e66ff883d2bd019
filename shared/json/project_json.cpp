#include "shared/json/project_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

void read_own_fields(FieldReader& reader, Project& project) {
  reader.read("id", project.id);
  reader.read("name", project.name);
  reader.read("description", project.description);
  reader.read_enum("status", project.status, project_status_from_name);
  reader.read("startDate", project.start_date);
  reader.read("endDate", project.end_date);
  reader.read_stored("settings", project.settings);
}

}  // namespace

Json project_to_json(const Project& project) {
  ObjectValue out;
  out.put("id", project.id);
  out.put("name", project.name);
  out.put("description", project.description);
  out.put("status", name_of(project.status));
  out.put("startDate", project.start_date);
  out.put("endDate", project.end_date);
  out.put("settings", StoredJson{project.settings});
  out.put("createdAt", project.created_at);
  out.put("updatedAt", project.updated_at);
  out.put("deletedAt", project.deleted_at);
  return out.take();
}

Result<void> apply_project_values(const Json& values, Project& project) {
  FieldReader reader(values);
  read_own_fields(reader, project);
  reader.read("createdAt", project.created_at);
  reader.read("updatedAt", project.updated_at);
  reader.read("deletedAt", project.deleted_at);
  return reader.result();
}

Result<Project> project_from_json(const Json& json) {
  Project project;
  TRY(apply_project_values(json, project));
  return project;
}

Result<Project> project_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Project project;
  read_own_fields(reader, project);
  reader.require_name("name", project.name);
  reader.refuse_read_only({"createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(project));
  return project;
}

Result<ProjectPatch> project_patch_from_json(const Json& body) {
  FieldReader reader(body);
  ProjectPatch patch;
  reader.read_name_change("name", patch.name);
  reader.read_change("description", patch.description);
  reader.read_enum_change("status", patch.status, project_status_from_name);
  reader.read_change("startDate", patch.start_date);
  reader.read_change("endDate", patch.end_date);
  reader.read_stored_change("settings", patch.settings);
  reader.refuse_read_only({"id", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  return patch;
}

Json project_patch_to_json(const ProjectPatch& patch) {
  ObjectValue out;
  if (patch.name) out.put("name", *patch.name);
  if (patch.description) out.put("description", *patch.description);
  if (patch.status) out.put("status", name_of(*patch.status));
  if (patch.start_date) out.put("startDate", *patch.start_date);
  if (patch.end_date) out.put("endDate", *patch.end_date);
  if (patch.settings) out.put("settings", StoredJson{*patch.settings});
  return out.take();
}

}  // namespace dits
