#include "shared/json/attachment_json.hpp"

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

Json attachment_to_json(const Attachment& attachment) {
  ObjectValue out;
  out.put("id", attachment.id);
  out.put("issueId", attachment.issue_id);
  out.put("fileName", attachment.file_name);
  out.put("contentType", attachment.content_type);
  out.put("byteSize", attachment.byte_size);
  out.put("sha256", attachment.sha256);
  out.put("createdAt", attachment.created_at);
  out.put("updatedAt", attachment.updated_at);
  out.put("deletedAt", attachment.deleted_at);
  return out.take();
}

Result<void> apply_attachment_values(const Json& values, Attachment& attachment) {
  FieldReader reader(values);
  reader.read("id", attachment.id);
  reader.read("issueId", attachment.issue_id);
  reader.read("fileName", attachment.file_name);
  reader.read("contentType", attachment.content_type);
  reader.read("byteSize", attachment.byte_size);
  reader.read("sha256", attachment.sha256);
  reader.read("createdAt", attachment.created_at);
  reader.read("updatedAt", attachment.updated_at);
  reader.read("deletedAt", attachment.deleted_at);
  return reader.result();
}

Result<Attachment> attachment_from_json(const Json& json) {
  Attachment attachment;
  TRY(apply_attachment_values(json, attachment));
  return attachment;
}

}  // namespace dits
