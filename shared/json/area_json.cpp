#include "shared/json/area_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

void read_own_fields(FieldReader& reader, Area& area) {
  reader.read("id", area.id);
  reader.read("name", area.name);
  reader.read("description", area.description);
  reader.read("color", area.color);
  reader.read_stored("settings", area.settings);
}

}  // namespace

Json area_to_json(const Area& area) {
  ObjectValue out;
  out.put("id", area.id);
  out.put("name", area.name);
  out.put("description", area.description);
  out.put("color", area.color);
  out.put("settings", StoredJson{area.settings});
  out.put("createdAt", area.created_at);
  out.put("updatedAt", area.updated_at);
  out.put("deletedAt", area.deleted_at);
  return out.take();
}

Result<void> apply_area_values(const Json& values, Area& area) {
  FieldReader reader(values);
  read_own_fields(reader, area);
  reader.read("createdAt", area.created_at);
  reader.read("updatedAt", area.updated_at);
  reader.read("deletedAt", area.deleted_at);
  return reader.result();
}

Result<Area> area_from_json(const Json& json) {
  Area area;
  TRY(apply_area_values(json, area));
  return area;
}

Result<Area> area_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Area area;
  read_own_fields(reader, area);
  reader.require_name("name", area.name);
  reader.refuse_read_only({"createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(area));
  return area;
}

Result<AreaPatch> area_patch_from_json(const Json& body) {
  FieldReader reader(body);
  AreaPatch patch;
  reader.read_name_change("name", patch.name);
  reader.read_change("description", patch.description);
  reader.read_change("color", patch.color);
  reader.read_stored_change("settings", patch.settings);
  reader.refuse_read_only({"id", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  return patch;
}

Json area_patch_to_json(const AreaPatch& patch) {
  ObjectValue out;
  if (patch.name) out.put("name", *patch.name);
  if (patch.description) out.put("description", *patch.description);
  if (patch.color) out.put("color", *patch.color);
  if (patch.settings) out.put("settings", StoredJson{*patch.settings});
  return out.take();
}

}  // namespace dits
