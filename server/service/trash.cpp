#include "server/service/trash.hpp"

#include "server/service/areas.hpp"
#include "server/service/entities.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/saved_views.hpp"
#include "server/service/workflows.hpp"
#include "shared/json/issue_json.hpp"

namespace dits {

constexpr std::int64_t max_trash_issues = 500;

template <typename Entity>
static Json list_json(const std::vector<Entity>& entities) {
  Json list = Json::array();
  for (const Entity& entity : entities) list.push_back(EntityTraits<Entity>::to_json(entity));
  return list;
}

Result<std::string> trash_text(ServiceContext& context, const Viewer& viewer) {
  Transaction transaction = TRY(context.database.begin(Actor::of_user(viewer.user_id), Access::read));
  const UserId user_id = viewer.user_id;
  constexpr store::Presence deleted = store::Presence::deleted;
  Json trash = Json::object();
  trash["issues"] = Json::array();
  for (const Issue& issue : TRY(store::list_trash_issues(transaction, user_id, max_trash_issues))) {
    trash["issues"].push_back(issue_to_json(issue, IssueFields::lean()));
  }
  trash["projects"] = list_json(TRY(store::list_projects(transaction, user_id, deleted)));
  trash["areas"] = list_json(TRY(store::list_areas(transaction, user_id, deleted)));
  trash["labels"] = list_json(TRY(store::list_labels(transaction, user_id, deleted)));
  trash["workflows"] = list_json(TRY(store::list_workflows(transaction, user_id, deleted)));
  trash["views"] = list_json(TRY(store::list_saved_views(transaction, user_id, deleted)));
  TRY(transaction.commit());
  return dump(trash);
}

Result<void> purge(ServiceContext& context, const Viewer& viewer, EntityType type, const Uuid& id) {
  switch (type) {
    case EntityType::issue:
      return purge_issue(context, viewer, IssueKey{IssueId{id}, 0});
    case EntityType::project:
      return purge_project(context, viewer, ProjectId{id});
    case EntityType::area:
      return purge_area(context, viewer, AreaId{id});
    case EntityType::label:
      return purge_label(context, viewer, LabelId{id});
    case EntityType::workflow:
      return purge_workflow(context, viewer, WorkflowId{id});
    case EntityType::saved_view:
      return purge_saved_view(context, viewer, SavedViewId{id});
    case EntityType::user:
    case EntityType::issue_relation:
    case EntityType::git_integration:
    case EntityType::comment:
    case EntityType::attachment:
    case EntityType::api_token:
    case EntityType::session:
      break;
  }
  return not_found("There is no such thing in the trash.");
}

}  // namespace dits
