#include "server/service/studio_audit.hpp"

#include <utility>

#include "server/service/audit.hpp"
#include "server/service/entities.hpp"
#include "server/store/issues.hpp"
#include "server/store/users.hpp"
#include "shared/json/audit_json.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/json/user_json.hpp"

namespace dits {
namespace {

struct TableEntity {
  std::string_view table;
  EntityType type;
  std::string_view id_column;
};

constexpr TableEntity table_entities[] = {
    {"users", EntityType::user, "id"},
    {"projects", EntityType::project, "id"},
    {"areas", EntityType::area, "id"},
    {"issues", EntityType::issue, "id"},
    {"issue_labels", EntityType::issue, "issue_id"},
    {"labels", EntityType::label, "id"},
    {"workflows", EntityType::workflow, "id"},
    {"statuses", EntityType::workflow, "workflow_id"},
    {"issue_relations", EntityType::issue_relation, "id"},
    {"git_integrations", EntityType::git_integration, "id"},
    {"comments", EntityType::comment, "id"},
    {"saved_views", EntityType::saved_view, "id"},
};

Uuid uuid_in(const Json& row, std::string_view column) {
  const auto found = row.is_object() ? row.find(std::string(column)) : row.end();
  if (!row.is_object() || found == row.end()) return {};
  const auto* text = found->get_ptr<const std::string*>();
  const Result<Uuid> uuid = text == nullptr ? Result<Uuid>(Uuid{}) : parse_uuid(*text);
  return uuid ? *uuid : Uuid{};
}

template <typename Entity, typename EntityId>
Result<Json> found_json(Transaction& transaction, const RowEntity& entity) {
  const auto found = TRY(EntityTraits<Entity>::find(transaction, entity.owner, EntityId{entity.id}));
  return found ? EntityTraits<Entity>::to_json(*found) : Json(nullptr);
}

}  // namespace

RowEntity entity_of_row(std::string_view table, const Json& row, UserId administrator) {
  RowEntity entity;
  entity.owner = UserId{uuid_in(row, table == "users" ? "id" : "user_id")};
  if (!entity.owner.is_set()) entity.owner = administrator;
  entity.id = entity.owner.uuid;
  for (const TableEntity& each : table_entities) {
    if (each.table != table) continue;
    entity.type = each.type;
    entity.id = uuid_in(row, each.id_column);
  }
  return entity;
}

Result<Json> entity_json(Transaction& transaction, const RowEntity& entity, const Json& row) {
  switch (entity.type) {
    case EntityType::issue: {
      const std::optional<Issue> issue =
          TRY(store::find_issue(transaction, entity.owner, IssueId{entity.id}));
      return issue ? issue_to_json(*issue) : Json(nullptr);
    }
    case EntityType::user: {
      const std::optional<User> user = TRY(store::find_user(transaction, UserId{entity.id}));
      return user ? user_to_json(*user) : Json(nullptr);
    }
    case EntityType::project:
      return found_json<Project, ProjectId>(transaction, entity);
    case EntityType::area:
      return found_json<Area, AreaId>(transaction, entity);
    case EntityType::label:
      return found_json<Label, LabelId>(transaction, entity);
    case EntityType::workflow:
      return found_json<Workflow, WorkflowId>(transaction, entity);
    case EntityType::issue_relation:
      return found_json<IssueRelation, RelationId>(transaction, entity);
    case EntityType::git_integration:
      return found_json<GitIntegration, GitIntegrationId>(transaction, entity);
    case EntityType::comment:
      return found_json<Comment, CommentId>(transaction, entity);
    case EntityType::saved_view:
      return found_json<SavedView, SavedViewId>(transaction, entity);
    case EntityType::attachment:
    case EntityType::api_token:
    case EntityType::session:
    case EntityType::studio:
      break;
  }
  return row;
}

Result<void> StudioLog::append(Transaction& transaction, UserId owner, AuditEntry entry) {
  entry.created_at = admin_.services.clock.now();
  entry.ip_address = viewer_.ip_address;
  entry.user_agent = viewer_.user_agent;
  heads_[to_string(owner)] = {owner, TRY(store::append_change(transaction, owner, entry))};
  return {};
}

Result<void> StudioLog::record(Transaction& transaction,
                               std::string_view table,
                               const RowEntity& entity,
                               const Json& before,
                               const Json& after) {
  AuditEntry entry;
  entry.entity_type = entity.type;
  entry.entity_id = entity.id;
  Json metadata = {{"studio", table}};
  if (entity.owner != viewer_.user_id) metadata["administrator"] = to_string(viewer_.user_id);
  if (before.is_null()) {
    entry.action = AuditAction::create;
    entry.new_values = dump(after);
  } else if (after.is_null()) {
    entry.action = AuditAction::remove;
    entry.old_values = dump(before);
  } else {
    const ChangedFields changed = changed_fields(before, after);
    if (changed.empty()) return {};
    entry.old_values = dump(changed.old_values);
    entry.new_values = dump(changed.new_values);
  }
  entry.metadata = dump(metadata);
  return append(transaction, entity.owner, std::move(entry));
}

Result<void> StudioLog::record_tables(Transaction& transaction, UserId owner, const Json& values) {
  AuditEntry entry;
  entry.entity_type = EntityType::studio;
  entry.entity_id = viewer_.user_id.uuid;
  entry.new_values = owner == viewer_.user_id ? dump(values) : std::string("{}");
  return append(transaction, owner, std::move(entry));
}

void StudioLog::announce() {
  // A session, a token or a role may be among what changed.
  if (admin_.session_cache != nullptr) admin_.session_cache->doubt();
  if (admin_.memory != nullptr) admin_.memory->revoke();
  if (admin_.services.names != nullptr) admin_.services.names->forget_all();
  for (const auto& [key, head] : heads_) {
    const auto& [owner, change_id] = head;
    if (admin_.services.stats != nullptr) admin_.services.stats->remove(owner);
    admin_.services.event_bus.publish(owner, change_id);
  }
}

}  // namespace dits
