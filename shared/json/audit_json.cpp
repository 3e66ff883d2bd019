#include "shared/json/audit_json.hpp"

#include <string_view>

#include "shared/json/fields.hpp"
#include "shared/json/writer.hpp"

namespace dits {

namespace {

template <typename Sink>
void put_entry(Sink& sink, const AuditEntry& entry) {
  sink.put("changeId", entry.change_id);
  sink.put("action", name_of(entry.action));
  sink.put("entityType", name_of(entry.entity_type));
  sink.put("entityId", entry.entity_id);
  sink.put("oldValues", StoredJson{entry.old_values});
  sink.put("newValues", StoredJson{entry.new_values});
  sink.put("metadata", StoredJson{entry.metadata});
  sink.put("createdAt", entry.created_at);
}

// An object or null, kept as text.
void read_values(FieldReader& reader, std::string_view name, std::string& into) {
  const Json* value = reader.find(name);
  if (value == nullptr || value->is_null()) return;
  if (!value->is_object()) {
    reader.refuse(name, "Must be an object or null");
    return;
  }
  into = dump(*value);
}

}  // namespace

void append_audit_entry(std::string& out, const AuditEntry& entry) {
  ObjectText sink(out);
  put_entry(sink, entry);
  sink.close();
}

Json audit_entry_to_json(const AuditEntry& entry) {
  ObjectValue sink;
  put_entry(sink, entry);
  sink.put("ipAddress", entry.ip_address);
  sink.put("userAgent", entry.user_agent);
  return sink.take();
}

Result<AuditEntry> audit_entry_from_json(const Json& json) {
  FieldReader reader(json);
  AuditEntry entry;
  reader.require("changeId", entry.change_id);
  reader.read_enum("action", entry.action, audit_action_from_name);
  reader.read_enum("entityType", entry.entity_type, entity_type_from_name);
  reader.require("entityId", entry.entity_id);
  read_values(reader, "oldValues", entry.old_values);
  read_values(reader, "newValues", entry.new_values);
  read_values(reader, "metadata", entry.metadata);
  reader.read("ipAddress", entry.ip_address);
  reader.read("userAgent", entry.user_agent);
  reader.read("createdAt", entry.created_at);
  TRY(reader.result());
  return entry;
}

ChangedFields changed_fields(const Json& before, const Json& after) {
  ChangedFields changed;
  const auto member = [](const Json& object, const std::string& name) {
    const auto found = object.find(name);
    return found == object.end() ? Json(nullptr) : *found;
  };
  for (auto field = after.begin(); field != after.end(); ++field) {
    Json old_value = member(before, field.key());
    if (old_value == field.value()) continue;
    changed.old_values[field.key()] = std::move(old_value);
    changed.new_values[field.key()] = field.value();
  }
  for (auto field = before.begin(); field != before.end(); ++field) {
    if (after.contains(field.key()) || field.value().is_null()) continue;
    changed.old_values[field.key()] = field.value();
    changed.new_values[field.key()] = nullptr;
  }
  return changed;
}

}  // namespace dits
