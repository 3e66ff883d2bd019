#include "shared/json/label_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

Json label_to_json(const Label& label) {
  ObjectValue out;
  out.put("id", label.id);
  out.put("name", label.name);
  out.put("color", label.color);
  out.put("createdAt", label.created_at);
  out.put("updatedAt", label.updated_at);
  out.put("deletedAt", label.deleted_at);
  return out.take();
}

Result<void> apply_label_values(const Json& values, Label& label) {
  FieldReader reader(values);
  reader.read("id", label.id);
  reader.read("name", label.name);
  reader.read("color", label.color);
  reader.read("createdAt", label.created_at);
  reader.read("updatedAt", label.updated_at);
  reader.read("deletedAt", label.deleted_at);
  return reader.result();
}

Result<Label> label_from_json(const Json& json) {
  Label label;
  TRY(apply_label_values(json, label));
  return label;
}

Result<Label> label_draft_from_json(const Json& body) {
  FieldReader reader(body);
  Label label;
  reader.read("id", label.id);
  reader.require_name("name", label.name);
  reader.read("color", label.color);
  reader.refuse_read_only({"createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  TRY(validate(label));
  return label;
}

Result<LabelPatch> label_patch_from_json(const Json& body) {
  FieldReader reader(body);
  LabelPatch patch;
  reader.read_name_change("name", patch.name);
  reader.read_change("color", patch.color);
  reader.refuse_read_only({"id", "createdAt", "updatedAt", "deletedAt"});
  TRY(reader.finish());
  return patch;
}

Json label_patch_to_json(const LabelPatch& patch) {
  ObjectValue out;
  if (patch.name) out.put("name", *patch.name);
  if (patch.color) out.put("color", *patch.color);
  return out.take();
}

}  // namespace dits
