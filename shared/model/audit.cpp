#include "shared/model/audit.hpp"

#include "shared/core/names.hpp"

namespace dits {

namespace {

constexpr Names<5> action_names = {"CREATE", "UPDATE", "DELETE", "RESTORE", "ARCHIVE"};
constexpr Names<14> entity_names = {"user",
                                    "project",
                                    "area",
                                    "issue",
                                    "label",
                                    "workflow",
                                    "issue_relation",
                                    "git_integration",
                                    "comment",
                                    "attachment",
                                    "saved_view",
                                    "api_token",
                                    "session",
                                    "studio"};

}  // namespace

std::string_view name_of(AuditAction action) { return name_in(action_names, action); }
Result<AuditAction> audit_action_from_name(std::string_view name) {
  return value_in<AuditAction>(action_names, name, "action");
}

std::string_view name_of(EntityType type) { return name_in(entity_names, type); }
Result<EntityType> entity_type_from_name(std::string_view name) {
  return value_in<EntityType>(entity_names, name, "entityType");
}

}  // namespace dits
