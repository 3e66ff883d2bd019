// One change of one entity, as the audit log keeps it and as sync, history and undo read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/id.hpp"
#include "shared/core/result.hpp"
#include "shared/core/time.hpp"

namespace dits {

enum class AuditAction : std::uint8_t { create, update, remove, restore, archive };
std::string_view name_of(AuditAction action);  // "CREATE", "UPDATE", "DELETE", "RESTORE", "ARCHIVE"
Result<AuditAction> audit_action_from_name(std::string_view name);

enum class EntityType : std::uint8_t {
  user,
  project,
  area,
  issue,
  label,
  workflow,
  issue_relation,
  git_integration,
  comment,
  attachment,
  saved_view,
  api_token,
  session,
  studio  // what an administrator did to tables as such: clients load everything again
};
std::string_view name_of(EntityType type);  // "user", "project", …, "issue_relation"
Result<EntityType> entity_type_from_name(std::string_view name);

// `old_values` and `new_values` are JSON objects in the API's camelCase. CREATE and RESTORE carry the whole
// entity in new_values (old_values null); UPDATE only the fields that changed in both; DELETE the whole
// entity in old_values (new_values {"deletedAt": …} for a soft delete, null when the row is gone). An issue's
// labels are its field labelIds. A workflow's statuses are its field statuses. What was deleted for ever has
// lost the values of all its changes (both null), whose metadata say so: {"redacted": true}.
struct AuditEntry {
  std::int64_t change_id = 0;  // per user, gapless, in commit order
  AuditAction action = AuditAction::update;
  EntityType entity_type = EntityType::issue;
  Uuid entity_id;
  std::string old_values;  // JSON text, or empty for null
  std::string new_values;  // JSON text, or empty for null
  std::string metadata =
      "{}";  // {"group": uuid} ties a bulk change together; {"undoes": change_id}; {"override": true}
  std::string ip_address;
  std::string user_agent;
  Timestamp created_at;
};

}  // namespace dits
