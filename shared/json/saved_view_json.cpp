#include "shared/json/saved_view_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

void read_own_fields(FieldReader& reader, SavedView& view) {
  reader.read("id", view.id);
  reader.read("name", view.name);
  reader.read("query", view.query);
  reader.read_stored("settings", view.settings);
  reader.read("position", view.position);
}

}  // namespace

Json saved_view_to_json(const SavedView& view) {
  ObjectValue out;
  out.put("id", view.id);
  out.put("name", view.name);
  out.put("query", view.query);
  out.put("settings", StoredJson{view.settings});
  out.put("position", view.position);
  out.put("createdAt", view.created_at);
  out.put("updatedAt", view.updated_at);
  out.put("deletedAt", view.deleted_at);
  return out.take();
}

Result<void> apply_saved_view_values(const Json& values, SavedView& view) {
  FieldReader reader(values);
  read_own_fields(reader, view);
  reader.read("createdAt", view.created_at);
  reader.read("updatedAt", view.updated_at);
  reader.read("deletedAt", view.deleted_at);
  return reader.result();
}

Result<SavedView> saved_view_from_json(const Json& json) {
  SavedView view;
  TRY(apply_saved_view_values(json, view));
  return view;
}

Result<SavedView> saved_view_draft_from_json(const Json& body) {
  FieldReader reader(body);
  SavedView view;
  read_own_fields(reader, view);
  reader.require_name("name", view.name);
  reader.refuse_read_only({"createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(view));
  return view;
}

Result<SavedViewPatch> saved_view_patch_from_json(const Json& body) {
  FieldReader reader(body);
  SavedViewPatch patch;
  reader.read_name_change("name", patch.name);
  reader.read_change("query", patch.query);
  reader.read_stored_change("settings", patch.settings);
  reader.read_change("position", patch.position);
  reader.refuse_read_only({"id", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  return patch;
}

Json saved_view_patch_to_json(const SavedViewPatch& patch) {
  ObjectValue out;
  if (patch.name) out.put("name", *patch.name);
  if (patch.query) out.put("query", *patch.query);
  if (patch.settings) out.put("settings", StoredJson{*patch.settings});
  if (patch.position) out.put("position", *patch.position);
  return out.take();
}

}  // namespace dits
