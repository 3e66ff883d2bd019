#include "shared/json/relation_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

Json relation_to_json(const IssueRelation& relation) {
  ObjectValue out;
  out.put("id", relation.id);
  out.put("sourceId", relation.source_id);
  out.put("targetId", relation.target_id);
  out.put("relationType", name_of(relation.type));
  out.put("createdAt", relation.created_at);
  return out.take();
}

Result<IssueRelation> relation_from_json(const Json& json) {
  FieldReader reader(json);
  IssueRelation relation;
  reader.require("id", relation.id);
  reader.require("sourceId", relation.source_id);
  reader.require("targetId", relation.target_id);
  reader.read_enum("relationType", relation.type, relation_type_from_name);
  reader.read("createdAt", relation.created_at);
  TRY(reader.result());
  return relation;
}

Result<IssueRelation> relation_draft_from_json(const Json& body) {
  FieldReader reader(body);
  IssueRelation relation;
  reader.read("id", relation.id);
  reader.require("targetId", relation.target_id);
  std::string type;
  if (reader.require("relationType", type)) {
    reader.read_enum("relationType", relation.type, relation_type_from_name);
  }
  reader.refuse_read_only({"sourceId", "createdAt"});
  TRY(reader.finish());
  return relation;
}

}  // namespace dits
