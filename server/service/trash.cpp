#include "server/service/trash.hpp"

#include <chrono>
#include <type_traits>

#include "server/service/accounts.hpp"
#include "server/service/areas.hpp"
#include "server/service/attachments.hpp"
#include "server/service/entities.hpp"
#include "server/service/issues.hpp"
#include "server/service/labels.hpp"
#include "server/service/projects.hpp"
#include "server/service/saved_views.hpp"
#include "server/service/workflows.hpp"
#include "server/store/trash.hpp"
#include "shared/json/issue_json.hpp"
#include "shared/model/trash.hpp"

namespace dits {

constexpr std::int64_t max_trash_issues = 500;
constexpr std::int64_t items_at_once = 500;
constexpr std::chrono::milliseconds kept_in_trash = std::chrono::hours(24 * days_in_trash);

template <typename Entity>
static Json list_json(const std::vector<Entity>& entities) {
  Json list = Json::array();
  for (const Entity& entity : entities) list.push_back(EntityTraits<Entity>::to_json(entity));
  return list;
}

static Result<std::string> trash_text(Transaction& transaction, UserId user_id) {
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
  return dump(trash);
}

Result<std::string> trash_text(ServiceContext& context, const Viewer& viewer) {
  return context.database.stale_read(Actor::of_user(viewer.user_id), [&](Transaction& transaction) {
    return trash_text(transaction, viewer.user_id);
  });
}

template <typename Part, typename PartId>
static Result<void> purge_part(ServiceContext& context, const Viewer& viewer, PartId id) {
  AuditedTransaction work = TRY(AuditedTransaction::begin(context, viewer, Access::freeing_write));
  const Part part = TRY(find_entity<Part>(work.transaction(), work.user_id(), id));
  TRY(refuse_live(part, EntityTraits<Part>::noun));
  TRY(purge_recorded(work, part));
  TRY(work.redact(part.id.uuid));
  TRY(work.commit());
  if constexpr (std::is_same_v<Part, Attachment>) remove_purged_files(context, viewer.user_id, {part.sha256});
  return {};
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
    case EntityType::comment:
      return purge_part<Comment>(context, viewer, CommentId{id});
    case EntityType::attachment:
      return purge_part<Attachment>(context, viewer, AttachmentId{id});
    case EntityType::user:
    case EntityType::issue_relation:
    case EntityType::git_integration:
    case EntityType::api_token:
    case EntityType::session:
    case EntityType::studio:
      break;
  }
  return not_found("There is no such thing in the trash.");
}

static Viewer trash_keeper(const User& user) {
  Viewer viewer;
  viewer.user_id = user.id;
  viewer.role = user.role;
  viewer.scope = Scope::admin;
  viewer.user_agent = "dits, 30 days after the deletion";
  return viewer;
}

// True when there may be more: as many as one round takes, and at least one of them went.
static Result<bool> purge_some(ServiceContext& context,
                               const User& user,
                               Timestamp before,
                               std::int64_t& purged) {
  const std::vector<store::TrashItem> items =
      TRY(store::list_expired_trash({context.database, user.id}, user.id, before, items_at_once));
  const std::int64_t purged_before = purged;
  for (const store::TrashItem& item : items) {
    if (context.event_bus.is_stopped()) return false;
    const Result<void> done = purge(context, trash_keeper(user), item.type, item.id);
    if (done) ++purged;
    if (!done && done.error().code == ErrorCode::unavailable) return done.error();
  }
  return purged > purged_before && static_cast<std::int64_t>(items.size()) == items_at_once;
}

Result<std::int64_t> purge_expired_trash(ServiceContext& context, Timestamp now) {
  const Timestamp before{now.unix_ms - kept_in_trash.count()};
  std::int64_t purged = 0;
  for (const AccountRow& account : TRY(list_accounts(context))) {
    while (TRY(purge_some(context, account.user, before, purged))) {
    }
  }
  return purged;
}

}  // namespace dits
