// Changes as JSON: an entry of the audit log, which is also a change of sync and events; and the difference
// of two states.
#pragma once

#include <string>

#include "shared/core/result.hpp"
#include "shared/json/value.hpp"
#include "shared/model/audit.hpp"

namespace dits {

// {"changeId", "action", "entityType", "entityId", "oldValues", "newValues", "metadata", "createdAt"} at the
// end of `out`.
void append_audit_entry(std::string& out, const AuditEntry& entry);
// The same with "ipAddress" and "userAgent", for the audit log itself.
Json audit_entry_to_json(const AuditEntry& entry);
Result<AuditEntry> audit_entry_from_json(const Json& json);

// The fields that differ between two states of an entity, as an UPDATE keeps them. A field that one side
// lacks counts as null.
struct ChangedFields {
  Json old_values = Json::object();
  Json new_values = Json::object();

  bool empty() const { return new_values.empty(); }
};
ChangedFields changed_fields(const Json& before, const Json& after);

}  // namespace dits
